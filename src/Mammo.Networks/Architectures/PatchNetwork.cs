using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Patch classifiers: a body, global average pooling, dropout if wanted, and a softmax over the classes.</summary>
public static class PatchNetwork
{
    /// <summary>The network without weights; its input size is open.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelArchitectureUnknown"/>, or <see cref="ErrorIds.ModelOptionConflict"/>: an option is out of its range.
    /// </exception>
    public static LayerGraph Build(PatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var architecture = ArchitectureCatalog.Find(options.Architecture);
        Check(options);
        var builder = new GraphBuilder(options.WidthMultiplier) { Role = LayerRole.Base };
        var x = architecture.Body(builder.Input(options.Channels ?? architecture.Channels));
        builder.Role = LayerRole.PatchHead;
        x = x.GlobalAveragePool();
        if (options.HiddenDropout > 0)
            x = x.Dropout(options.HiddenDropout);
        x = x.Dense(options.Classes.Length, Activation.Softmax, options.WeightDecay ?? architecture.WeightDecay, architecture.OutputName);
        return builder.Build(architecture.Name, x);
    }

    private static void Check(PatchOptions options)
    {
        OptionRules.Classes(options.Classes);
        OptionRules.Require(options.WidthMultiplier is > 0 and <= 1, $"WidthMultiplier {options.WidthMultiplier} is not above 0 and at most 1.");
        OptionRules.Require(options.Channels is null or 1 or 2 or 3, $"Channels {options.Channels} is none of 1, 2 and 3.");
        OptionRules.Share(nameof(options.HiddenDropout), options.HiddenDropout);
        OptionRules.WeightDecay(options.WeightDecay ?? 0);
    }
}

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

    /// <summary>
    /// Factor on every filter count of the body, above 0 up to 1. Counts are rounded down and stay at least 4, so that 1/16 is an integer division by 16.
    /// </summary>
    public double WidthMultiplier { get; init; } = 1;

    /// <summary>Input channels, 3, 1, or 2 for z-score and local contrast; null for the architecture's own (3, and 1 for yaroslav).</summary>
    public int? Channels { get; init; }
}
