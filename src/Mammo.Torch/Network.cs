using System.Collections.Frozen;
using System.Collections.Immutable;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>
/// A graph with its weights on a device in a precision. Tensors that go in and come out are in the network's order (<see cref="Layout"/>): (n, channels,
/// rows, columns) with the channels last in memory, or (n, values).
/// Running it changes nothing but, in training, moving statistics; callers wrap each batch in a <see cref="DisposeScope"/>.
/// </summary>
internal sealed class Network : IDisposable
{
    private readonly FrozenDictionary<string, Tensor> _tensors;
    private readonly ScalarType _type;
    private readonly bool _isForTraining;

    /// <summary>Copies weights to a device.</summary>
    /// <param name="graph">The network; the number of input channels of every layer with weights is fixed.</param>
    /// <param name="weights">Weights by path name; those that the network does not have are ignored.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="precision">What it computes in.</param>
    /// <param name="forTraining">
    /// Keeps the weights of a bfloat16 network in float32 (small updates would be lost in bfloat16) and casts them at each use.
    /// </param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelWeightMismatch"/>: a weight is missing or has another size.</exception>
    public Network(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, Device device, Precision precision, bool forTraining = false)
    {
        ArgumentNullException.ThrowIfNull(graph);
        NativeTorch.EnsureLoaded();
        (Graph, Device, Precision, _isForTraining, _type) = (graph, device, precision, forTraining, ScalarTypeOf(precision));
        Overwrites = new Overwriting(graph);
        using var scope = NewDisposeScope();
        Weights = [.. WeightPlan.Of(graph).Select(plan => new NetworkWeight(plan, Place(plan, weights).DetachFromDisposeScope()))];
        _tensors = Weights.ToFrozenDictionary(weight => weight.Plan.Name, weight => weight.Value, StringComparer.Ordinal);
    }

    /// <summary>The network without weights.</summary>
    public LayerGraph Graph { get; }

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>What it computes in.</summary>
    public Precision Precision { get; }

    /// <summary>All weights in the order of <see cref="WeightPlan"/>.</summary>
    public ImmutableArray<NetworkWeight> Weights { get; }

    /// <summary>Which outputs may be overwritten by the layer behind them.</summary>
    internal Overwriting Overwrites { get; }

    /// <summary>The tensor of a weight.</summary>
    public Tensor this[string weightName] => _tensors[weightName];

    /// <summary>Runs the network.</summary>
    /// <param name="inputs">One tensor per input of the graph, in its order; <see cref="Place(Tensor)"/> makes them.</param>
    /// <param name="pass">Inference or a training step.</param>
    /// <returns>One tensor per output of the graph, in its order; those of a bfloat16 network in float32.</returns>
    public Tensor[] Forward(IReadOnlyList<Tensor> inputs, Pass pass)
    {
        var outputs = Forward(inputs, pass, Graph.Outputs.ToFrozenSet(StringComparer.Ordinal));
        return [.. Graph.Outputs.Select(name => outputs[name])];
    }

    /// <summary>Runs the network as far as it must to return the outputs of the named layers.</summary>
    public IReadOnlyDictionary<string, Tensor> Forward(IReadOnlyList<Tensor> inputs, Pass pass, IReadOnlySet<string> layerNames)
    {
        var end = layerNames.Max(name => Graph.Layers.IndexOf(Graph[name])) + 1;
        var values = new Walk(this, pass).Run(0, end, Named(inputs), layerNames);
        return values.ToDictionary(pair => pair.Key, pair => Result(pair.Value), StringComparer.Ordinal);
    }

    /// <summary>A tensor in Keras's order, batch axis first, as an input of the network: its order, type and device.</summary>
    public Tensor Place(Tensor keras) => Layout.ToNetwork(Typed(keras.to(Device)));

    /// <summary>Sets which weights are given gradients; moving statistics never are.</summary>
    /// <param name="weightNames">Path names of weights (<c>dense_1/kernel</c>).</param>
    public void SetTrainable(IReadOnlySet<string> weightNames)
    {
        foreach (var (plan, value) in Weights)
            value.requires_grad = plan.IsTrainable && weightNames.Contains(plan.Name);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var weight in Weights)
            weight.Value.Dispose();
    }

    /// <summary>Inputs by the names of their layers.</summary>
    internal Dictionary<string, Tensor> Named(IReadOnlyList<Tensor> inputs)
    {
        var names = Graph.Inputs;
        return names.Length == inputs.Count
            ? names.Zip(inputs).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
            : throw new ArgumentException($"Network '{Graph.Name}' has {names.Length} inputs, not {inputs.Count}.", nameof(inputs));
    }

    /// <summary>The type in which tensors with that many axes run.</summary>
    internal ScalarType TypeOf(long dimensions) => _type == ScalarType.BFloat16 && dimensions != 4 ? ScalarType.Float32 : _type;

    /// <summary>The tensor in the type in which it runs.</summary>
    internal Tensor Typed(Tensor tensor)
    {
        var type = TypeOf(tensor.dim());
        return tensor.dtype == type ? tensor : tensor.to(type);
    }

    /// <summary>The tensor as a result.</summary>
    internal static Tensor Result(Tensor tensor) => tensor.dtype == ScalarType.BFloat16 ? tensor.to(ScalarType.Float32) : tensor;

    private static ScalarType ScalarTypeOf(Precision precision) => precision switch
    {
        Precision.Float32 => ScalarType.Float32,
        Precision.Float64 => ScalarType.Float64,
        Precision.BFloat16 => ScalarType.BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };

    private static Tensor Canonical(WeightShape plan, IReadOnlyDictionary<string, Weight> weights) =>
        weights.TryGetValue(plan.Name, out var weight) && weight.Values.LongLength == plan.Elements
            ? tensor(weight.Values, [.. plan.Shape.Select(size => (long)size)])
            : throw new MammoException(ErrorIds.ModelWeightMismatch, $"Weight '{plan.Name}' is missing or has not {plan.Elements} values.", target: plan.Name);

    private Tensor Place(WeightShape plan, IReadOnlyDictionary<string, Weight> weights)
    {
        var type = _type == ScalarType.BFloat16 && _isForTraining ? ScalarType.Float32 : TypeOf(plan.Shape.Length);

        // Into torch's own, aligned memory: a tensor made of a managed array lies where the array lay, and the rounding of vectorised sums would change with
        // that from run to run.
        return Layout.ChannelsLast(Canonical(plan, weights).to(type, Device)).clone();
    }
}

/// <summary>A weight of a network on its device.</summary>
/// <param name="Plan">Its name and canonical shape.</param>
/// <param name="Value">
/// The tensor that the network runs on: changing its values in place changes the network. Four-dimensional ones have the channels last in memory.
/// </param>
internal sealed record NetworkWeight(WeightShape Plan, Tensor Value);
