using System.Runtime.InteropServices;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Onnx;

/// <summary>An ONNX graph under construction (GraphProto): nodes in topological order, initializers, inputs and outputs.</summary>
/// <param name="name">The graph's name.</param>
/// <param name="reserved">Names of the network's layers, which no other value may take.</param>
internal sealed class OnnxGraph(string name, IEnumerable<string> reserved)
{
    private const int Float = 1;
    private const int Int64 = 7;

    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<ProtoMessage> _initializers = [];
    private readonly List<ProtoMessage> _inputs = [];
    private readonly List<ProtoMessage> _outputs = [];
    private readonly HashSet<string> _names = new(reserved, StringComparer.Ordinal);
    private readonly Dictionary<(float[] Values, string Dims), string> _stored = [];

    /// <summary>A name that nothing else has: the wanted one, with a number behind it if it is taken.</summary>
    public string Unique(string wanted)
    {
        var unique = wanted;
        for (var number = 1; !_names.Add(unique); number++)
            unique = FormattableString.Invariant($"{wanted}_{number}");
        return unique;
    }

    /// <summary>Adds a node with one output, whose name is also the node's and is returned.</summary>
    public string Node(string operation, string output, IEnumerable<string> inputs, params ProtoMessage[] attributes) =>
        Node(operation, [output], inputs, attributes);

    /// <summary>Adds a node whose last output is wanted: its name is also the node's and is returned.</summary>
    public string Node(string operation, IReadOnlyList<string> outputs, IEnumerable<string> inputs, params ProtoMessage[] attributes)
    {
        _nodes.Add(new ProtoMessage().AddAll(1, inputs).AddAll(2, outputs).Add(3, outputs[^1]).Add(4, operation).AddAll(5, attributes));
        return outputs[^1];
    }

    /// <summary>Adds float values under a name and returns it; values that already are in the graph in these dimensions are not stored again.</summary>
    public string Floats(string wanted, float[] values, params IEnumerable<int> dims)
    {
        var sizes = dims.Select(size => (long)size).ToArray();
        ref var stored = ref CollectionsMarshal.GetValueRefOrAddDefault(_stored, (values, string.Join(',', sizes)), out var exists);
        if (exists)
            return stored!;
        stored = Unique(wanted);
        _initializers.Add(new ProtoMessage().AddAll(1, sizes).Add(2, Float).Add(8, stored).Add(9, values));
        return stored;
    }

    /// <summary>Adds a vector of integers under a name and returns it.</summary>
    public string Integers(string wanted, params long[] values)
    {
        var stored = Unique(wanted);
        _initializers.Add(new ProtoMessage().Add(1, values.Length).Add(2, Int64).Add(8, stored).Add(9, MemoryMarshal.AsBytes<long>(values).ToArray()));
        return stored;
    }

    /// <summary>Declares an input of the graph and returns its name.</summary>
    public string Input(string value, TensorShape shape)
    {
        _inputs.Add(ValueInfo(value, shape));
        return value;
    }

    /// <summary>Declares an output of the graph.</summary>
    public void Output(string value, TensorShape shape) => _outputs.Add(ValueInfo(value, shape));

    /// <summary>The finished graph.</summary>
    public ProtoMessage Build() => new ProtoMessage().AddAll(1, _nodes).Add(2, name).AddAll(5, _initializers).AddAll(11, _inputs).AddAll(12, _outputs);

    private static ProtoMessage ValueInfo(string value, TensorShape shape)
    {
        var dims = new List<ProtoMessage> { new ProtoMessage().Add(2, "batch") };
        foreach (var (size, axis) in OnnxLayout.Sizes(shape))
            dims.Add(size is { } known ? new ProtoMessage().Add(1, known) : new ProtoMessage().Add(2, $"{value}_{axis}"));
        var tensor = new ProtoMessage().Add(1, Float).Add(2, new ProtoMessage().AddAll(1, dims));
        return new ProtoMessage().Add(1, value).Add(2, new ProtoMessage().Add(1, tensor));
    }
}

/// <summary>Attributes of ONNX nodes (AttributeProto).</summary>
internal static class OnnxAttribute
{
    private const int TypeFloat = 1;
    private const int TypeInt = 2;
    private const int TypeString = 3;
    private const int TypeInts = 7;

    /// <summary>A float.</summary>
    public static ProtoMessage Of(string name, float value) => new ProtoMessage().Add(1, name).Add(2, value).Add(20, TypeFloat);

    /// <summary>An integer.</summary>
    public static ProtoMessage Of(string name, long value) => new ProtoMessage().Add(1, name).Add(3, value).Add(20, TypeInt);

    /// <summary>A text.</summary>
    public static ProtoMessage Of(string name, string text) => new ProtoMessage().Add(1, name).Add(4, text).Add(20, TypeString);

    /// <summary>Several integers.</summary>
    public static ProtoMessage Of(string name, params long[] values) => new ProtoMessage().Add(1, name).AddAll(8, values).Add(20, TypeInts);
}
