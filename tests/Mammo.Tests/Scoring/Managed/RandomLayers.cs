using Mammo.Networks.Graphs;
using Mammo.Scoring;
using Mammo.Tests.Scoring.Engines;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>
/// A layer of random options behind one or two that make its channels, on films: images of 1 to 70 rows and columns, 1 to 80 channels, so that every width of
/// registers and every tile has whole ones and tails. Mammo's engine computes them all.
/// </summary>
internal sealed class RandomLayers
{
    private static readonly Size2D One = Size2D.Square(1);

    private static readonly Dictionary<string, Action<RandomLayers>> Makers = new(StringComparer.Ordinal)
    {
        ["convolution"] = net => net.Add(net.Convolution(net.Size(7), net.Strides(), One)),
        ["convolution with holes"] = net => net.Add(net.Convolution(net.Size(7), One, net.Size(3))),
        ["convolution of 3 × 3"] = net => net.Add(net.Convolution(Size2D.Square(3), One, One)),
        ["separable convolution"] = net => net.Add(new LayerKind.SeparableConv2D(
            net._outputs, net.Size(7), Size2D.Square(net.Strides().Rows), net._padding, One, net.From(1, 3), net._useBias, net._activation)),
        ["depthwise convolution"] = net => net.Add(new LayerKind.DepthwiseConv2D(
            net.Size(7), Size2D.Square(net.Strides().Rows), net._padding, One, net.From(1, 3), net._useBias, net._activation)),
        ["dense"] = net => net.Add(net.Dense()),
        ["dense of a flat map"] = net =>
            net.Add(new LayerKind.AveragePooling2D(net.Size(4), net.Size(4), Padding.Same)).Add(new LayerKind.Flatten()).Add(net.Dense()),
        ["normalisation"] = net => net.Add(TestNetwork.Norm(net.Coin(), net.Coin())).Add(TestNetwork.Act(net._activation)),
        ["activation"] = net => net.Add(TestNetwork.Act(net.AnyActivation())),
        ["leaky"] = net => net.Add(new LayerKind.LeakyRelu(0.3)),
        ["largest of windows"] = net => net.Add(new LayerKind.MaxPooling2D(net.Size(7), net.Size(3), net._padding)),
        ["mean of windows"] = net => net.Add(new LayerKind.AveragePooling2D(net.Size(7), net.Size(3), net._padding)),
        ["mean of the map"] = net => net.Add(new LayerKind.GlobalAveragePooling2D()),
        ["largest of the map"] = net => net.Add(new LayerKind.GlobalMaxPooling2D()),
        [TopK] = net => net.Add(new LayerKind.TopKPooling2D(net.From(1, 30), net.From(0, 1))),
        ["border"] = net => net.Add(net.Coin() ? new LayerKind.ZeroPadding2D(net.Border()) : new LayerKind.Cropping2D(net.Border()))
            .Add(TestNetwork.Conv(net._outputs, padding: Padding.Valid, activation: net._activation)),
        ["upsampling"] = net => net.Add(new LayerKind.UpSampling2D(net.Size(3))).Add(TestNetwork.Conv(Math.Min(net._outputs, 20))),
        ["permutation"] = net => net.Add(new LayerKind.Permute([.. Enumerable.Range(1, 3).OrderBy(_ => net._random.Next())])),
        ["merge"] = net => net.Merge(),
        ["concatenation"] = net => net.Concatenate(),
    };

    private const string TopK = "top k";

    private readonly Random _random;
    private readonly TestNetwork _network;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _channels;
    private readonly int _outputs;
    private readonly Padding _padding;
    private readonly Activation _activation;
    private readonly bool _useBias;
    private int _layers;

    private RandomLayers(string kind, Random random)
    {
        _random = random;
        (_rows, _columns, _channels, _outputs) = (From(1, 70), From(1, 70), From(1, 80), From(1, 80));
        _padding = Coin() ? Padding.Same : Padding.Valid;
        _activation = From(0, 2) switch { 0 => Activation.Linear, 1 => Activation.Relu, _ => AnyActivation() };
        _useBias = Coin();
        _network = new TestNetwork().Input("in", _rows, _columns, 1);

        // Positions of equal values may be taken in any order: values of such a map rise with those of the image.
        if (kind == TopK)
            Add(TestNetwork.Conv(_channels, kernel: 1));
        else
        {
            _network.Then("first", TestNetwork.Conv(_channels, kernel: Coin() ? 1 : 3, activation: Activation.Tanh))
                .Then("second", TestNetwork.Conv(_channels, kernel: 1, activation: Coin() ? Activation.Relu : Activation.Linear));
        }

        Makers[kind](this);
    }

    public static TheoryData<string> Kinds => [.. Makers.Keys];

    /// <summary>A network with that kind of layer, its weights, and one to three images.</summary>
    public static (LayerGraph Graph, Dictionary<string, Weight> Weights, PlaneBatch Batch) Make(string kind, int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var drawn = new RandomLayers(kind, random);
            var graph = drawn._network.Graph();
            if (Fits(graph))
                return (graph, TestNetwork.Weights(graph, seed), drawn.Images(areDistinct: kind == TopK));
        }
    }

    private RandomLayers Add(LayerKind kind, params string[] inputs)
    {
        _network.Then($"layer{_layers++}", kind, inputs);
        return this;
    }

    private void Merge()
    {
        Add(new LayerKind.Conv2D(_channels, Size(7), One, Padding.Same, One, _useBias, Activation.Linear), "first");
        LayerKind merge = From(0, 3) switch
        {
            0 => new LayerKind.Average(),
            1 => new LayerKind.Maximum(),
            2 => new LayerKind.Multiply(),
            _ => new LayerKind.Add(),
        };
        Add(merge, "second", "layer0").Add(TestNetwork.Act(_activation));
    }

    private void Concatenate() => Add(TestNetwork.Conv(_outputs, kernel: From(1, 7)), "first")
        .Add(new LayerKind.MaxPooling2D(Size2D.Square(3), One, Padding.Same), "second")
        .Add(new LayerKind.Concatenate(-1), "second", "layer0", "layer1")
        .Add(TestNetwork.Conv(From(1, 80), activation: _activation));

    private LayerKind.Conv2D Convolution(Size2D kernel, Size2D strides, Size2D dilation) =>
        new(_outputs, kernel, strides, _padding, dilation, _useBias, _activation);

    private LayerKind.Dense Dense() => new(_outputs, _useBias, _activation);

    private Size2D Strides() => Coin() ? One : Size(3);

    private Size2D Size(int most) => new(From(1, most), From(1, most));

    private Border Border() => new(From(0, 3), From(0, 3), From(0, 3), From(0, 3));

    private Activation AnyActivation() => (Activation)_random.Next((int)Activation.HardSigmoid + 1);

    private bool Coin() => _random.Next(2) == 0;

    private int From(int least, int most) => _random.Next(least, most + 1);

    private PlaneBatch Images(bool areDistinct)
    {
        var count = _rows * _columns;
        var images = Enumerable.Range(0, From(1, 3)).Select(_ => areDistinct
            ? [.. Enumerable.Range(0, count).OrderBy(_ => _random.Next()).Select(value => (float)value / count)]
            : TestFilm.Make(_rows, _columns, _random).Select(value => value / 100).ToArray());
        return new PlaneBatch(_rows, _columns, [.. images]);
    }

    private static bool Fits(LayerGraph graph)
    {
        try
        {
            ShapeInference.Infer(graph);
            return true;
        }
        catch (MammoException)
        {
            return false;
        }
    }
}
