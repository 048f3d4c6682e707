using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>Rows times one block of packed weights: panels, then pieces of the depth that stay in the cache, then groups of six rows.</summary>
internal static unsafe class BlockProduct<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    // A piece of a panel: 64 KB of AVX-512, 16 KB of AVX2. It is read again for every group of rows.
    private static readonly int Piece = int.TryParse(Environment.GetEnvironmentVariable("PIECE"), out var v) ? v : 256;

    /// <summary>Computes the sums of all rows.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="block">Block of outputs.</param>
    /// <param name="plane">Plane.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="origin">What the rows' offsets count from.</param>
    /// <param name="sums">The block's sums of the first row; there are spare rows to the end of a group.</param>
    /// <param name="stride">From the sums of one row to those of the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(PackedWeights<TLanes> weights, int block, int plane, in RowTable rows, float* origin, float* sums, nint stride)
    {
        var panel = weights.Plane(block, plane);
        var width = weights.Width(block);
        for (var column = 0; column < width; column += PackedWeights<TLanes>.PanelWidth)
        {
            var panelWidth = Math.Min(PackedWeights<TLanes>.PanelWidth, width - column);
            Panel(rows, origin, panel, panelWidth, sums + column, stride);
            panel += (long)panelWidth * weights.Depth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel(in RowTable rows, float* origin, float* panel, int width, float* sums, nint stride)
    {
        var registers = width / TLanes.Count;
        var together = Math.Max(1, Piece / rows.Length);
        for (var segment = 0; segment < rows.Segments; segment += together)
        {
            var segments = Math.Min(together, rows.Segments - segment);
            for (var start = 0; start < rows.Length; start += Piece)
            {
                var length = Math.Min(Piece, rows.Length - start);
                for (var group = 0; group < rows.Groups; group++)
                {
                    MicroKernel<TLanes>.Run(
                        registers, origin + start, rows.Of(group, segment), segments, length, panel, sums + (group * MicroKernel<TLanes>.Rows * stride), stride,
                        segment + start > 0);
                }

                panel += (long)segments * length * width;
            }
        }
    }
}
