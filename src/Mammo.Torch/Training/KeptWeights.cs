using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mammo.Networks.Graphs;
using TorchSharp;

namespace Mammo.Torch.Training;

/// <summary>All weights of a network by name, as bytes of the type in which they are trained.</summary>
/// <param name="Type">Float32 or float64.</param>
/// <param name="Values">Values by weight name.</param>
internal sealed record KeptWeights(torch.ScalarType Type, ImmutableDictionary<string, byte[]> Values)
{
    /// <summary>A copy of a network's weights.</summary>
    public static KeptWeights Of(Network network) => new(
        network.Weights[0].Value.dtype,
        network.Weights.ToImmutableDictionary(weight => weight.Plan.Name, weight => TensorBytes.Of(weight.Value), StringComparer.Ordinal));

    /// <summary>Puts the weights into a network.</summary>
    /// <exception cref="InvalidDataException">They are of another network.</exception>
    public void CopyTo(Network network)
    {
        foreach (var weight in network.Weights)
            TensorBytes.CopyTo(Values.GetValueOrDefault(weight.Plan.Name, []), weight.Value);
    }

    /// <summary>The weights as models keep them: float32.</summary>
    public IReadOnlyDictionary<string, Weight> ToModel(LayerGraph graph) =>
        WeightPlan.Of(graph).ToDictionary(plan => plan.Name, plan => new Weight(plan.Shape, Floats(Values[plan.Name])), StringComparer.Ordinal);

    private float[] Floats(byte[] bytes) => Type == torch.ScalarType.Float64
        ? Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), value => (float)value)
        : MemoryMarshal.Cast<byte, float>(bytes).ToArray();
}

/// <summary>Values of tensors as bytes in canonical (C) order and their own type: what checkpoints and kept weights are made of.</summary>
internal static class TensorBytes
{
    /// <summary>A copy of the values.</summary>
    public static byte[] Of(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().cpu().contiguous().bytes.ToArray();
    }

    /// <summary>Puts values that <see cref="Of"/> gave into a tensor of the same shape and type.</summary>
    /// <exception cref="InvalidDataException">The lengths differ.</exception>
    public static void CopyTo(byte[] values, torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var canonical = torch.empty(tensor.shape, tensor.dtype);
        if (canonical.bytes.Length != values.Length)
            throw new InvalidDataException($"{values.Length} bytes do not make a tensor of {canonical.bytes.Length}");
        values.CopyTo(canonical.bytes);
        tensor.copy_(canonical);
    }
}
