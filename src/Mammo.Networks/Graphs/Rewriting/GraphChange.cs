namespace Mammo.Networks.Graphs.Rewriting;

/// <summary>Changes to a network, collected and then applied at once: layers of another kind, and layers that one before them has taken in.</summary>
internal sealed class GraphChange(LayerGraph graph)
{
    private readonly Dictionary<string, LayerKind> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _absorbed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = graph.Layers.SelectMany(layer => layer.Inputs).Concat(graph.Outputs)
        .GroupBy(name => name, StringComparer.Ordinal).ToDictionary(uses => uses.Key, uses => uses.Count(), StringComparer.Ordinal);

    /// <summary>True when one layer alone takes the output, and the network does not return it.</summary>
    public bool IsUsedOnce(string layer) => _uses.GetValueOrDefault(layer) == 1 && !graph.Outputs.Contains(layer);

    /// <summary>The layer that is in the place of the named one, of the kind that it has by now.</summary>
    public Layer Current(string layer)
    {
        var survivor = graph[Survivor(layer)];
        return survivor with { Kind = _kinds.GetValueOrDefault(survivor.Name, survivor.Kind) };
    }

    /// <summary>Gives a layer another kind.</summary>
    public void Replace(string layer, LayerKind kind) => _kinds[layer] = kind;

    /// <summary>Removes a layer; what took its output takes that of an earlier layer instead.</summary>
    public void Absorb(string layer, string into) => _absorbed[layer] = into;

    /// <summary>The changed network.</summary>
    public LayerGraph Apply()
    {
        var kept = graph.Layers.Where(layer => !_absorbed.ContainsKey(layer.Name));
        var changed = kept.Select(layer => Current(layer.Name) with { Inputs = [.. layer.Inputs.Select(Survivor)] });
        return new LayerGraph(graph.Name, [.. changed], [.. graph.Outputs.Select(Survivor)]);
    }

    private string Survivor(string layer)
    {
        while (_absorbed.TryGetValue(layer, out var into))
            layer = into;
        return layer;
    }
}
