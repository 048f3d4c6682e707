using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// What <see cref="Finish{TLanes}"/> does, unrolled for six pixels and a full panel: behind products of a small depth, loops would take a fifth of the time.
/// </summary>
internal static unsafe class GroupFinish<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private const int Rows = MicroKernel<TLanes>.Rows;

    /// <summary>Begins to fetch a panel of six pixels of a map.</summary>
    /// <param name="map">The panel's first channel of pixel 0.</param>
    /// <param name="stride">Values from one pixel to the next.</param>
    /// <param name="pixels">Numbers of the pixels.</param>
    // Not inlined: in the loop over groups, the compiler calls what it can not inline any more, for each row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Fetch(float* map, nint stride, nint* pixels)
    {
        Fetch(map + (pixels[0] * stride));
        Fetch(map + (pixels[1] * stride));
        Fetch(map + (pixels[2] * stride));
        Fetch(map + (pixels[3] * stride));
        Fetch(map + (pixels[4] * stride));
        Fetch(map + (pixels[5] * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* pixel)
    {
        if (TLanes.PanelRegisters * TLanes.Count > Cache.Line)
            Cache.FetchFour(pixel);
        else
            Cache.FetchLine(pixel);
    }

    /// <summary>Adds biases and another map to the sums and stores them.</summary>
    /// <param name="sums">Six rows of sums.</param>
    /// <param name="sumStride">From one row to the next.</param>
    /// <param name="bias">Biases of the panel's channels.</param>
    /// <param name="added">What is added to the panel's first channel of pixel 0; null for nothing.</param>
    /// <param name="addedStride">Values from one pixel to the next.</param>
    /// <param name="output">The output's first channel of the panel of pixel 0.</param>
    /// <param name="stride">Values from one pixel to the next.</param>
    /// <param name="pixels">Numbers of the pixels.</param>
    /// <param name="relu">max(x, 0) at the end.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(
        float* sums, nint sumStride, float* bias, float* added, nint addedStride, float* output, nint stride, nint* pixels, bool relu)
    {
        if (TLanes.PanelRegisters == 4)
            Store<Row4<TLanes>>(sums, sumStride, bias, added, addedStride, output, stride, pixels, relu);
        else
            Store<Row2<TLanes>>(sums, sumStride, bias, added, addedStride, output, stride, pixels, relu);
    }

    // Not inlined: beside others it would run out of registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Store<TRow>(
        float* sums, nint sumStride, float* bias, float* added, nint addedStride, float* output, nint stride, nint* pixels, bool relu)
        where TRow : struct, IRow<TRow, TLanes>
    {
        var biases = TRow.Load(bias);
        for (var row = 0; row < Rows; row++, sums += sumStride)
        {
            var values = biases.Add(sums);
            if (added is not null)
                values = values.Add(added + (pixels[row] * addedStride));
            if (relu)
                values = values.Relu();
            values.Store(output + (pixels[row] * stride));
        }
    }
}
