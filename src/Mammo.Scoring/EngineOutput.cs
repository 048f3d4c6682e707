using System.Collections.Immutable;

namespace Mammo.Scoring;

/// <summary>What a network returned for a batch.</summary>
/// <param name="Shape">Sizes with the batch axis first, then Keras's order: (n, classes), or (n, rows, columns, classes) for heatmaps.</param>
/// <param name="Values">The values in C order; widened to float64 whatever the network's precision.</param>
internal sealed record EngineOutput(ImmutableArray<int> Shape, double[] Values)
{
    /// <summary>The values of one image.</summary>
    public ReadOnlySpan<double> Of(int image)
    {
        var length = Values.Length / Shape[0];
        return Values.AsSpan(image * length, length);
    }
}
