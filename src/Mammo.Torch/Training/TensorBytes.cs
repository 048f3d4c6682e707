using TorchSharp;

namespace Mammo.Torch.Training;

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
