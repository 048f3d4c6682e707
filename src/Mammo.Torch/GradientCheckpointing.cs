using System.Collections.Frozen;
using Mammo.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>
/// Forward and backward in segments, keeping only what crosses from one segment to the next and computing the rest a second time (Chen et al., "Training deep
/// nets with sublinear memory cost", 2016):
/// about a third more time for a fraction of the memory. Gradients are those of an ordinary pass; dropout masks come from the pass's seed, and moving
/// statistics are updated once.
/// </summary>
internal sealed class GradientCheckpointing
{
    private readonly Network _network;
    private readonly Segment[] _segments;

    /// <summary>Cuts a network into segments.</summary>
    /// <param name="network">The network.</param>
    /// <param name="cuts">Positions of layers before which it is cut, ascending; <see cref="SegmentCuts.Choose"/> finds good ones.</param>
    public GradientCheckpointing(Network network, IReadOnlyList<int> cuts)
    {
        _network = network;
        int[] borders = [0, .. cuts, network.Graph.Layers.Length];
        _segments = [.. borders.Zip(borders.Skip(1), (first, end) => Segment.Of(network.Graph, first, end))];
    }

    /// <summary>
    /// Nothing is computed a second time: every segment keeps its activations, as in an ordinary pass, which is cut only so that it can be cancelled on the way
    /// back.
    /// </summary>
    public bool KeepsActivations { get; init; }

    /// <summary>Runs a batch forward and adds the gradients of a loss to those of the trainable weights.</summary>
    /// <param name="inputs">As <see cref="Network.Forward(IReadOnlyList{Tensor}, Pass)"/> takes them.</param>
    /// <param name="pass">A training step.</param>
    /// <param name="loss">Scalar loss of the network's outputs; penalties on weights may be part of it.</param>
    /// <returns>The loss and the outputs, detached.</returns>
    public (Tensor Loss, Tensor[] Outputs) Run(IReadOnlyList<Tensor> inputs, Pass pass, Func<Tensor[], Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var depending = Depending();
        var values = new Dictionary<string, Tensor>(_network.Named(inputs), StringComparer.Ordinal);
        var kept = new Dictionary<Segment, (Dictionary<string, Tensor> Given, Dictionary<string, Tensor> Made)>();
        using (KeepsActivations ? enable_grad() : no_grad())
        {
            foreach (var segment in _segments.SkipLast(1))
            {
                var given = KeepsActivations ? Given(segment, values, depending) : values;
                var made = new Walk(_network, pass).Run(segment.First, segment.End, given, segment.Outgoing);
                kept[segment] = (given, made);
                foreach (var (name, value) in made)
                    values[name] = value;
            }
        }

        var gradients = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var result = Last(values, depending, gradients, pass, loss);
        for (var i = _segments.Length - 2; i >= 0; i--)
        {
            pass.Cancellation.ThrowIfCancellationRequested();
            if (KeepsActivations)
            {
                using var stretch = NewDisposeScope();
                Back(_segments[i], kept[_segments[i]].Given, kept[_segments[i]].Made, gradients);
            }
            else
            {
                Repeat(_segments[i], values, depending, gradients, pass with { UpdatesStatistics = false });
            }

            foreach (var name in _segments[i].Outgoing)
            {
                values[name].Dispose();
                if (gradients.Remove(name, out var gradient))
                    gradient.Dispose();
            }
        }

        return (result.Loss.MoveToOuterDisposeScope(), [.. result.Outputs.Select(output => output.MoveToOuterDisposeScope())]);
    }

    private (Tensor Loss, Tensor[] Outputs) Last(
        Dictionary<string, Tensor> values, FrozenSet<string> depending, Dictionary<string, Tensor> gradients, Pass pass, Func<Tensor[], Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var segment = _segments[^1];
        var given = Given(segment, values, depending);
        var names = _network.Graph.Outputs;
        var made = new Walk(_network, pass).Run(segment.First, segment.End, given, names.ToFrozenSet(StringComparer.Ordinal));
        Tensor[] outputs = [.. names.Select(name => Network.Result(made[name]))];
        var value = loss(outputs);
        if (value.requires_grad)
            value.backward();
        Collect(segment, given, gradients);
        return (value.detach().MoveToOuterDisposeScope(), [.. outputs.Select(output => output.detach().MoveToOuterDisposeScope())]);
    }

    private void Repeat(Segment segment, Dictionary<string, Tensor> values, FrozenSet<string> depending, Dictionary<string, Tensor> gradients, Pass pass)
    {
        var wanted = segment.Outgoing.Where(gradients.ContainsKey).ToArray();
        if (wanted.Length > 0)
        {
            using var scope = NewDisposeScope();
            var given = Given(segment, values, depending);
            var made = new Walk(_network, pass).Run(segment.First, segment.End, given, wanted.ToFrozenSet(StringComparer.Ordinal));
            Back(segment, given, made, gradients);
        }
    }

    private static void Back(Segment segment, Dictionary<string, Tensor> given, Dictionary<string, Tensor> made, Dictionary<string, Tensor> gradients)
    {
        var wanted = segment.Outgoing.Where(name => gradients.ContainsKey(name) && made[name].requires_grad).ToArray();
        if (wanted.Length > 0)
            autograd.backward([.. wanted.Select(name => made[name])], [.. wanted.Select(name => gradients[name])]);
        Collect(segment, given, gradients);
    }

    /// <summary>What a segment takes from before, as the start of a new piece of autograd's graph.</summary>
    private static Dictionary<string, Tensor> Given(
        Segment segment, Dictionary<string, Tensor> values, FrozenSet<string> depending) => segment.Incoming.ToDictionary(
        name => name,
        name => values[name].detach().requires_grad_(depending.Contains(name)),
        StringComparer.Ordinal);

    private static void Collect(Segment segment, Dictionary<string, Tensor> given, Dictionary<string, Tensor> gradients)
    {
        foreach (var name in segment.Incoming)
        {
            if (given[name].grad is not { } gradient)
                continue;
            gradients[name] = gradients.TryGetValue(name, out var sum) ? sum.add_(gradient, Number.Of(1)) : gradient.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Names of layers whose outputs depend on a trainable weight; the others need no second run.</summary>
    private FrozenSet<string> Depending()
    {
        var owners = _network.Weights.Where(weight => weight.Value.requires_grad).Select(weight => weight.Plan.Name[..weight.Plan.Name.LastIndexOf('/')])
            .ToHashSet();
        var depending = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in _network.Graph.Layers)
        {
            if (owners.Contains(layer.WeightOwner) || layer.Inputs.Any(depending.Contains))
                depending.Add(layer.Name);
        }

        return depending.ToFrozenSet(StringComparer.Ordinal);
    }
}
