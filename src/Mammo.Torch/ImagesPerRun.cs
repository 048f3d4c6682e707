using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Torch;

/// <summary>Images that go through a network at once where nothing is learnt, so that none touches another.</summary>
internal static class ImagesPerRun
{
    /// <summary>
    /// As many as one layer takes in half a second, between which a run can be cancelled, and as fit the memory budget; at least one. A GPU is given whole
    /// batches.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="size">Rows and columns of the images.</param>
    public static int Of(Network network, ImageSize size)
    {
        if (network.Device.type != TorchSharp.DeviceType.CPU)
            return int.MaxValue;
        var heaviest = Math.Max(1, ComputeCost.ByLayer(network.Graph, size).Max());
        var memory = Math.Max(1, ActivationMemory.Peak(network.Graph, size));
        return (int)Math.Clamp(Math.Min(ComputeCost.MostInCall / heaviest, DecodingBudget.Bytes / memory), 1, int.MaxValue);
    }
}
