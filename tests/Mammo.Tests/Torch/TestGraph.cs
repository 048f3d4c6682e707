using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Torch;

/// <summary>Small graphs in few words: each layer takes the one before it unless inputs are named.</summary>
internal sealed class TestGraph
{
    private readonly List<Layer> _layers = [];

    public TestGraph(params int?[] inputShape) => _layers.Add(new Layer("input", new LayerKind.Input(TensorShape.Of(inputShape)), []));

    public static LayerKind.Conv2D Conv(int filters, int kernel = 3, int stride = 1, Activation activation = Activation.Linear) =>
        new(filters, Size2D.Square(kernel), Size2D.Square(stride), Padding.Same, Size2D.Square(1), UseBias: true, activation);

    public static LayerKind.BatchNormalization Norm(double momentum = 0.99) => new(1e-3, momentum, Scale: true, Center: true);

    public TestGraph Then(string name, LayerKind kind, params string[] inputs)
    {
        _layers.Add(new Layer(name, kind, inputs.Length == 0 ? [_layers[^1].Name] : [.. inputs]));
        return this;
    }

    public TestGraph Again(string name, string sharedWith, params string[] inputs)
    {
        var first = _layers.Single(layer => layer.Name == sharedWith);
        _layers.Add(new Layer(name, first.Kind, [.. inputs]) { SharedWith = sharedWith });
        return this;
    }

    public LayerGraph Graph(params string[] outputs) => new("net", [.. _layers], outputs.Length == 0 ? [_layers[^1].Name] : [.. outputs]);
}
