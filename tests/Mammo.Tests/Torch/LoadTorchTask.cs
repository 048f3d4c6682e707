using Mammo.Torch;
using TorchSharp;

namespace Mammo.Tests.Torch;

/// <summary>Loads libtorch from many threads at once.</summary>
internal static class LoadTorchTask
{
    public const string Name = "load-torch";
    public const int ThreadCount = 16;

    /// <summary>Writes a line for each thread: the sum of a product of ones, 24.</summary>
    public static void Run(string[] arguments)
    {
        Assert.Empty(arguments);
        using var barrier = new Barrier(ThreadCount);
        var threads = Enumerable.Range(0, ThreadCount).Select(_ => new Thread(Multiply)).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        void Multiply()
        {
            barrier.SignalAndWait();
            NativeTorch.EnsureLoaded();
            using var scope = torch.NewDisposeScope();
            Console.WriteLine(torch.ones(3, 4).matmul(torch.ones(4, 2)).sum().item<float>());
        }
    }
}
