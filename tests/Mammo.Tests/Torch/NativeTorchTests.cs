using Mammo.Torch;
using TorchSharp;

namespace Mammo.Tests.Torch;

public sealed class NativeTorchTests
{
    [Fact]
    public void A_tensor_can_be_made()
    {
        NativeTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        var product = torch.ones(3, 4).matmul(torch.ones(4, 2));
        Assert.Equal([3, 2], product.shape);
        Assert.Equal(24f, product.sum().item<float>());
    }

    [Fact]
    public void Loading_from_many_threads_at_once_happens_once() =>
        Parallel.For(0, 16, _ => NativeTorch.EnsureLoaded());
}
