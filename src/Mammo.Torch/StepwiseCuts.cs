using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Torch;

/// <summary>Where to cut a training step into pieces that take well below a second each, so that it can be cancelled between them.</summary>
internal static class StepwiseCuts
{
    // Multiply-adds of the way forward: half a second on two cores of 2020; the way back takes twice that.
    private const long MostInPiece = 20_000_000_000;

    /// <summary>Positions of layers before which a network is cut, ascending; none where a step takes no time.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="size">Rows and columns of the images.</param>
    /// <param name="batchSize">Images in a batch.</param>
    public static int[] Choose(LayerGraph graph, ImageSize size, int batchSize)
    {
        var costs = ComputeCost.ByLayer(graph, size).Select(cost => cost * batchSize).ToArray();
        var firstOutput = graph.Outputs.Min(name => graph.Layers.IndexOf(graph[name]));
        var cuts = new List<int>();
        var piece = 0L;
        for (var index = 0; index <= firstOutput; index++)
        {
            if (piece > 0 && costs[index] > 0 && piece + costs[index] > MostInPiece)
            {
                cuts.Add(index);
                piece = 0;
            }

            piece += costs[index];
        }

        return [.. cuts];
    }
}
