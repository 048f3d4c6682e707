using System.Collections.Frozen;
using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>Runs layers forward piece by piece, each with an autograd graph of its own, and back through them.</summary>
/// <param name="network">The network.</param>
/// <param name="pass">A training step.</param>
/// <param name="depending">Names of layers whose outputs gradients are wanted of.</param>
internal sealed class PieceRun(Network network, Pass pass, FrozenSet<string> depending)
{
    private readonly Stack<(Piece Piece, Call[] Calls)> _way = [];

    /// <summary>Runs pieces forward; what the way back needs is kept where autograd is on.</summary>
    /// <param name="pieces">The pieces, in their order.</param>
    /// <param name="values">Outputs of earlier layers and inputs; those that the pieces make are added, and freed behind their last use.</param>
    /// <param name="kept">Names of layers whose outputs are wanted afterwards.</param>
    public void Forward(IEnumerable<Piece> pieces, Dictionary<string, BatchValue> values, IReadOnlySet<string> kept)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var piece in pieces)
        {
            var images = piece.ByImage ? values[piece.Layers.Incoming[0]].Images : 1;
            var calls = new Call[images];
            for (var image = 0; image < images; image++)
                calls[image] = Forward(piece, values, piece.ByImage ? image : null);
            foreach (var name in piece.Layers.Outgoing)
            {
                made.Add(name);
                values[name] = new BatchValue([.. calls.Select(call => call.Made[name].detach())]);
            }

            // The values are held by themselves; of each call only what gradients go through is needed any longer.
            foreach (var tensor in calls.SelectMany(call => call.Given.Values.Concat(call.Made.Values)).Where(tensor => !tensor.requires_grad))
                tensor.Dispose();
            if (calls.Any(call => call.Made.Values.Any(IsNeeded)))
                _way.Push((piece, calls));
            foreach (var name in made.Where(name => !kept.Contains(name) && LastUse(name) < piece.Layers.End).ToArray())
            {
                made.Remove(name);
                values.Remove(name, out var spent);
                spent!.Dispose();
            }
        }
    }

    /// <summary>Goes back through the pieces, adding to the gradients of the weights.</summary>
    /// <param name="gradients">Gradients of the last pieces' outputs; those of what the first took from before are left in it.</param>
    public void Backward(Dictionary<string, BatchValue> gradients)
    {
        while (_way.TryPop(out var step))
        {
            foreach (var (call, image) in step.Calls.Select((call, image) => (call, image)))
            {
                pass.Cancellation.ThrowIfCancellationRequested();
                Backward(call, gradients, step.Piece.ByImage ? image : null);
            }

            foreach (var name in step.Piece.Layers.Incoming)
                Collect(name, [.. step.Calls.Select(call => call.Given[name]).Where(IsNeeded)], gradients);
            foreach (var tensor in step.Calls.SelectMany(call => call.Given.Values.Concat(call.Made.Values)))
                tensor.Dispose();
            foreach (var name in step.Piece.Layers.Outgoing)
            {
                if (gradients.Remove(name, out var spent))
                    spent.Dispose();
            }
        }
    }

    private static bool IsNeeded(Tensor tensor) => !tensor.IsInvalid && tensor.requires_grad;

    private Call Forward(Piece piece, Dictionary<string, BatchValue> values, int? image)
    {
        pass.Cancellation.ThrowIfCancellationRequested();
        var given = piece.Layers.Incoming.ToDictionary(
            name => name, name => values[name].Leaf(image, depending.Contains(name) && is_grad_enabled()), StringComparer.Ordinal);
        return new Call(given, new Walk(network, pass).Run(piece.Layers.First, piece.Layers.End, given, piece.Layers.Outgoing));
    }

    private static void Backward(Call call, Dictionary<string, BatchValue> gradients, int? image)
    {
        using var scope = NewDisposeScope();
        var names = call.Made.Keys.Where(name => gradients.ContainsKey(name) && IsNeeded(call.Made[name])).ToArray();
        if (names.Length > 0)
            autograd.backward([.. names.Select(name => call.Made[name])], [.. names.Select(name => gradients[name].Of(image))]);
    }

    private static void Collect(string name, Tensor[] leaves, Dictionary<string, BatchValue> gradients)
    {
        Tensor[] parts = [.. leaves.Select(leaf => leaf.grad).OfType<Tensor>()];
        if (parts.Length == 0)
            return;
        var gradient = new BatchValue(parts);
        if (!gradients.TryAdd(name, gradient))
            gradients[name].Add(gradient);
    }

    private int LastUse(string name)
    {
        var last = network.Graph.Layers.Length - 1;
        while (last >= 0 && !network.Graph.Layers[last].Inputs.Contains(name))
            last--;
        return last;
    }

    /// <summary>One run of the layers of a piece: what it was given, as leaves of its graph, and what it made.</summary>
    private sealed record Call(Dictionary<string, Tensor> Given, Dictionary<string, Tensor> Made);
}
