using System.Collections.Frozen;
using Mammo.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>Runs stretches of a network's layers in their order, freeing each output behind its last use.</summary>
internal sealed class Walk(Network network, Pass pass)
{
    private readonly LayerRunner _runner = new(network, pass);

    /// <summary>Runs the layers from <paramref name="first"/> up to, not including, <paramref name="end"/>.</summary>
    /// <param name="first">Position of the first layer.</param>
    /// <param name="end">Position behind the last one.</param>
    /// <param name="given">Outputs of earlier layers, and inputs, that the stretch uses; they are left alone.</param>
    /// <param name="kept">Names of layers whose outputs are wanted.</param>
    /// <returns>The wanted outputs that the stretch made or was given.</returns>
    public Dictionary<string, Tensor> Run(int first, int end, IReadOnlyDictionary<string, Tensor> given, IReadOnlySet<string> kept)
    {
        var values = new Dictionary<string, Tensor>(given, StringComparer.Ordinal);
        var lastUse = LastUses(first, end);
        for (var index = first; index < end; index++)
        {
            var layer = network.Graph.Layers[index];
            if (layer.Kind is LayerKind.Input)
                continue;
            pass.Cancellation.ThrowIfCancellationRequested();
            var inputs = layer.Inputs.Select(name => values[name]).ToArray();
            var overwritten = network.Overwrites.Overwritten(layer, pass.IsTraining || pass.HasGradients, name => IsOurs(name));
            values[layer.Name] = _runner.Run(index, inputs, overwritten);
            pass.Watch?.Invoke(layer.Name, values[layer.Name]);
            foreach (var name in layer.Inputs.Where(name => lastUse[name] == index && IsOurs(name)).Distinct().ToArray())
            {
                if (values.Remove(name, out var spent) && !ReferenceEquals(spent, values[layer.Name]))
                    spent.Dispose();
            }
        }

        return values.Where(pair => kept.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal);

        bool IsOurs(string name) => !kept.Contains(name) && !given.ContainsKey(name);
    }

    private Dictionary<string, int> LastUses(int first, int end)
    {
        var lastUse = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = first; index < end; index++)
        {
            foreach (var name in network.Graph.Layers[index].Inputs)
                lastUse[name] = index;
        }

        return lastUse;
    }
}

/// <summary>How one pass through a network treats dropout and batch normalisation.</summary>
internal sealed record Pass
{
    private Pass()
    {
    }

    /// <summary>No dropout; batch normalisation with moving statistics.</summary>
    public static Pass Inference { get; } = new();

    /// <summary>Dropout and batch statistics apply.</summary>
    public bool IsTraining { get; private init; }

    /// <summary>Gradients are taken of the pass although it is none of training.</summary>
    public bool HasGradients { get; init; }

    /// <summary>Decides all dropout masks of the pass; the same seed gives the same masks, in any order of layers.</summary>
    public ulong DropoutSeed { get; private init; }

    /// <summary>Names of batch-norm layers that use their moving statistics and leave them alone.</summary>
    public IReadOnlySet<string> FrozenNorms { get; private init; } = FrozenSet<string>.Empty;

    /// <summary>False when a pass is repeated: batch statistics are used, but not mixed into the moving ones a second time.</summary>
    public bool UpdatesStatistics { get; init; } = true;

    /// <summary>Is shown the name and output of each layer, which may be overwritten behind it; null for nobody.</summary>
    public Action<string, Tensor>? Watch { get; init; }

    /// <summary>Ends the pass between two layers.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// A training step. Keras 2.0.8 uses and updates batch statistics in frozen layers too: its behaviour is an empty <paramref name="frozenNorms"/>.
    /// </summary>
    public static Pass Training(ulong dropoutSeed, IReadOnlySet<string>? frozenNorms = null) =>
        new() { IsTraining = true, DropoutSeed = dropoutSeed, FrozenNorms = frozenNorms ?? FrozenSet<string>.Empty };
}
