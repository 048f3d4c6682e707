using System.Collections.Immutable;

namespace Mammo.Networks.Graphs;

/// <summary>
/// The order in which Keras 2.0 lists and saves a model's layers: by falling depth (longest way to an output), ties by first visit on the walk back from the
/// outputs.
/// </summary>
/// <remarks>Matters because Keras loads weights by position and the original program picks layers by index.</remarks>
internal static class KerasOrder
{
    /// <summary>The layers that the outputs need, in Keras's order; the others are left out.</summary>
    /// <param name="layers">Layers in any order, with unique names and without cycles.</param>
    /// <param name="outputs">Names of the outputs.</param>
    public static ImmutableArray<Layer> Sort(IEnumerable<Layer> layers, params IReadOnlyList<string> outputs)
    {
        var byName = layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        var (visited, finished) = Walk(byName, outputs);
        var depths = finished.ToDictionary(name => name, _ => 0, StringComparer.Ordinal);
        foreach (var name in Enumerable.Reverse(finished))
        {
            foreach (var source in Sources(byName[name]))
                depths[source] = Math.Max(depths[source], depths[name] + 1);
        }

        return [.. visited.OrderByDescending(name => depths[name]).Select(name => byName[name])];
    }

    /// <summary>
    /// Depth-first walk from the outputs to the inputs, with its own stack so that no file can overflow ours: names by first visit, and by completion.
    /// </summary>
    private static (List<string> Visited, List<string> Finished) Walk(Dictionary<string, Layer> byName, IReadOnlyList<string> outputs)
    {
        var visited = new List<string>(byName.Count);
        var finished = new List<string>(byName.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<(string Name, IEnumerator<string> Sources)>();
        foreach (var output in outputs)
        {
            Enter(output);
            while (open.TryPeek(out var top))
            {
                if (top.Sources.MoveNext())
                    Enter(top.Sources.Current);
                else
                    finished.Add(open.Pop().Name);
            }
        }

        return (visited, finished);

        void Enter(string name)
        {
            if (!seen.Add(name))
                return;
            visited.Add(name);
            open.Push((name, Sources(byName[name]).GetEnumerator()));
        }
    }

    // A later call of a shared layer must come after the first, which holds the weights.
    private static IEnumerable<string> Sources(Layer layer) => layer.SharedWith is { } owner ? layer.Inputs.Append(owner) : layer.Inputs;
}
