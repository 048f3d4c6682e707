using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring;

/// <summary>A network whose input takes a grey plane and subtracts a mean of its own from each channel: one step more behind the input.</summary>
internal static class CentredInput
{
    /// <summary>Adds the step where the mean has a number for each channel; otherwise the network stays as it is.</summary>
    /// <param name="graph">A network with one image input.</param>
    /// <param name="mean">The mean, fit for the network.</param>
    public static LayerGraph Of(LayerGraph graph, FeaturewiseMean? mean)
    {
        if (mean is not { Single: null } means)
            return graph;
        var input = graph.Inputs[0];
        var name = "featurewise_mean";
        while (graph.Contains(name))
            name += "_";
        var step = new Layer(name, new LayerKind.Rescaling([1], [.. means.Values.Select(value => -value)]), [input]);
        var rest = graph.Layers.Where(layer => layer.Name != input)
            .Select(layer => layer with { Inputs = [.. layer.Inputs.Select(source => source == input ? name : source)] });
        return new LayerGraph(graph.Name, [graph[input], step, .. rest], [.. graph.Outputs.Select(output => output == input ? name : output)]);
    }
}
