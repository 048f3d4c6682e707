using Mammo.Data.Images;
using Mammo.Data.Sweeps;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Models;

/// <summary>The layer of a whole-image network that gives class probabilities at every position, and where those positions are.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="IsProbability">Its values are probabilities (softmax); the heatmap inside a network with a head has ReLU.</param>
/// <param name="Geometry">Where its positions lie in the network's image.</param>
/// <param name="ClassCount">Classes at every position.</param>
internal sealed record HeatmapLayer(string Name, bool IsProbability, HeatmapGeometry Geometry, int ClassCount)
{
    /// <summary>The layer alone, found by its role: a dense layer over the channels.</summary>
    /// <returns>Null when the network has none.</returns>
    public static Layer? DenseOf(LayerGraph graph) => graph.Layers.FirstOrDefault(layer => layer is { Role: LayerRole.Heatmap, Kind: LayerKind.Dense });

    /// <summary>Finds the heatmap by its role: an average pool and a dense layer over the channels.</summary>
    /// <returns>Null when the network has none.</returns>
    public static HeatmapLayer? Find(LayerGraph graph, ImageSize size)
    {
        var dense = DenseOf(graph);
        var pool = graph.Layers.FirstOrDefault(layer => layer is { Role: LayerRole.Heatmap, Kind: LayerKind.AveragePooling2D });
        if (dense?.Kind is not LayerKind.Dense { Units: var classes, Activation: var activation } || pool?.Kind is not LayerKind.AveragePooling2D window)
            return null;
        var shapes = ShapeInference.Infer(graph, size);
        var (features, map) = (shapes[pool.Inputs[0]].Sizes, shapes[dense.Name].Sizes);

        // A cell of the feature map is the image divided evenly: sides that the network's stride does not divide make cells a little smaller than the stride.
        var (cellHeight, cellWidth) = ((double)size.Height / features[0]!.Value, (double)size.Width / features[1]!.Value);
        var geometry = new HeatmapGeometry(
            map[0]!.Value,
            map[1]!.Value,
            Top: 0,
            Left: 0,
            window.Strides.Rows * cellHeight,
            window.Strides.Columns * cellWidth,
            window.PoolSize.Rows * cellHeight,
            window.PoolSize.Columns * cellWidth);
        return new HeatmapLayer(dense.Name, activation == Activation.Softmax, geometry, classes);
    }

    /// <summary>The values of a network's output are probabilities.</summary>
    public static bool GivesProbabilities(LayerGraph graph) => GivesProbabilities(graph, graph[graph.Outputs[0]]);

    private static bool GivesProbabilities(LayerGraph graph, Layer layer) => layer.Kind switch
    {
        LayerKind.Dense dense => dense.Activation == Activation.Softmax,
        LayerKind.Activate activate => activate.Activation == Activation.Softmax,
        LayerKind.TopKPooling2D => GivesProbabilities(graph, graph[layer.Inputs[0]]),

        // The mean of an ensemble; one level deep, since files may hold long chains.
        LayerKind.Average => layer.Inputs.All(input => graph[input].Kind is not LayerKind.Average && GivesProbabilities(graph, graph[input])),
        _ => false,
    };
}
