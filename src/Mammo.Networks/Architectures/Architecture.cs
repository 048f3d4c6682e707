using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>A body that a patch network can have.</summary>
public sealed class Architecture
{
    private readonly Func<Node, Node> _body;

    internal Architecture(string name, string description, string? secondStageStart, Func<Node, Node> body)
    {
        (Name, Description, SecondStageStart, _body) = (name, description, secondStageStart, body);
    }

    /// <summary>The name that users type (<c>resnet50</c>).</summary>
    public string Name { get; }

    /// <summary>One line about it.</summary>
    public string Description { get; }

    /// <summary>Input channels it has unless asked otherwise: 3 equal planes, or 1.</summary>
    public int Channels { get; internal init; } = 3;

    /// <summary>Name of the network's output layer; null for Keras's automatic <c>dense_1</c>.</summary>
    internal string? OutputName { get; init; }

    /// <summary>L2 penalty on the output layer's kernel unless asked otherwise; the original's get_dl_model has 0.01.</summary>
    internal double WeightDecay { get; init; } = 0.01;

    /// <summary>
    /// First layer, in the order of the network, that is trained in the second of the three stages of patch training: the original's default top_layer_nb,
    /// which is an index.
    /// Null for a body that the original trains as a whole.
    /// </summary>
    public string? SecondStageStart { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal Node Body(Node input) => _body(input);
}
