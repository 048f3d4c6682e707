using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Networks.Graphs;

/// <summary>Output shape of every layer, computed without weights.</summary>
public static class ShapeInference
{
    /// <summary>Shapes of all layers in Keras's order (rows, columns, channels).</summary>
    /// <param name="graph">The network.</param>
    /// <param name="inputSize">Rows and columns put in place of the inputs' open ones; null leaves open sizes open.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: a layer does not fit its input; names the layer and the shapes.</exception>
    public static IReadOnlyDictionary<string, TensorShape> Infer(LayerGraph graph, ImageSize? inputSize = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var shapes = new Dictionary<string, TensorShape>(graph.Layers.Length, StringComparer.Ordinal);
        foreach (var layer in graph.Layers)
        {
            var inputs = layer.Inputs.Select(name => shapes[name]).ToArray();
            shapes[layer.Name] = layer.Kind is LayerKind.Input input ? Sized(input.Shape, inputSize) : Output(graph, layer, inputs);
        }

        return shapes;
    }

    private static TensorShape Sized(TensorShape shape, ImageSize? size) => size is { } known && shape.Rank == 3
        ? TensorShape.Of(shape.Sizes[0] ?? known.Height, shape.Sizes[1] ?? known.Width, shape.Sizes[2])
        : shape;

    private static TensorShape Output(LayerGraph graph, Layer layer, TensorShape[] inputs)
    {
        var shape = Checked(layer.Kind, inputs);
        if (shape is { } fits && fits.Sizes.All(size => size is null or > 0))
            return fits;
        throw new MammoException(
            ErrorIds.ModelGraphInvalid,
            $"Layer '{layer.Name}' ({layer.Kind.KerasName}) of network '{graph.Name}' cannot take input of shape {string.Join(" and ", inputs)}"
            + (shape is { } small ? $": its output would be {small}." : "."),
            "Use a larger image, or smaller pools and kernels.",
            layer.Name);
    }

    /// <summary>Sizes beyond 32 bits count as not fitting.</summary>
    private static TensorShape? Checked(LayerKind kind, TensorShape[] inputs)
    {
        try
        {
            return Output(kind, inputs);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static TensorShape? Output(LayerKind kind, TensorShape[] inputs)
    {
        var shape = inputs[0];
        return kind switch
        {
            LayerKind.Conv2D { Groups: { } groups } conv when conv.Filters % groups != 0 || shape.Channels % groups != 0 => null,
            LayerKind.Conv2D conv => Window(shape, conv.Kernel, conv.Strides, conv.Dilation, conv.Padding, conv.Filters),
            LayerKind.SeparableConv2D conv => Window(shape, conv.Kernel, conv.Strides, conv.Dilation, conv.Padding, conv.Filters),
            LayerKind.DepthwiseConv2D conv => Window(
                shape, conv.Kernel, conv.Strides, conv.Dilation, conv.Padding, checked(shape.Channels * conv.DepthMultiplier)),
            LayerKind.MaxPooling2D pool => Window(shape, pool.PoolSize, pool.Strides, Size2D.Square(1), pool.Padding, shape.Channels),
            LayerKind.AveragePooling2D pool => Window(shape, pool.PoolSize, pool.Strides, Size2D.Square(1), pool.Padding, shape.Channels),
            LayerKind.GlobalAveragePooling2D or LayerKind.GlobalMaxPooling2D => shape.Rank == 3 ? TensorShape.Of(shape.Channels) : null,
            LayerKind.TopKPooling2D pool => shape.Rank == 3 && !(shape.Channels <= pool.Background) ? TensorShape.Of(shape.Channels) : null,
            LayerKind.ZeroPadding2D pad => Grow(shape, pad.Border.Top + pad.Border.Bottom, pad.Border.Left + pad.Border.Right),
            LayerKind.Cropping2D crop => Grow(shape, -crop.Border.Top - crop.Border.Bottom, -crop.Border.Left - crop.Border.Right),
            LayerKind.UpSampling2D up => shape.Rank == 3
                ? TensorShape.Of(checked(shape.Sizes[0] * up.Factor.Rows), checked(shape.Sizes[1] * up.Factor.Columns), shape.Channels)
                : null,
            LayerKind.Dense dense => shape.Rank is 1 or 3 ? new TensorShape(shape.Sizes.SetItem(shape.Rank - 1, dense.Units)) : null,
            LayerKind.Flatten => TensorShape.Of(checked((int?)shape.Elements)),
            LayerKind.Reshape reshape => Reshape(shape, reshape.TargetShape),
            LayerKind.Permute permute => permute.Axes.Order().SequenceEqual(Enumerable.Range(1, shape.Rank))
                ? new TensorShape([.. permute.Axes.Select(axis => shape.Sizes[axis - 1])])
                : null,
            LayerKind.BatchNormalization => shape.Rank is 1 or 3 ? shape : null,
            LayerKind.Normalization or LayerKind.LayerNormalization or LayerKind.LayerScale => shape.Rank is 1 or 3 ? shape : null,
            LayerKind.Rescaling rescaling => IsPerChannel(rescaling.Scale, shape) && IsPerChannel(rescaling.Offset, shape) ? shape : null,
            LayerKind.Activate or LayerKind.LeakyRelu or LayerKind.Dropout => shape,
            LayerKind.Add or LayerKind.Average or LayerKind.Maximum => Merge(inputs, broadcasts: false),
            LayerKind.Multiply => Merge(inputs, broadcasts: true),
            LayerKind.Concatenate concatenate => Concatenate(inputs, concatenate.Axis),
            _ => null,
        };
    }

    private static TensorShape? Window(TensorShape shape, Size2D kernel, Size2D strides, Size2D dilation, Padding padding, int? channels) => shape.Rank != 3
        ? null
        : TensorShape.Of(
            shape.Sizes[0] is { } rows ? Windows.OutputSize(rows, kernel.Rows, strides.Rows, dilation.Rows, padding) : null,
            shape.Sizes[1] is { } columns ? Windows.OutputSize(columns, kernel.Columns, strides.Columns, dilation.Columns, padding) : null,
            channels);

    private static TensorShape? Grow(TensorShape shape, int rows, int columns) =>
        shape.Rank == 3 ? TensorShape.Of(checked(shape.Sizes[0] + rows), checked(shape.Sizes[1] + columns), shape.Channels) : null;

    private static TensorShape? Reshape(TensorShape shape, ImmutableArray<int> target)
    {
        var known = target.Where(size => size != -1).Aggregate(1L, (product, size) => checked(product * size));
        if (target.Count(size => size == -1) > 1 || known <= 0)
            return null;
        if (!target.Contains(-1))
            return shape.Elements is { } all && all != known ? null : new TensorShape([.. target.Select(size => (int?)size)]);
        if (shape.Elements is { } elements && elements % known != 0)
            return null;
        return new TensorShape([.. target.Select(size => size == -1 ? checked((int?)(shape.Elements / known)) : size)]);
    }

    private static bool IsPerChannel(ImmutableArray<double> numbers, TensorShape shape) =>
        numbers.Length == 1 || (shape.Rank is 1 or 3 && numbers.Length == shape.Channels);

    /// <param name="inputs">Shapes of the inputs.</param>
    /// <param name="broadcasts">An axis of size 1 is repeated along another input's: the gates of squeeze-and-excitation blocks are (1, 1, channels).</param>
    private static TensorShape? Merge(TensorShape[] inputs, bool broadcasts)
    {
        var merged = inputs[0];
        foreach (var input in inputs.Skip(1))
        {
            if (input.Rank != merged.Rank
                || !merged.Sizes.Zip(input.Sizes).All(pair => Fits(pair.First, pair.Second) || (broadcasts && (pair.First == 1 || pair.Second == 1))))
                return null;
            merged = new TensorShape([.. merged.Sizes.Zip(input.Sizes, Joined)]);
        }

        return merged;

        int? Joined(int? left, int? right) => broadcasts && left == 1 ? right : broadcasts && right == 1 ? left : left ?? right;
    }

    private static TensorShape? Concatenate(TensorShape[] inputs, int axis)
    {
        var rank = inputs[0].Rank;
        var position = axis < 0 ? rank + axis : axis - 1;
        if (position < 0 || position >= rank || inputs.Any(input => input.Rank != rank))
            return null;
        var open = inputs.Select(input => new TensorShape(input.Sizes.SetItem(position, null))).ToArray();
        return Merge(open, broadcasts: false) is { } merged
            ? new TensorShape(merged.Sizes.SetItem(position, inputs.Aggregate((int?)0, (sum, input) => checked(sum + input.Sizes[position]))))
            : null;
    }

    private static bool Fits(int? left, int? right) => left is null || right is null || left == right;
}
