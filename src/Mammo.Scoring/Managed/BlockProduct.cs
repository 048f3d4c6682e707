using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>What becomes of the sums of six rows when they are complete.</summary>
internal unsafe interface ISumTaker
{
    /// <summary>It takes the sums at once; otherwise they stay where they are.</summary>
    static abstract bool TakesSums { get; }

    /// <summary>Says that some columns of a group's sums come next, so that the memory which they go to is fetched meanwhile.</summary>
    void Expect(int group, int column, int width);

    /// <summary>Takes some columns of a group's sums.</summary>
    /// <param name="group">Number of the group.</param>
    /// <param name="column">The first column within the block.</param>
    /// <param name="width">Number of columns; whole registers.</param>
    /// <param name="sums">The sums of the first row, from that column on.</param>
    void Take(int group, int column, int width, float* sums);
}

/// <summary>Rows times one block of packed weights: panels, then pieces of the depth that stay in the cache, then groups of six rows.</summary>
internal static unsafe class BlockProduct<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Computes the sums of all rows.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="block">Block of outputs.</param>
    /// <param name="plane">Plane.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="origin">What the rows' offsets count from.</param>
    /// <param name="sums">The block's sums of the first row; there are spare rows to the end of a group.</param>
    /// <param name="stride">From the sums of one row to those of the next.</param>
    /// <param name="taker">What becomes of them. By <c>ref</c>, though it is not changed: of an <c>in</c> parameter each call would take a copy.</param>
    /// <param name="following">Weights that are needed after these; null where all are near, and none are fetched.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TTaker>(
        PackedWeights<TLanes> weights, int block, int plane, in RowTable rows, float* origin, float* sums, nint stride, ref TTaker taker,
        float* following)
        where TTaker : struct, ISumTaker
    {
        var panel = weights.Plane(block, plane);
        var width = weights.Width(block);
        for (var column = 0; column < width; column += PackedWeights<TLanes>.PanelWidth)
        {
            var panelWidth = Math.Min(PackedWeights<TLanes>.PanelWidth, width - column);
            var next = panel + ((long)panelWidth * weights.Depth);
            var isFirst = block == 0 && column == 0;
            var after = column + panelWidth < width && following is not null ? next : following;
            Panel(rows, origin, panel, column, panelWidth, sums + column, stride, ref taker, rows.AreFar && isFirst, after);
            panel = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel<TTaker>(
        in RowTable rows, float* origin, float* panel, int column, int width, float* sums, nint stride, ref TTaker taker, bool fetchesRows,
        float* following)
        where TTaker : struct, ISumTaker
    {
        var registers = width / TLanes.Count;
        var kernel = MicroKernel<TLanes>.Of(registers, fetches: false);
        var fetchingKernel = MicroKernel<TLanes>.Of(registers, fetches: true);
        var together = Math.Max(1, Tuning.PieceOfSegments / rows.Length);

        // Sums that are taken at once need no place of their own for each group: they stay in the first level of the cache.
        var isOnePiece = together >= rows.Segments && rows.Length <= Tuning.Piece;
        var groupStride = TTaker.TakesSums && isOnePiece ? 0 : MicroKernel<TLanes>.Rows * stride;
        for (var segment = 0; segment < rows.Segments; segment += together)
        {
            var segments = Math.Min(together, rows.Segments - segment);
            for (var start = 0; start < rows.Length; start += Tuning.Piece)
            {
                var length = Math.Min(Tuning.Piece, rows.Length - start);
                var isLast = segment + segments == rows.Segments && start + length == rows.Length;

                // The next piece comes from far away too: groups fetch a line of it for each product of a row, until they have all.
                var products = (nint)segments * length;
                var next = isLast || following is null ? following : panel + (products * width);
                var fetching = (width + Cache.Line - 1) / Cache.Line;
                for (var group = 0; group < rows.Groups; group++)
                {
                    var target = sums + (group * groupStride);
                    if (isLast)
                        taker.Expect(group, column, width);
                    if (fetchesRows && group + 1 < rows.Groups)
                        Fetch(origin + start, rows.Of(group + 1, segment), segments, length);
                    var offsets = rows.Of(group, segment);
                    if (next is not null && group < fetching)
                    {
                        var lines = next + (group * products * Cache.Line);
                        fetchingKernel(origin + start, offsets, segments, length, panel, target, stride, segment + start > 0, lines);
                    }
                    else
                    {
                        kernel(origin + start, offsets, segments, length, panel, target, stride, segment + start > 0, null);
                    }

                    if (isLast)
                        taker.Take(group, column, width, target);
                }

                panel += products * width;
            }
        }
    }

    /// <summary>Rows come from far away when they are read first; the next group's are asked for while one is computed.</summary>
    private static void Fetch(float* origin, nint* offsets, int segments, int length)
    {
        for (var row = 0; row < segments * RowTable.GroupRows; row++)
            Cache.Fetch(origin + offsets[row], length);
    }
}

/// <summary>Leaves the sums where they are.</summary>
internal readonly unsafe struct SumsStay : ISumTaker
{
    /// <inheritdoc/>
    public static bool TakesSums => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect(int group, int column, int width)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int group, int column, int width, float* sums)
    {
    }
}
