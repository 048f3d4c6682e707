using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Which convolutions of few channels the maximum of 3 × 3 with stride 2 behind them computes row by row (<see cref="PooledConvolutionStep{TLanes}"/>), so
/// that their outputs are no maps.
/// </summary>
internal static class PoolFusion
{
    /// <summary>Rows and columns of the pool's window.</summary>
    public const int Side = 3;

    /// <summary>From one window to the next.</summary>
    public const int Stride = 2;

    /// <summary>Joins them.</summary>
    /// <param name="operations">The operations in order.</param>
    /// <param name="shapes">Shapes of outputs.</param>
    /// <param name="outputs">The network's outputs.</param>
    public static ImmutableArray<Operation> Apply(
        ImmutableArray<Operation> operations, IReadOnlyDictionary<string, TensorShape> shapes, IEnumerable<string> outputs)
    {
        var uses = operations.SelectMany(operation => operation.AllInputs).Concat(outputs).CountBy(name => name, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        var firsts = operations.Where(operation => uses.GetValueOrDefault(operation.Name) == 1 && GivesRows(operation, shapes))
            .ToDictionary(operation => operation.Name, StringComparer.Ordinal);
        var pools = operations.Where(TakesRows).Select(pool => pool.Inputs[0]).Where(firsts.ContainsKey).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. operations.Where(operation => !pools.Contains(operation.Name)).Select(operation =>
                TakesRows(operation) && firsts.TryGetValue(operation.Inputs[0], out var first)
                    ? operation with { Inputs = first.Inputs, First = first } : operation),
        ];
    }

    private static bool TakesRows(Operation operation) => operation.Kind is LayerKind.MaxPooling2D { Padding: Padding.Valid } pool
        && pool.PoolSize == Size2D.Square(Side) && pool.Strides == Size2D.Square(Stride);

    private static bool GivesRows(Operation operation, IReadOnlyDictionary<string, TensorShape> shapes)
    {
        if (operation is not { Kind: LayerKind.Conv2D conv, First: null, Added: null, IsPooled: false, Activation: Activation.Linear or Activation.Relu }
            || conv.Dilation != Size2D.Square(1) || conv.Kernel == Size2D.Square(1))
            return false;

        // A convolution that stands alone adds up so many products of its rows at once.
        var channels = MapLayout.Sizes(shapes[operation.Inputs[0]]).Channels;
        return channels < Tuning.FewestChannelsOfSegment && conv.Kernel.Rows <= Tuning.PieceOfSegments / (conv.Kernel.Columns * channels);
    }
}
