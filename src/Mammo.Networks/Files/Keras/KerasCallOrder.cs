using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>The calls of a model's layers in an order in which each comes after those it needs; otherwise as in the file.</summary>
internal static class KerasCallOrder
{
    /// <summary>All calls, numbered as the connections in the file number them.</summary>
    /// <exception cref="MammoException">From <paramref name="invalid"/>: two layers of one name, a connection to nowhere, or a cycle.</exception>
    public static IEnumerable<(KerasLayerConfig Layer, int Call, ImmutableArray<KerasTensor> Inputs)> Of(
        KerasModelConfig model, Func<string, MammoException> invalid)
    {
        var shifts = Shifts(model);
        var calls = model.Layers.SelectMany(layer => layer.Calls.Select((inputs, index) => (Layer: layer, Call: index + shifts[layer.Name], Inputs: inputs)))
            .ToList();
        var positions = new Dictionary<(string, int), int>();
        for (var index = 0; index < calls.Count; index++)
        {
            if (!positions.TryAdd((calls[index].Layer.Name, calls[index].Call), index))
                throw invalid($"it has two layers named '{calls[index].Layer.Name}'");
        }

        var users = calls.Select(_ => new List<int>()).ToList();
        var missing = new int[calls.Count];
        for (var index = 0; index < calls.Count; index++)
        {
            foreach (var source in calls[index].Inputs.Select(input => (input.Layer, input.Call)).Distinct())
            {
                if (!positions.TryGetValue(source, out var position))
                    throw invalid($"'{calls[index].Layer.Name}' takes call {source.Call} of '{source.Layer}', which does not exist");
                users[position].Add(index);
                missing[index]++;
            }
        }

        return Sorted(calls, users, missing, invalid);
    }

    private static IEnumerable<(KerasLayerConfig Layer, int Call, ImmutableArray<KerasTensor> Inputs)> Sorted(
        List<(KerasLayerConfig Layer, int Call, ImmutableArray<KerasTensor> Inputs)> calls, List<List<int>> users, int[] missing,
        Func<string, MammoException> invalid)
    {
        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, calls.Count).Where(index => missing[index] == 0).Select(index => (index, index)));
        var done = 0;
        while (ready.TryDequeue(out var index, out _))
        {
            done++;
            yield return calls[index];
            foreach (var user in users[index].Where(user => --missing[user] == 0))
                ready.Enqueue(user, user);
        }

        if (done < calls.Count)
            throw invalid("its layers take each other's outputs in a circle");
    }

    /// <summary>
    /// Number of the first call that a file lists. A nested model counts its own making as call 0, so connections to it start at 1;
    /// a Sequential that was made without an input shape does not, and is recognised by a connection to its call 0.
    /// </summary>
    private static Dictionary<string, int> Shifts(KerasModelConfig model)
    {
        var zero = model.Layers.SelectMany(layer => layer.Calls).SelectMany(call => call).Concat(model.Outputs)
            .Where(tensor => tensor.Call == 0).Select(tensor => tensor.Layer).ToHashSet(StringComparer.Ordinal);
        var shifts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var layer in model.Layers)
            shifts[layer.Name] = layer.Model is null || zero.Contains(layer.Name) ? 0 : 1;
        return shifts;
    }
}
