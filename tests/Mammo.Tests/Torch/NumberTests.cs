using System.Buffers.Binary;
using System.Reflection;
using Mammo.Torch;
using TorchSharp;

namespace Mammo.Tests.Torch;

public sealed class NumberTests
{
    private const byte Call = 0x28;
    private const byte CallVirtual = 0x6F;
    private static readonly Dictionary<MethodBase, bool> Known = [];

    /// <summary>A number that is converted on the spot may be freed while torch reads it (<see cref="Number"/>).</summary>
    [Fact]
    public void Numbers_for_torch_come_from_Number()
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var methods = typeof(Network).Assembly.GetTypes().SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
            .ToArray();
        var converting = methods.Where(Converts).ToLookup(method => method.DeclaringType == typeof(Number));
        Assert.Single(converting[true]);
        Assert.Equal(
            "", string.Join("\n",
            converting[false].Select(method => $"{method.DeclaringType!.FullName}.{method.Name}: {string.Join(", ", Called(method).Where(Makes))}")));
    }

    [Fact]
    public async Task Numbers_outlive_garbage_collections_on_other_threads()
    {
        const int Count = 300_000;
        NativeTorch.EnsureLoaded();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var started = new ManualResetEventSlim();
        var collector = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    GC.Collect(0);
                    GC.WaitForPendingFinalizers();
                    started.Set();
                }
            },
            TestContext.Current.CancellationToken);
        started.Wait(TestContext.Current.CancellationToken);
        using var sum = torch.zeros(1, torch.float64);
        using var one = torch.ones(1, torch.float64);
        try
        {
            for (var i = 0; i < Count; i++)
                sum.add_(one, alpha: Number.Of(0.5));
        }
        finally
        {
            await stop.CancelAsync();
            await collector;
        }

        Assert.Equal(0.5 * Count, sum.item<double>());
    }

    /// <summary>Directly, or in a method of TorchSharp that it calls (operators with a number).</summary>
    private static bool Converts(MethodBase method) => Called(method).Any(Makes);

    private static bool Makes(MethodBase called)
    {
        if (IsConversion(called))
            return true;
        if (called.DeclaringType is not { } owner || owner.Assembly != typeof(Scalar).Assembly || owner == typeof(Scalar))
            return false;
        if (Known.TryGetValue(called, out var known))
            return known;

        // Methods that call each other end here.
        Known[called] = false;
        return Known[called] = Called(called).Any(Makes);
    }

    private static bool IsConversion(MethodBase called) =>
        called.Name is "op_Implicit" or "ToScalar" && called is MethodInfo { ReturnType: var made } && made == typeof(Scalar);

    private static IEnumerable<MethodBase> Called(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] is Call or CallVirtual && Resolve(method, BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(i + 1))) is { } called)
                yield return called;
        }
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        try
        {
            // References to methods of other assemblies, or methods of the same.
            return token >> 24 is 0x0A or 0x06 ? method.Module.ResolveMethod(token) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
