using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

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
        new LayerKind.SeparableConv2D(Graph.Filters(filters), Size2D.Square(kernel), One, Padding.Same, One, DepthMultiplier: 1, UseBias: false, Activation.Linear),
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
