using System.Collections.Immutable;
using System.Numerics;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Makes operations of a network's layers: additions, activations and pools join the convolution before them, borders the one behind them, two added 1x1
/// convolutions become one, separable convolutions become two.
/// </summary>
internal sealed class Fusion
{
    private readonly Dictionary<string, int> _uses;
    private readonly Dictionary<string, TensorShape> _shapes;
    private readonly List<Operation?> _operations = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    private Fusion(LayerGraph graph, Dictionary<string, TensorShape> shapes)
    {
        _shapes = shapes;
        _uses = graph.Layers.SelectMany(layer => layer.Inputs).Concat(graph.Outputs).GroupBy(name => name, StringComparer.Ordinal).ToDictionary(
            uses => uses.Key, uses => uses.Count(), StringComparer.Ordinal);
    }

    /// <summary>The operations in an order in which they can be computed.</summary>
    /// <param name="graph">The network in its form for inference.</param>
    /// <param name="shapes">Shapes of the layers' outputs; those of parts of layers are added.</param>
    /// <param name="keepsLayers">No layer is computed piece by piece by the one behind it.</param>
    public static ImmutableArray<Operation> Of(LayerGraph graph, Dictionary<string, TensorShape> shapes, bool keepsLayers = false)
    {
        var fusion = new Fusion(graph, shapes);
        foreach (var layer in graph.Layers)
            fusion.Take(layer);
        var operations = PatchFusion.Apply([.. fusion._operations.OfType<Operation>()], shapes, graph.Outputs, keepsLayers);
        return keepsLayers ? operations : PoolFusion.Apply(operations, shapes, graph.Outputs);
    }

    private void Take(Layer layer)
    {
        var before = layer.Inputs.IsEmpty ? null : Sole(layer.Inputs[0]);
        switch (layer.Kind)
        {
            case LayerKind.Activate { Activation: var activation } when before is { IsOpen: true }
                && (before.IsProduct || before.Kind is LayerKind.BatchNormalization or LayerKind.Add):
                Replace(before, before with { Name = layer.Name, Activation = activation });
                break;
            case LayerKind.Add when layer.Inputs.Length == 2 && TwoProducts(layer) is var (product, shortcut):
                Remove(product);
                Remove(shortcut);
                Append(product with { Name = layer.Name, Shortcut = shortcut });
                break;
            case LayerKind.Add when layer.Inputs.Length == 2 && Addition(layer) is var (product, added):
                // It moves to where both are there.
                Remove(product);
                Append(product with { Name = layer.Name, Added = added });
                break;
            case LayerKind.MaxPooling2D { Padding: Padding.Valid } pool when pool.PoolSize == Size2D.Square(2) && pool.Strides == Size2D.Square(2)
                && before is { Added: null, IsPooled: false, Activation: Activation.Linear or Activation.Relu } && CanPool(before):
                Replace(before, before with { Name = layer.Name, IsPooled = true });
                break;
            case LayerKind.SeparableConv2D conv:
                var depthwise = new LayerKind.DepthwiseConv2D(
                    conv.Kernel, conv.Strides, conv.Padding, conv.Dilation, conv.DepthMultiplier, UseBias: false, Activation.Linear);
                var between = layer.Name + "/depthwise";
                _uses[between] = 1;
                _shapes[between] = new TensorShape(_shapes[layer.Name].Sizes.SetItem(2, _shapes[layer.Inputs[0]].Channels * conv.DepthMultiplier));
                Take(layer with { Name = between, Kind = depthwise }, layer.Name);
                var pointwise = new LayerKind.Conv2D(
                    conv.Filters, Size2D.Square(1), Size2D.Square(1), Padding.Valid, Size2D.Square(1), conv.UseBias, conv.Activation);
                Append(new Operation(layer.Name, pointwise, [between], conv.Activation) { Weights = layer.Name });
                break;
            default:
                Take(layer, layer.Name);
                break;
        }
    }

    /// <summary>An operation of its own, but for zeros around the plane before it.</summary>
    private void Take(Layer layer, string weights)
    {
        var operation = new Operation(layer.Name, layer.Kind, layer.Inputs, ActivationOf(layer.Kind)) { Weights = weights };
        var isValid = layer.Kind is LayerKind.Conv2D { Padding: Padding.Valid } or LayerKind.DepthwiseConv2D { Padding: Padding.Valid };
        if (isValid && Sole(layer.Inputs[0]) is { Kind: LayerKind.ZeroPadding2D { Border: var border } } padding)
        {
            Remove(padding);
            operation = operation with { Inputs = padding.Inputs, Padding = border };
        }

        Append(operation);
    }

    /// <summary>Winograd's method writes tiles, which a pool of 2 × 2 fits into.</summary>
    private bool CanPool(Operation operation)
    {
        if (operation.Kind is not LayerKind.Conv2D conv)
            return false;
        var input = _shapes[operation.Inputs[0]];
        return WinogradRule.Holds(conv, input.Channels!.Value, WinogradRule.Outputs(operation, conv, input.Sizes[0]!.Value, input.Sizes[1]!.Value));
    }

    private static Activation ActivationOf(LayerKind kind) => kind switch
    {
        LayerKind.Conv2D conv => conv.Activation,
        LayerKind.DepthwiseConv2D conv => conv.Activation,
        LayerKind.Dense dense => dense.Activation,
        LayerKind.Activate activate => activate.Activation,
        _ => Activation.Linear,
    };

    /// <summary>The later of two inputs that can add the other one to its sums.</summary>
    private (Operation Product, string Added)? Addition(Layer layer)
    {
        var (left, right) = (layer.Inputs[0], layer.Inputs[1]);
        var (later, other) = _places[left] > _places[right] ? (left, right) : (right, left);
        return later != other && Sole(later) is { IsProduct: true, IsOpen: true, Added: null } product ? (product, other) : null;
    }

    /// <summary>Two 1x1 convolutions that are read by nothing but their addition: the products of the later one begin the sums.</summary>
    private (Operation Product, Operation Shortcut)? TwoProducts(Layer layer)
    {
        if (layer.Inputs[0] == layer.Inputs[1])
            return null;
        var (later, other) = _places[layer.Inputs[0]] > _places[layer.Inputs[1]] ? (layer.Inputs[0], layer.Inputs[1]) : (layer.Inputs[1], layer.Inputs[0]);
        return Sole(later) is { IsPlainPixelProduct: true } product && Sole(other) is { IsPlainPixelProduct: true } shortcut
            && SharesSegments(product, shortcut) ? (product, shortcut) : null;
    }

    /// <summary>The channels of both can be taken in segments of one length that is worth moving to.</summary>
    private bool SharesSegments(Operation product, Operation shortcut) => BigInteger.GreatestCommonDivisor(
        _shapes[product.Inputs[0]].Channels!.Value, _shapes[shortcut.Inputs[0]].Channels!.Value) >= Tuning.FewestChannelsOfSegment;

    /// <summary>The operation of a layer whose output nothing else reads.</summary>
    private Operation? Sole(string layer) => _uses[layer] == 1 ? _operations[_places[layer]] : null;

    private void Append(Operation operation)
    {
        _places[operation.Name] = _operations.Count;
        _operations.Add(operation);
    }

    private void Replace(Operation old, Operation operation)
    {
        _places[operation.Name] = _places[old.Name];
        _operations[_places[old.Name]] = operation;
    }

    private void Remove(Operation operation) => _operations[_places[operation.Name]] = null;
}
