using System.Collections.Immutable;

namespace Mammo.Networks.Architectures;

/// <summary>What a patch network shall be. The defaults are the original program's.</summary>
public sealed record PatchOptions
{
    /// <summary>Name of the body, see <see cref="ArchitectureCatalog"/>.</summary>
    public string Architecture { get; init; } = "resnet50";

    /// <summary>Class names in the order of the outputs.</summary>
    public ImmutableArray<string> Classes { get; init; } = ["background", "calc_ben", "calc_mal", "mass_ben", "mass_mal"];

    /// <summary>Share of the pooled features dropped while training, 0 to below 1; at 0 there is no dropout layer, as in the original.</summary>
    public double HiddenDropout { get; init; }

    /// <summary>L2 penalty λ·ΣW² on the kernel of the output layer; null for the architecture's own (0.01, and 0 for yaroslav).</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Factor on every filter count of the body, above 0 up to 1. Counts are rounded down and stay at least 4, so that 1/16 is an integer division by 16.</summary>
    public double WidthMultiplier { get; init; } = 1;

    /// <summary>Input channels, 3 or 1; null for the architecture's own (3, and 1 for yaroslav).</summary>
    public int? Channels { get; init; }
}
