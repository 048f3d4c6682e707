using Mammo.Networks.Graphs;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>A network put together layer by layer, with random weights.</summary>
internal sealed class TestNetwork
{
    private readonly List<Layer> _layers = [];

    public static LayerKind.Conv2D Conv(
        int filters, int kernel = 3, int stride = 1, Padding padding = Padding.Same, bool useBias = true, Activation activation = Activation.Linear) =>
        new(filters, Size2D.Square(kernel), Size2D.Square(stride), padding, Size2D.Square(1), useBias, activation);

    public static LayerKind.BatchNormalization Norm(bool scale = true, bool center = true) => new(1e-3, 0.99, scale, center);

    public static LayerKind.Activate Act(Activation activation) => new(activation);

    /// <summary>Adds an input.</summary>
    public TestNetwork Input(string name, params ReadOnlySpan<int?> shape)
    {
        _layers.Add(new Layer(name, new LayerKind.Input(TensorShape.Of(shape)), []));
        return this;
    }

    /// <summary>Adds a layer on the last one, or on those named.</summary>
    public TestNetwork Then(string name, LayerKind kind, params string[] inputs)
    {
        _layers.Add(new Layer(name, kind, inputs.Length == 0 ? [_layers[^1].Name] : [.. inputs]));
        return this;
    }

    /// <summary>Calls an earlier layer again.</summary>
    public TestNetwork Again(string name, string owner, params string[] inputs)
    {
        var kind = _layers.Single(layer => layer.Name == owner).Kind;
        _layers.Add(new Layer(name, kind, inputs.Length == 0 ? [_layers[^1].Name] : [.. inputs]) { SharedWith = owner });
        return this;
    }

    public LayerGraph Graph(params string[] outputs) => new("test", [.. _layers], outputs.Length == 0 ? [_layers[^1].Name] : [.. outputs]);

    /// <summary>Weights of moderate size; variances are positive.</summary>
    public static Dictionary<string, Weight> Weights(LayerGraph graph, int seed = 1)
    {
        var random = new Random(seed);
        return WeightPlan.Of(graph).ToDictionary(shape => shape.Name, shape => new Weight(shape.Shape, Values(shape)), StringComparer.Ordinal);

        float[] Values(WeightShape shape)
        {
            var scale = shape.Name.EndsWith("kernel", StringComparison.Ordinal) ? Math.Sqrt(3.0 * shape.Shape[0] / shape.Elements) : 0.5;
            var offset = shape.Name.EndsWith("variance", StringComparison.Ordinal) || shape.Name.EndsWith("gamma", StringComparison.Ordinal) ? 1 : 0;
            return [.. Enumerable.Range(0, (int)shape.Elements).Select(_ => (float)(offset + (((random.NextDouble() * 2) - 1) * scale)))];
        }
    }
}
