using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>What is done to the sums of a product before they are stored: bias, another map added, ReLU.</summary>
/// <param name="bias">Biases of all outputs, filled up with zeros to whole blocks.</param>
/// <param name="relu">max(x, 0) at the end.</param>
internal readonly unsafe struct Finish<TLanes>(float* bias, bool relu)
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Finishes a register.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="channel">Channel of its first lane.</param>
    /// <param name="addend">What is added, null for nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply(TLanes sums, int channel, float* addend)
    {
        var value = sums + TLanes.Load(bias + channel);
        if (addend is not null)
            value += TLanes.Load(addend + channel);
        return relu ? value.Relu() : value;
    }

    /// <summary>Finishes and stores some channels of a pixel.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="first">The first of the channels.</param>
    /// <param name="width">How many there are sums of; whole registers.</param>
    /// <param name="addend">The pixel of the map that is added; null for nothing.</param>
    /// <param name="target">The pixel of the output.</param>
    /// <param name="channels">How many channels the output has.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* sums, int first, int width, float* addend, float* target, int channels)
    {
        for (var lane = 0; lane < width; lane += TLanes.Count)
            Store(Apply(TLanes.Load(sums + lane), first + lane, addend), target + first + lane, channels - first - lane);
    }

    /// <summary>Stores the first lanes of a register.</summary>
    /// <param name="value">The register.</param>
    /// <param name="target">Where to.</param>
    /// <param name="count">Number of lanes; all where there are more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TLanes value, float* target, int count)
    {
        if (count >= TLanes.Count)
            value.Store(target);
        else
            StoreSome(value, target, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSome(TLanes value, float* target, int count)
    {
        var all = stackalloc float[TLanes.Count];
        value.Store(all);
        for (var lane = 0; lane < count; lane++)
            target[lane] = all[lane];
    }
}
