using System.Collections.Immutable;

namespace Mammo.Scoring.Conversion;

/// <summary>What became of a model file in conversion, found by reading both files again.</summary>
public sealed record ModelConversionReport
{
    /// <summary>Name of the file that was converted.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-256 of that file.</summary>
    public required string SourceHash { get; init; }

    /// <summary>Name of the new file.</summary>
    public required string Target { get; init; }

    /// <summary>SHA-256 of the new file.</summary>
    public required string TargetHash { get; init; }

    /// <summary>SHA-256 of the stored weights, see <see cref="Mammo.Networks.Models.WeightHash"/>.</summary>
    public required string WeightHash { get; init; }

    /// <summary>Name of the architecture; null when it was not recognised.</summary>
    public string? Architecture { get; init; }

    /// <summary>Every layer with weights, in the network's order.</summary>
    public required ImmutableArray<LayerComparison> Layers { get; init; }

    /// <summary>Number of nodes of the network, layers without weights included.</summary>
    public required int Nodes { get; init; }

    /// <summary>Where the two networks differ, node by node; empty when they are equal.</summary>
    public required ImmutableArray<string> GraphDifferences { get; init; }

    /// <summary>Number of outputs that were compared; 0 when none were known.</summary>
    public int OutputsCompared { get; init; }

    /// <summary>Greatest difference from the known outputs; null when none were known.</summary>
    public double? MaxOutputDifference { get; init; }

    /// <summary>How exactly Mammo's engine computes each layer, on given images; empty when none were given.</summary>
    public ImmutableArray<LayerAccuracy> Accuracy { get; init; } = [];

    /// <summary>What the readers remarked.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Greatest difference of a weight; 0 when all are equal bit for bit.</summary>
    public double MaxWeightDifference => Layers.IsEmpty ? 0 : Layers.Max(layer => layer.MaxDifference);

    /// <summary>True when network and weights are the same in both files.</summary>
    public bool IsExact => GraphDifferences.IsEmpty && MaxWeightDifference == 0;
}

/// <summary>The weights of one layer in the file and in the converted model.</summary>
/// <param name="Name">Path name of the layer.</param>
/// <param name="Kind">Keras's word for its kind.</param>
/// <param name="Parameters">Number of values.</param>
/// <param name="MaxDifference">Greatest |file − stored|; infinite when a value of one is not a number, or missing.</param>
public sealed record LayerComparison(string Name, string Kind, long Parameters, double MaxDifference);
