using System.Collections.Frozen;
using Mammo.Networks.Graphs;
using Mammo.Torch;
using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

/// <summary>What a network holds, for comparison.</summary>
internal static class NetworkWeights
{
    /// <summary>The weights as they are stored: canonical layout, float32.</summary>
    public static IReadOnlyDictionary<string, Weight> CopyWeights(this Network network)
    {
        using var scope = NewDisposeScope();
        return network.Weights.ToFrozenDictionary(
            weight => weight.Plan.Name,
            weight => new Weight(weight.Plan.Shape, weight.Value.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray()),
            StringComparer.Ordinal);
    }
}
