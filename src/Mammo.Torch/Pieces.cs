using System.Collections.Frozen;
using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Torch;

/// <summary>Layers that are run together in one way, forward or back, after which the run can be cancelled.</summary>
/// <param name="Layers">The stretch of layers.</param>
/// <param name="ByImage">It is run image by image: even one of its layers takes long for a whole batch.</param>
internal sealed record Piece(Segment Layers, bool ByImage);

/// <summary>Cuts networks into pieces that take about a second on the way back, so that they can be cancelled between them.</summary>
internal static class Pieces
{
    /// <summary>Cuts a stretch of layers.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="first">Position of the first layer.</param>
    /// <param name="end">Position behind the last one.</param>
    /// <param name="costs">Multiply-adds of each layer of the network for a batch; all 0 where it is not to be cut.</param>
    /// <param name="mixesImages">Whether the output of a layer for one image depends on the others of the batch.</param>
    public static ImmutableArray<Piece> Of(LayerGraph graph, int first, int end, IReadOnlyList<long> costs, Func<Layer, bool> mixesImages)
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var (start, cost, mixes) = (first, 0L, false);
        for (var index = first; index < end; index++)
        {
            var (isMixing, isLong) = (mixesImages(graph.Layers[index]), cost + costs[index] > ComputeCost.MostInCall);
            if (isLong && ((costs[index] > 0 && (cost > 0 || mixes)) || isMixing))
            {
                pieces.Add(Make(index));
                (start, cost, mixes) = (index, 0, false);
            }

            (cost, mixes) = (cost + costs[index], mixes || isMixing);
        }

        pieces.Add(Make(end));
        return pieces.ToImmutable();

        Piece Make(int pieceEnd) => new(Segment.Of(graph, start, pieceEnd), cost > ComputeCost.MostInCall && !mixes);
    }

    /// <summary>Layers whose output for one image depends on the others of the batch, in training.</summary>
    /// <param name="frozenNorms">Batch-norm layers that use their moving statistics.</param>
    public static Func<Layer, bool> MixingInTraining(FrozenSet<string> frozenNorms) => layer => layer.Kind switch
    {
        LayerKind.BatchNormalization => !frozenNorms.Contains(layer.WeightOwner),

        // Its mask is drawn for the batch.
        LayerKind.Dropout => true,
        _ => false,
    };

    /// <summary>
    /// Multiply-adds of each layer for a batch where the processor computes them; 0 on a GPU, which is given all calls before it has done the first.
    /// </summary>
    public static long[] Costs(Network network, ImageSize? size, int batchSize) => network.Device.type == TorchSharp.DeviceType.CPU
        ? [.. ComputeCost.ByLayer(network.Graph, size).Select(cost => cost * batchSize)]
        : new long[network.Graph.Layers.Length];
}
