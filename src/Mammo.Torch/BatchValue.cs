using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>Values of a layer for a batch, as one tensor or as one for each image.</summary>
/// <param name="parts">The whole batch, or its images one by one; owned.</param>
internal sealed class BatchValue(params Tensor[] parts) : IDisposable
{
    /// <summary>Images in the batch.</summary>
    public int Images => parts.Length == 1 ? (int)parts[0].shape[0] : parts.Length;

    /// <summary>The values of one image, or of all where it is null; not to be changed.</summary>
    public Tensor Of(int? image) => (image, parts.Length) switch
    {
        (null, 1) => parts[0],
        (null, _) => cat(parts),
        ({ } one, 1) => parts[0].narrow(0, one, 1),
        ({ } one, _) => parts[one],
    };

    /// <summary>The same as the start of a new graph of autograd.</summary>
    public Tensor Leaf(int? image, bool requiresGradient)
    {
        using var scope = NewDisposeScope();
        return Of(image).detach().requires_grad_(requiresGradient).MoveToOuterDisposeScope();
    }

    /// <summary>Adds values of the same shape in place.</summary>
    public void Add(BatchValue other)
    {
        using var scope = NewDisposeScope();
        if (parts.Length == 1)
        {
            parts[0].add_(other.Of(null), Number.Of(1));
            return;
        }

        for (var image = 0; image < parts.Length; image++)
            parts[image].add_(other.Of(image), Number.Of(1));
    }

    /// <summary>Lets the values outlive a scope, if they are its own.</summary>
    public void MoveOutOf(DisposeScope scope)
    {
        foreach (var part in parts.Where(scope.Contains))
            part.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in parts)
            part.Dispose();
    }
}
