using System.Text.RegularExpressions;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Collects layers in creation order and names those without a name as Keras does in a fresh session (<c>conv2d_1</c>, <c>conv2d_2</c>).</summary>
/// <param name="width">Factor on the filter counts of convolutions.</param>
internal sealed partial class GraphBuilder(double width = 1)
{
    private const int FewestFilters = 4;
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Role that the next layers get.</summary>
    public LayerRole Role { get; set; }

    /// <summary>Filters times the width, rounded down, at least four.</summary>
    /// <remarks>The millionth keeps a factor such as 1/3, which binary fractions miss, from losing a filter.</remarks>
    public int Filters(int count) => width == 1 ? count : Math.Max(FewestFilters, (int)Math.Floor((count * width) + 1e-6));

    /// <summary>An input of so many channels; null for a size that stays open.</summary>
    public Node Input(int channels, ImageSize? size = null) =>
        Add(new LayerKind.Input(TensorShape.Of(size?.Height, size?.Width, channels)), "input_1");

    /// <summary>A layer made elsewhere, taken as it is.</summary>
    public Node Take(Layer layer)
    {
        _layers.Add(layer);
        return new Node(this, layer.Name);
    }

    /// <summary>A new layer of any kind.</summary>
    public Node Add(LayerKind kind, string? name, params ReadOnlySpan<Node> inputs)
    {
        var sources = new string[inputs.Length];
        for (var i = 0; i < sources.Length; i++)
            sources[i] = inputs[i].Name;
        return Take(new Layer(name ?? NextName(kind), kind, [.. sources]) { Role = Role });
    }

    /// <summary>The network up to an output, its layers in Keras's order.</summary>
    public LayerGraph Build(string name, Node output) => new(name, KerasOrder.Sort(_layers, output.Name), [output.Name]);

    private string NextName(LayerKind kind)
    {
        var prefix = WordStart().Replace(kind.KerasName, "_").ToLowerInvariant();
        var count = _counts.GetValueOrDefault(prefix) + 1;
        _counts[prefix] = count;
        return FormattableString.Invariant($"{prefix}_{count}");
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z][a-z])")]
    private static partial Regex WordStart();
}

/// <summary>The output of a layer under construction; each method puts a layer behind it, with Keras's defaults.</summary>
internal readonly record struct Node(GraphBuilder Graph, string Name)
{
    private static readonly Size2D One = Size2D.Square(1);

    public Node Conv(
        int filters,
        Size2D kernel,
        int stride = 1,
        Padding padding = Padding.Same,
        bool bias = true,
        Activation activation = Activation.Linear,
        double l2 = 0,
        string? name = null) =>
        Graph.Add(new LayerKind.Conv2D(Graph.Filters(filters), kernel, Size2D.Square(stride), padding, One, bias, activation, l2), name, this);

    public Node Conv(
        int filters,
        int kernel,
        int stride = 1,
        Padding padding = Padding.Same,
        bool bias = true,
        Activation activation = Activation.Linear,
        double l2 = 0,
        string? name = null) =>
        Conv(filters, Size2D.Square(kernel), stride, padding, bias, activation, l2, name);

    public Node SeparableConv(int filters, int kernel, string name) => Graph.Add(
        new LayerKind.SeparableConv2D(
            Graph.Filters(filters), Size2D.Square(kernel), One, Padding.Same, One, DepthMultiplier: 1, UseBias: false, Activation.Linear),
        name,
        this);

    public Node BatchNorm(string? name = null, bool scale = true, double epsilon = 1e-3, double momentum = 0.99) =>
        Graph.Add(new LayerKind.BatchNormalization(epsilon, momentum, scale, Center: true), name, this);

    public Node Activate(Activation activation, string? name = null) => Graph.Add(new LayerKind.Activate(activation), name, this);

    public Node Relu(string? name = null) => Activate(Activation.Relu, name);

    public Node MaxPool(Size2D pool, Size2D stride, Padding padding = Padding.Valid, string? name = null) =>
        Graph.Add(new LayerKind.MaxPooling2D(pool, stride, padding), name, this);

    public Node MaxPool(int pool, int stride, Padding padding = Padding.Valid, string? name = null) =>
        MaxPool(Size2D.Square(pool), Size2D.Square(stride), padding, name);

    public Node AveragePool(Size2D pool, Size2D stride, Padding padding = Padding.Valid, string? name = null) =>
        Graph.Add(new LayerKind.AveragePooling2D(pool, stride, padding), name, this);

    public Node GlobalAveragePool() => Graph.Add(new LayerKind.GlobalAveragePooling2D(), null, this);

    public Node ZeroPad(int border, string name) => Graph.Add(new LayerKind.ZeroPadding2D(new Border(border, border, border, border)), name, this);

    public Node Dense(int units, Activation activation, double l2, string? name = null) =>
        Graph.Add(new LayerKind.Dense(units, UseBias: true, activation, l2), name, this);

    public Node Dropout(double rate) => Graph.Add(new LayerKind.Dropout(rate), null, this);

    public Node Flatten() => Graph.Add(new LayerKind.Flatten(), null, this);

    public Node Plus(Node other) => Graph.Add(new LayerKind.Add(), null, this, other);

    /// <summary>Joins the channels of this and the others; axis 3 as Keras's applications write it.</summary>
    public Node Beside(string? name, params ReadOnlySpan<Node> others) => Graph.Add(new LayerKind.Concatenate(3), name, [this, .. others]);
}
