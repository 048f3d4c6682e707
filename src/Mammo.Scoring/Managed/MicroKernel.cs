using System.Runtime.CompilerServices;
using unsafe Kernel = delegate*<float*, nint*, int, nint, float*, float*, nint, bool, float*, void>;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Six rows times one panel of weights, the innermost loop of every convolution and dense layer: 6 × 64 sums in 24 registers of AVX-512, 6 × 16 in 12 of
/// AVX2. A value of a row is loaded once and multiplied by a whole row of the panel; the rows need not be packed.
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

    /// <summary>
    /// The kernel for panels of a width: sums[r] (+)= Σ over segments and k of rows[r][k] · panel[k], k ascending, in parts of at most
    /// <see cref="Depth"/>. Chosen once a panel: it is called for every six rows.
    /// </summary>
    /// <remarks>
    /// Its parameters: what the offsets count from; for each segment, where it begins in each of the six rows; the number of segments, runs of values that a
    /// row consists of; values of a segment; weights, a row of the panel for each value; six rows of sums; from one of them to the next; whether to add to the
    /// sums instead of replacing them; where what is needed later begins, of which the fetching kernel fetches a line for each k.
    /// </remarks>
    /// <param name="registers">Width of the panel in registers, 1 to 4.</param>
    /// <param name="fetches">It fetches what is needed later.</param>
    public static Kernel Of(int registers, bool fetches) => fetches ? Of<Lines>(registers) : Of<Nothing>(registers);

    private static Kernel Of<TAhead>(int registers)
        where TAhead : struct, IAhead
    {
        return registers switch
        {
            4 => &Run<Row4<TLanes>, TAhead>,
            3 => &Run<Row3<TLanes>, TAhead>,
            2 => &Run<Row2<TLanes>, TAhead>,
            _ => &Run<Row1<TLanes>, TAhead>,
        };
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
        var together = segments > 1 && length < depth ? (int)(depth / length) : 1;
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
                    nint k = 0;
                    for (; k < count - 1; k += 2)
                    {
                        next = TAhead.Fetch(next);
                        AddProducts(panel, row0, row1, row2, row3, row4, row5, k, 0, ref sum0, ref sum1, ref sum2, ref sum3, ref sum4, ref sum5);
                        next = TAhead.Fetch(next);
                        AddProducts(
                            panel + TRow.Width, row0, row1, row2, row3, row4, row5, k, 1,
                            ref sum0, ref sum1, ref sum2, ref sum3, ref sum4, ref sum5);
                        panel += 2 * TRow.Width;
                    }

                    if (k < count)
                    {
                        next = TAhead.Fetch(next);
                        AddProducts(panel, row0, row1, row2, row3, row4, row5, k, 0, ref sum0, ref sum1, ref sum2, ref sum3, ref sum4, ref sum5);
                        panel += TRow.Width;
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

    /// <summary>Adds the products of value k + ahead of each row and a row of the panel to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts<TRow>(
        float* panel, float* row0, float* row1, float* row2, float* row3, float* row4, float* row5, nint k, nint ahead,
        ref TRow sum0, ref TRow sum1, ref TRow sum2, ref TRow sum3, ref TRow sum4, ref TRow sum5)
        where TRow : struct, IRow<TRow, TLanes>
    {
        var weights = TRow.Load(panel);
        sum0.AddProduct(TLanes.Of(row0[k + ahead]), weights);
        sum1.AddProduct(TLanes.Of(row1[k + ahead]), weights);
        sum2.AddProduct(TLanes.Of(row2[k + ahead]), weights);
        sum3.AddProduct(TLanes.Of(row3[k + ahead]), weights);
        sum4.AddProduct(TLanes.Of(row4[k + ahead]), weights);
        sum5.AddProduct(TLanes.Of(row5[k + ahead]), weights);
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
