using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Finds the weights of a network's body in a Keras file of a network without its top, as Keras's own applications load it.</summary>
internal static class KerasBody
{
    /// <summary>Weights by our names, and a note when the layers were matched by position.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelWeightMismatch"/>: a layer is missing or does not fit.</exception>
    public static (Dictionary<string, Weight> Weights, string? Note) Map(LayerGraph graph, IReadOnlyList<KerasLayerWeights> file, string path)
    {
        var wanted = BodyWeights.Of(graph);
        var given = file.Where(layer => !layer.Weights.IsEmpty).ToArray();
        var byName = given.ToDictionary(layer => layer.Layer, StringComparer.Ordinal);
        var missing = wanted.FirstOrDefault(body => !byName.ContainsKey(body.Layer.Name)).Layer;

        // Automatic names depend on the session that saved the file; Keras itself goes by position.
        if (missing is not null && given.Length != wanted.Length)
            throw BodyWeights.Mismatch(path, graph, $"the file has no layer '{missing.Name}'", missing.Name);
        var weights = new Dictionary<string, Weight>(StringComparer.Ordinal);
        for (var i = 0; i < wanted.Length; i++)
            Take(missing is null ? byName[wanted[i].Layer.Name] : given[i], wanted[i].Weights, weights, graph, path);
        var note = $"The layers of '{Path.GetFileName(path)}' have other names than those of {graph.Name}; they were taken by position, as Keras does.";
        return (weights, missing is null ? null : note);
    }

    private static void Take(KerasLayerWeights layer, WeightShape[] wanted, Dictionary<string, Weight> weights, LayerGraph graph, string path)
    {
        if (layer.Weights.Length != wanted.Length)
        {
            throw BodyWeights.Mismatch(
                path, graph, $"layer '{layer.Layer}' has {layer.Weights.Length} weights in the file and {wanted.Length} in the network "
                    + $"('{wanted[0].Name}', ...)", layer.Layer);
        }

        foreach (var (shape, given) in wanted.Zip(layer.Weights))
        {
            if (given.Word is { } word && word != shape.Name[(shape.Name.LastIndexOf('/') + 1)..])
                throw BodyWeights.Mismatch(path, graph, $"'{given.Name}' is in the place of '{shape.Name}'", layer.Layer);
            weights.Add(shape.Name, BodyWeights.Checked(given.Weight, given.Name, shape, graph, path));
        }
    }
}
