using System.Collections.Frozen;
using System.Collections.Immutable;
using Mammo.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>
/// Forward and backward of a batch in segments, keeping only what crosses from one segment to the next and computing the rest a second time (Chen et al.,
/// "Training deep nets with sublinear memory cost", 2016): about a third more time for a fraction of the memory. Without cuts it is an ordinary pass, which
/// keeps everything. Gradients are those of an ordinary pass; dropout masks come from the pass's seed, and moving statistics are updated once.
/// Each segment is run in pieces, between which it can be cancelled.
/// </summary>
internal sealed class GradientCheckpointing
{
    private readonly Network _network;
    private readonly (Segment Layers, ImmutableArray<Piece> Pieces)[] _segments;

    /// <summary>Cuts a network into segments.</summary>
    /// <param name="network">The network.</param>
    /// <param name="cuts">Positions of layers before which it is cut, ascending; <see cref="SegmentCuts.Choose"/> finds good ones.</param>
    /// <param name="pieces">Pieces of the layers from a position to another; null makes each segment one.</param>
    public GradientCheckpointing(Network network, IReadOnlyList<int> cuts, Func<int, int, ImmutableArray<Piece>>? pieces = null)
    {
        _network = network;
        int[] borders = [0, .. cuts, network.Graph.Layers.Length];
        _segments = [.. borders.Zip(borders.Skip(1), (first, end) =>
        {
            var layers = Segment.Of(network.Graph, first, end);
            return (layers, pieces?.Invoke(first, end) ?? [new Piece(layers, ByImage: false)]);
        })];
    }

    /// <summary>Runs a batch forward and adds the gradients of a loss to those of the trainable weights.</summary>
    /// <param name="inputs">As <see cref="Network.Forward(IReadOnlyList{Tensor}, Pass)"/> takes them.</param>
    /// <param name="pass">A training step.</param>
    /// <param name="loss">Scalar loss of the network's outputs; penalties on weights may be part of it.</param>
    /// <returns>The loss and the outputs, detached.</returns>
    public (Tensor Loss, Tensor[] Outputs) Run(IReadOnlyList<Tensor> inputs, Pass pass, Func<Tensor[], Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var depending = Depending();
        var values = _network.Named(inputs).ToDictionary(pair => pair.Key, pair => new BatchValue(pair.Value.alias()), StringComparer.Ordinal);
        using (no_grad())
        {
            foreach (var (layers, pieces) in _segments.SkipLast(1))
                new PieceRun(_network, pass, depending).Forward(pieces, values, layers.Outgoing);
        }

        var gradients = new Dictionary<string, BatchValue>(StringComparer.Ordinal);
        var result = Last(values, depending, gradients, pass, loss);
        foreach (var (layers, pieces) in _segments.SkipLast(1).Reverse())
        {
            pass.Cancellation.ThrowIfCancellationRequested();
            if (layers.Outgoing.Any(gradients.ContainsKey))
            {
                // What it makes again is its own; what it made the first time is freed below.
                using var again = NewDisposeScope();
                var run = new PieceRun(_network, pass with { UpdatesStatistics = false }, depending);
                run.Forward(pieces, new Dictionary<string, BatchValue>(values, StringComparer.Ordinal), layers.Outgoing);
                run.Backward(gradients);
                Keep(gradients, again);
            }

            foreach (var name in layers.Outgoing)
                values[name].Dispose();
        }

        return (result.Loss.MoveToOuterDisposeScope(), [.. result.Outputs.Select(output => output.MoveToOuterDisposeScope())]);
    }

    private (Tensor Loss, Tensor[] Outputs) Last(
        Dictionary<string, BatchValue> values, FrozenSet<string> depending, Dictionary<string, BatchValue> gradients, Pass pass, Func<Tensor[], Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var names = _network.Graph.Outputs;
        var run = new PieceRun(_network, pass, depending);
        run.Forward(_segments[^1].Pieces, values, _segments[^1].Layers.Outgoing);
        Tensor[] leaves = [.. names.Select(name => values[name].Leaf(image: null, depending.Contains(name)))];
        Tensor[] outputs = [.. leaves.Select(Network.Result)];
        var value = loss(outputs);
        if (value.requires_grad)
            value.backward();
        foreach (var (name, leaf) in names.Zip(leaves))
        {
            if (leaf.requires_grad && leaf.grad is { } gradient)
                gradients[name] = new BatchValue(gradient);
        }

        run.Backward(gradients);
        Keep(gradients, scope);
        return (value.detach().MoveToOuterDisposeScope(), [.. outputs.Select(output => output.detach().MoveToOuterDisposeScope())]);
    }

    private static void Keep(Dictionary<string, BatchValue> gradients, DisposeScope scope)
    {
        foreach (var gradient in gradients.Values)
            gradient.MoveOutOf(scope);
    }

    /// <summary>Names of layers whose outputs depend on a trainable weight; the others need no way back.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="owners">Names of the layers that trainable weights belong to.</param>
    public static FrozenSet<string> Depending(LayerGraph graph, IReadOnlySet<string> owners)
    {
        var depending = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in graph.Layers)
        {
            if (owners.Contains(layer.WeightOwner) || layer.Inputs.Any(depending.Contains))
                depending.Add(layer.Name);
        }

        return depending.ToFrozenSet(StringComparer.Ordinal);
    }

    private FrozenSet<string> Depending() => Depending(
        _network.Graph,
        _network.Weights.Where(weight => weight.Value.requires_grad).Select(weight => weight.Plan.Name[..weight.Plan.Name.LastIndexOf('/')]).ToHashSet());
}
