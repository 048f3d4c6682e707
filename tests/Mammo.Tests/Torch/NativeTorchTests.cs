using Mammo.PowerShell.Common;
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

    /// <summary>In a process that has not loaded it yet.</summary>
    [Fact]
    public void Threads_that_load_it_at_once_can_all_use_it() =>
        Assert.Equal(Enumerable.Repeat("24", LoadTorchTask.ThreadCount), ChildProcess.RunTask(LoadTorchTask.Name).Lines);
}
