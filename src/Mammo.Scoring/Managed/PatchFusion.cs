using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Which convolutions of few channels the one behind them computes patch by patch (<see cref="ConvolvedPatches{TLanes}"/>), so that their outputs are no maps.
/// </summary>
internal static class PatchFusion
{
    // Each makes the pixels that patches share, which are computed again, dearer; the map costs the same.
    private const int MostChannels = 4;

    /// <summary>Joins them.</summary>
    /// <param name="operations">The operations in order.</param>
    /// <param name="shapes">Shapes of outputs.</param>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="keepsLayers">They stay apart, but are computed in the same way, so that all that can be seen is the same.</param>
    public static ImmutableArray<Operation> Apply(
        ImmutableArray<Operation> operations, IReadOnlyDictionary<string, TensorShape> shapes, IEnumerable<string> outputs, bool keepsLayers)
    {
        var byName = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
        var uses = operations.SelectMany(operation => operation.AllInputs).Concat(outputs).CountBy(name => name, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        var firsts = new Dictionary<string, Operation>(StringComparer.Ordinal);
        foreach (var second in operations.Where(operation => TakesPatches(operation, shapes)))
        {
            var first = byName[second.Inputs[0]];
            if (uses[first.Name] == 1 && GivesPatches(first, shapes) && !firsts.ContainsKey(first.Name))
                firsts[second.Name] = first;
        }

        var joined = firsts.Values.Select(first => first.Name).ToHashSet(StringComparer.Ordinal);
        if (keepsLayers)
            return [.. operations.Select(operation => joined.Contains(operation.Name) ? operation with { IsDirect = true } : operation)];
        return
        [
            .. operations.Where(operation => !joined.Contains(operation.Name)).Select(operation =>
                firsts.TryGetValue(operation.Name, out var first) ? operation with { Inputs = first.Inputs, First = first } : operation),
        ];
    }

    private static bool TakesPatches(Operation operation, IReadOnlyDictionary<string, TensorShape> shapes)
    {
        if (operation.Kind is not LayerKind.Conv2D conv || !HasNarrowBorder(operation, conv))
            return false;
        var (rows, columns, channels) = MapLayout.Sizes(shapes[operation.Inputs[0]]);
        return WinogradRule.Holds(conv, channels, WinogradRule.Outputs(operation, conv, rows, columns));
    }

    private static bool GivesPatches(Operation operation, IReadOnlyDictionary<string, TensorShape> shapes) =>
        operation is { Kind: LayerKind.Conv2D conv, Added: null, IsPooled: false, Activation: Activation.Linear or Activation.Relu }
        && conv.Kernel == Size2D.Square(3) && conv.Strides == Size2D.Square(1) && conv.Dilation == Size2D.Square(1)
        && MapLayout.Sizes(shapes[operation.Inputs[0]]).Channels <= MostChannels
        && HasNarrowBorder(operation, conv);

    /// <summary>
    /// At most one row or column of zeros at each side. Then every tile reads some tile of the map, so that equal tiles (<see cref="TileClasses"/>) lie at the
    /// same distance from the borders of the plane in between, outside of which there are zeros.
    /// </summary>
    private static bool HasNarrowBorder(Operation operation, LayerKind.Conv2D conv) =>
        conv.Padding == Padding.Same || operation.Padding is { Top: <= 1, Bottom: <= 1, Left: <= 1, Right: <= 1 };
}
