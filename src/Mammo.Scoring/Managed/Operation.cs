using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>A layer, or several that are computed in one go.</summary>
/// <param name="Name">The layer whose output it computes: the last of them.</param>
/// <param name="Kind">The first of them, which does the work.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Activation">What is applied to the output.</param>
internal sealed record Operation(string Name, LayerKind Kind, ImmutableArray<string> Inputs, Activation Activation)
{
    /// <summary>The layer that has the weights.</summary>
    public required string Weights { get; init; }

    /// <summary>Zeros around the plane.</summary>
    public Border Padding { get; init; }

    /// <summary>The output that is added before the activation; null for none.</summary>
    public string? Added { get; init; }

    /// <summary>The convolution whose output it reads, where that is no map: <see cref="Inputs"/> are what that one reads.</summary>
    public Operation? First { get; init; }

    /// <summary>The 1x1 convolution whose sums are added to those of this one: one product of both; null for none.</summary>
    public Operation? Shortcut { get; init; }

    /// <summary>Winograd's method is not for it.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The maximum of 2 × 2 after the activation.</summary>
    public bool IsPooled { get; init; }

    /// <summary>Everything that it reads.</summary>
    public IEnumerable<string> AllInputs => [.. Inputs, .. Shortcut?.Inputs ?? [], .. Added is null ? Array.Empty<string>() : [Added]];

    /// <summary>Its sums can take an addition and an activation before they are stored.</summary>
    public bool IsOpen => Activation == Activation.Linear && !IsPooled;

    /// <summary>A convolution of single pixels to which nothing is done yet.</summary>
    public bool IsPlainPixelProduct =>
        Kind is LayerKind.Conv2D conv && conv.Kernel == Size2D.Square(1) && Padding == default && IsOpen && Added is null && Shortcut is null;

    /// <summary>It is computed as a product of rows and weights.</summary>
    public bool IsProduct => Kind is LayerKind.Conv2D or LayerKind.Dense;
}
