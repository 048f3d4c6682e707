using System.Text.RegularExpressions;
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
    public Node Input(int channels, Size2D? size = null) =>
        Add(new LayerKind.Input(TensorShape.Of(size?.Rows, size?.Columns, channels)), "input_1");

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
