using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>Makes the steps of one operation.</summary>
/// <param name="operation">The operation.</param>
/// <param name="maps">Where outputs lie.</param>
/// <param name="shapes">Shapes of outputs.</param>
/// <param name="weights">The network's weights.</param>
/// <param name="forms">Forms of Winograd's method.</param>
internal sealed class StepFactory<TLanes>(
    Operation operation, MapLayout maps, IReadOnlyDictionary<string, TensorShape> shapes, WeightStore<TLanes> weights, WinogradForms forms)
    where TLanes : struct, ILanes<TLanes>
{
    private readonly string _name = operation.Name;
    private readonly FeatureMap _output = maps[operation.Name];

    private FeatureMap Input => maps[operation.Inputs[0]];

    private ImmutableArray<FeatureMap> Inputs => [.. operation.Inputs.Select(input => maps[input])];

    /// <summary>The steps; none for an input.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelLayerUnsupported"/>: the engine cannot compute the layer.</exception>
    public IEnumerable<Step> Make() => operation.Kind switch
    {
        LayerKind.Input => [],
        LayerKind.Conv2D conv => Activated(output => Convolution(conv, output)),
        LayerKind.Dense => Activated(output => Product(Window.Pixel, output)),
        LayerKind.DepthwiseConv2D conv => Activated(output => Depthwise(conv, output)),
        LayerKind.BatchNormalization norm => [Pointwise(Inputs, scale: weights.Norm(operation.Weights, norm))],
        LayerKind.Rescaling rescaling => [Pointwise(Inputs, scale: weights.Rescaling(_name, rescaling, Input.Channels))],
        LayerKind.Activate or LayerKind.Dropout => [Pointwise(Inputs)],
        LayerKind.LeakyRelu leaky => [Pointwise(Inputs, alpha: (float)leaky.Alpha)],
        LayerKind.Add => [Pointwise(Inputs)],
        LayerKind.Average => [Pointwise(Inputs, Join.Mean)],
        LayerKind.Maximum => [Pointwise(Inputs, Join.Maximum)],
        LayerKind.Multiply => [Pointwise(Inputs, Join.Product)],
        LayerKind.MaxPooling2D when operation.First is { Kind: LayerKind.Conv2D conv } first => [Pooled(first, conv)],
        LayerKind.MaxPooling2D pool => [new PoolStep<TLanes>(
            _name, Windowed(pool.PoolSize, pool.Strides, Size2D.Square(1), pool.Padding), isMaximum: true, Input, _output)],
        LayerKind.AveragePooling2D pool => [new PoolStep<TLanes>(
            _name, Windowed(pool.PoolSize, pool.Strides, Size2D.Square(1), pool.Padding), isMaximum: false, Input, _output)],
        LayerKind.GlobalAveragePooling2D or LayerKind.GlobalMaxPooling2D or LayerKind.TopKPooling2D =>
            [new GlobalPoolStep(_name, operation.Kind, Input, _output)],
        LayerKind.ZeroPadding2D pad => [new ShiftStep(_name, pad.Border.Top, pad.Border.Left, Size2D.Square(1), Input, _output)],
        LayerKind.Cropping2D crop => [new ShiftStep(_name, -crop.Border.Top, -crop.Border.Left, Size2D.Square(1), Input, _output)],
        LayerKind.UpSampling2D up => [new ShiftStep(_name, 0, 0, up.Factor, Input, _output)],
        LayerKind.Flatten or LayerKind.Reshape => [new PlaceStep(_name, Inputs, _output)],
        LayerKind.Permute permute => [new PermuteStep(_name, [.. shapes[operation.Inputs[0]].Sizes.Select(size => size!.Value)], permute.Axes, Input, _output)],
        LayerKind.Concatenate concatenate => Concatenate(concatenate.Axis),
        _ => throw new MammoException(
            ErrorIds.ModelLayerUnsupported,
            $"Layer '{_name}' is of kind {operation.Kind.KerasName}, which Mammo's engine cannot compute.",
            "Use -Engine Onnx or Torch.",
            _name),
    };

    /// <summary>ReLU is done by the step itself, other activations by a step in the same place.</summary>
    private IEnumerable<Step> Activated(Func<FeatureMap, Step> make)
    {
        if (operation.Activation is Activation.Linear or Activation.Relu)
            return [make(_output)];
        var sums = _output.Again();
        return [make(sums), Pointwise([sums])];
    }

    private Step Convolution(LayerKind.Conv2D conv, FeatureMap output)
    {
        var (rows, columns, channels) = MapLayout.Sizes(shapes[operation.First?.Name ?? operation.Inputs[0]]);
        var window = Windowed(operation, conv, rows, columns);
        var grid = WinogradRule.Outputs(operation, conv, rows, columns);
        if (operation.IsDirect || !WinogradRule.Holds(conv, channels, grid))
            return Product(window, output);
        return forms.IsExact(operation.Weights) ? Winograd<Winograd2>(window, output, grid) : Winograd<Winograd4>(window, output, grid);
    }

    private WinogradStep<TLanes, TWinograd> Winograd<TWinograd>(Window window, FeatureMap output, TileGrid grid)
        where TWinograd : struct, IWinograd => new(
            _name,
            operation.Weights,
            window,
            weights.Winograd<TWinograd>(operation.Weights),
            Patches(TWinograd.Size),
            Added(),
            output,
            grid,
            operation.Activation == Activation.Relu,
            operation.IsPooled);

    private PatchSource Patches(int size)
    {
        if (operation.First is not { Kind: LayerKind.Conv2D conv } first)
            return new MapPatches(Input, (Input.Channels + TLanes.Count - 1) / TLanes.Count * TLanes.Count, size);
        var plane = WinogradRule.Outputs(first, conv, Input.Rows, Input.Columns);
        var window = Windowed(first, conv, Input.Rows, Input.Columns);
        return new ConvolvedPatches<TLanes>(Input, plane, window, weights.Product(first.Weights), first.Activation == Activation.Relu, size);
    }

    private PooledConvolutionStep<TLanes> Pooled(Operation first, LayerKind.Conv2D conv) => new(
        _name,
        Windowed(first, conv, Input.Rows, Input.Columns),
        weights.Product(first.Weights),
        Input,
        _output,
        first.Activation == Activation.Relu);

    private ConvolutionStep<TLanes> Product(Window window, FeatureMap output)
    {
        var shortcut = operation.Shortcut;
        return new ConvolutionStep<TLanes>(
            _name,
            window,
            shortcut is null
                ? weights.Product(operation.Weights, KernelOf(operation))
                : weights.Joined((operation.Weights, KernelOf(operation)), (shortcut.Weights, KernelOf(shortcut))),
            Input,
            shortcut is { Kind: LayerKind.Conv2D conv } ? (maps[shortcut.Inputs[0]], conv.Strides) : null,
            Added(),
            output,
            operation.Activation == Activation.Relu);
    }

    private string KernelOf(Operation product) =>
        product.Kind is LayerKind.Conv2D && weights.Has(product.Weights, "pointwise_kernel") ? "pointwise_kernel" : "kernel";

    private DepthwiseStep<TLanes> Depthwise(LayerKind.DepthwiseConv2D conv, FeatureMap output)
    {
        var bias = conv.UseBias ? weights.Biases(operation.Weights, output.Channels) : weights.Zeros(output.Channels);
        return new DepthwiseStep<TLanes>(
            _name,
            Windowed(conv.Kernel, conv.Strides, conv.Dilation, conv.Padding),
            weights.Depthwise(operation.Weights),
            bias,
            Input,
            output,
            operation.Activation == Activation.Relu);
    }

    private FeatureMap? Added() => operation.Added is { } added ? maps[added] : null;

    private static Window Windowed(Operation convolution, LayerKind.Conv2D conv, int rows, int columns) =>
        Windowed(convolution, new Size2D(rows, columns), conv.Kernel, conv.Strides, conv.Dilation, conv.Padding);

    private static Window Windowed(Operation operation, Size2D plane, Size2D kernel, Size2D strides, Size2D dilation, Padding padding) =>
        padding == Padding.Same
            ? Window.Of(plane, kernel, strides, dilation, padding)
            : new Window(kernel, strides, dilation, operation.Padding.Top, operation.Padding.Left);

    private Window Windowed(Size2D kernel, Size2D strides, Size2D dilation, Padding padding) =>
        Windowed(operation, new Size2D(Input.Rows, Input.Columns), kernel, strides, dilation, padding);

    private PointwiseStep<TLanes> Pointwise(
        ImmutableArray<FeatureMap> inputs, Join join = Join.Sum, (NativeFloats Factors, NativeFloats Offsets)? scale = null, float? alpha = null) =>
        new(_name, inputs, _output, join, scale, operation.Activation, alpha);

    private List<Step> Concatenate(int axis)
    {
        var shape = shapes[_name];
        if (!MapLayout.JoinsChannels(operation.Kind, shape))
        {
            var position = axis < 0 ? shape.Rank + axis : axis - 1;
            var lengths = operation.Inputs.Select(input => shapes[input].Sizes.Skip(position).Aggregate(1L, (product, size) => product * size!.Value));
            return [new ConcatenateStep(_name, Inputs, [.. lengths], _output)];
        }

        var steps = new List<Step>();
        var parts = new List<FeatureMap>();
        foreach (var input in Inputs)
        {
            // What could not be put there by its own step is copied.
            var part = _output.Part(parts.Sum(other => other.Channels), input.Channels);
            if (!input.LiesAt(part))
                steps.Add(new ShiftStep(_name, 0, 0, Size2D.Square(1), input, part));
            parts.Add(input.LiesAt(part) ? input : part);
        }

        return [.. steps, new PlaceStep(_name, [.. parts], _output)];
    }
}
