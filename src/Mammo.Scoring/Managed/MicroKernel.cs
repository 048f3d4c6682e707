using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Six rows times one panel of weights, the innermost loop of every convolution and dense layer: 6 × 64 sums in 24 registers of AVX-512, 6 × 16 in 12 of
/// AVX2. A value of a row is loaded once and multiplied by a whole
/// row of the panel; the rows need not be packed.
/// </summary>
internal static unsafe class MicroKernel<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Rows of a group.</summary>
    public const int Rows = RowTable.GroupRows;

    // Products that are summed at a stretch: of one segment, and of several in one call, where fewer cost no time. Segments of more than 128 values come one
    // by one (see BlockProduct), so theirs are the longer sums, whatever they are segments of.
    private const int Depth = 128;
    private const int DepthOfTaps = 64;

    /// <summary>Computes sums[r] (+)= Σ over segments and k of rows[r][k] · panel[k], k ascending, in parts of at most <see cref="Depth"/>.</summary>
    /// <param name="registers">Width of the panel in registers, 1 to 4.</param>
    /// <param name="origin">What the offsets count from.</param>
    /// <param name="offsets">For each segment, where it begins in each of the six rows.</param>
    /// <param name="segments">Runs of values that a row consists of.</param>
    /// <param name="length">Values of a segment.</param>
    /// <param name="panel">Weights, a row of the panel for each value.</param>
    /// <param name="sums">Six rows of sums.</param>
    /// <param name="stride">From one row of sums to the next.</param>
    /// <param name="adds">Add to the sums instead of replacing them.</param>
    /// <param name="next">Where what is needed later begins, of which a line is fetched for each k; null for nothing.</param>
    public static void Run(
        int registers, float* origin, nint* offsets, int segments, nint length, float* panel, float* sums, nint stride, bool adds, float* next)
    {
        if (next is null)
            Run<Nothing>(registers, origin, offsets, segments, length, panel, sums, stride, adds, next);
        else
            Run<Lines>(registers, origin, offsets, segments, length, panel, sums, stride, adds, next);
    }

    private static void Run<TAhead>(
        int registers, float* origin, nint* offsets, int segments, nint length, float* panel, float* sums, nint stride, bool adds, float* next)
        where TAhead : struct, IAhead
    {
        switch (registers)
        {
            case 4:
                Run<Row4<TLanes>, TAhead>(origin, offsets, segments, length, panel, sums, stride, adds, next);
                break;
            case 3:
                Run<Row3<TLanes>, TAhead>(origin, offsets, segments, length, panel, sums, stride, adds, next);
                break;
            case 2:
                Run<Row2<TLanes>, TAhead>(origin, offsets, segments, length, panel, sums, stride, adds, next);
                break;
            default:
                Run<Row1<TLanes>, TAhead>(origin, offsets, segments, length, panel, sums, stride, adds, next);
                break;
        }
    }

    // Not inlined: beside others it would run out of registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<TRow, TAhead>(
        float* origin, nint* offsets, int segments, nint length, float* panel, float* sums, nint stride, bool adds, float* next)
        where TRow : struct, IRow<TRow, TLanes>
        where TAhead : struct, IAhead
    {
        // Sums of few products each, added up: their rounding errors grow with the length of one, not with the depth.
        nint depth = segments > 1 ? DepthOfTaps : Depth;
        var together = length < depth ? (int)(depth / length) : 1;
        for (; segments > 0; segments -= together)
        {
            var end = Math.Min(together, segments);
            for (nint start = 0; start < length; start += depth)
            {
                var count = Math.Min(depth, length - start);
                TRow sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
                for (var segment = 0; segment < end; segment++)
                {
                    var at = offsets + (segment * Rows);
                    float* row0 = origin + at[0] + start, row1 = origin + at[1] + start, row2 = origin + at[2] + start;
                    float* row3 = origin + at[3] + start, row4 = origin + at[4] + start, row5 = origin + at[5] + start;
                    for (nint k = 0; k < count; k++)
                    {
                        var weights = TRow.Load(panel);
                        panel += TRow.Width;
                        next = TAhead.Fetch(next);
                        sum0 = TRow.MultiplyAdd(TLanes.Of(row0[k]), weights, sum0);
                        sum1 = TRow.MultiplyAdd(TLanes.Of(row1[k]), weights, sum1);
                        sum2 = TRow.MultiplyAdd(TLanes.Of(row2[k]), weights, sum2);
                        sum3 = TRow.MultiplyAdd(TLanes.Of(row3[k]), weights, sum3);
                        sum4 = TRow.MultiplyAdd(TLanes.Of(row4[k]), weights, sum4);
                        sum5 = TRow.MultiplyAdd(TLanes.Of(row5[k]), weights, sum5);
                    }
                }

                if (adds)
                {
                    sum0 = sum0.Add(sums);
                    sum1 = sum1.Add(sums + stride);
                    sum2 = sum2.Add(sums + (2 * stride));
                    sum3 = sum3.Add(sums + (3 * stride));
                    sum4 = sum4.Add(sums + (4 * stride));
                    sum5 = sum5.Add(sums + (5 * stride));
                }

                sum0.Store(sums);
                sum1.Store(sums + stride);
                sum2.Store(sums + (2 * stride));
                sum3.Store(sums + (3 * stride));
                sum4.Store(sums + (4 * stride));
                sum5.Store(sums + (5 * stride));
                adds = true;
            }

            offsets += end * Rows;
        }
    }

    /// <summary>What is fetched during the products. Two kernels: even a prefetch of what is there already costs 4 %.</summary>
    private interface IAhead
    {
        /// <summary>Fetches something; returns what comes next.</summary>
        static abstract float* Fetch(float* next);
    }

    private readonly struct Nothing : IAhead
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* Fetch(float* next) => next;
    }

    private readonly struct Lines : IAhead
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static float* Fetch(float* next)
        {
            Cache.FetchLater(next);
            return next + Cache.Line;
        }
    }
}
