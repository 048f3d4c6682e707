using TorchSharp;

namespace Mammo.Tests.Torch.Training;

/// <summary>Weights in Keras's layout.</summary>
internal static class KerasOrder
{
    /// <summary>Values of a tensor in canonical layout, in the order in which Keras stores them (convolutions rows, columns, in, out; dense in, out). Not for
    /// depthwise kernels.</summary>
    public static double[] Of(torch.Tensor canonical)
    {
        using var scope = torch.NewDisposeScope();
        var keras = canonical.dim() switch
        {
            4 => canonical.permute(2, 3, 1, 0),
            2 => canonical.t(),
            _ => canonical,
        };
        return keras.detach().to_type(torch.ScalarType.Float64).contiguous().data<double>().ToArray();
    }
}
