using Mammo.Data.Images;

namespace Mammo.Networks.Graphs;

/// <summary>Memory of a network's feature maps, known from their shapes before anything is computed: a small file may ask for any amount.</summary>
internal static class ActivationMemory
{
    /// <summary>Bytes of the float32 feature maps that exist at once for one image, each freed behind its last use.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="size">Rows and columns put in place of open ones.</param>
    /// <param name="gradientsAt">Name of a layer to whose maps gradients go: they and all maps behind them are kept. Null for none.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: a layer does not fit its input.</exception>
    public static double Peak(LayerGraph graph, ImageSize size, string? gradientsAt = null)
    {
        var shapes = ShapeInference.Infer(graph, size);
        var lastUse = new Dictionary<string, int>(StringComparer.Ordinal);
        var kept = gradientsAt is null ? graph.Layers.Length : graph.Layers.IndexOf(graph[gradientsAt]);
        for (var index = 0; index < graph.Layers.Length; index++)
        {
            // An output that nothing uses is kept to the end.
            lastUse[graph.Layers[index].Name] = index >= kept || graph.Outputs.Contains(graph.Layers[index].Name) ? int.MaxValue : index;
            foreach (var name in graph.Layers[index].Inputs)
                lastUse[name] = Math.Max(lastUse[name], index);
        }

        var (held, most) = (0.0, 0.0);
        for (var index = 0; index < graph.Layers.Length; index++)
        {
            var layer = graph.Layers[index];
            held += Bytes(layer.Name);
            most = Math.Max(most, held);
            held -= layer.Inputs.Append(layer.Name).Distinct().Where(name => lastUse[name] == index).Sum(Bytes);
        }

        return most;

        // Not as whole numbers: sizes of a file may multiply to more than 64 bits.
        double Bytes(string name) => shapes[name].Sizes.Aggregate((double)sizeof(float), (product, axis) => product * (axis ?? 1));
    }

    /// <summary>Refuses a network whose feature maps for one image do not fit the budget.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="size">Rows and columns of the image.</param>
    /// <param name="model">Name of the model, for the message.</param>
    /// <param name="gradientsAt">Name of a layer to whose maps gradients go; null for none.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.NetworkTooLarge"/>.</exception>
    public static void Require(LayerGraph graph, ImageSize size, string model, string? gradientsAt = null)
    {
        var (peak, budget) = (Peak(graph, size, gradientsAt), DecodingBudget.Bytes);
        if (peak > budget)
        {
            throw new MammoException(
                ErrorIds.NetworkTooLarge,
                FormattableString.Invariant(
                    $"The feature maps of '{model}' for one image of {size} take {peak / (1 << 20):0} MiB, and the budget is {budget >> 20} MiB."),
                "Use smaller images (-ImageSize) where the network takes them, or raise -MemoryBudget; check where the file comes from.",
                model);
        }
    }
}
