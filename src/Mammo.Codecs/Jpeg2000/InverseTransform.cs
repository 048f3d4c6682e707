using System.Numerics;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>The inverse wavelet transform of a tile-component, level by level and in place (T.800, F.3).</summary>
internal static unsafe class InverseTransform
{
    // Columns that are lifted together: few enough that the rows at work stay in the fastest cache.
    private const int Columns = 512;

    // Rows that are done in one go.
    private const int RowsAtOnce = 16;

    // Below so many samples a second thread costs more than it gives.
    private const int LeastForThreads = 1 << 14;

    public static void Run(TileComponent component, CoefficientArray array, int threads)
    {
        foreach (var resolution in component.Resolutions.Skip(1).Where(resolution => !resolution.Area.IsEmpty))
        {
            var useful = resolution.Area.Count < LeastForThreads ? 1 : threads;
            if (component.Coding.IsReversible)
                Run<int, Reversible53>(array, resolution, useful);
            else
                Run<float, Irreversible97>(array, resolution, useful);
        }
    }

    private static void Run<T, TLifting>(CoefficientArray array, Resolution resolution, int threads)
        where T : unmanaged
        where TLifting : ILifting<T>
    {
        var (area, rows) = (resolution.Area, resolution.Rows);
        Workers.Run(threads, Area.Ceiling(area.Height, RowsAtOnce), () => new PinnedMemory<T>(area.Width + 4 * Vector<T>.Count), (scratch, group) =>
        {
            for (var y = group * RowsAtOnce; y < Math.Min(area.Height, (group + 1) * RowsAtOnce); y++)
                Horizontal<T, TLifting>((T*)array.Integers(rows.Row(y)), area, scratch.Pointer);
        });
        Workers.Run(threads, Area.Ceiling(area.Width, Columns), () => 0, (_, group) =>
        {
            var x = group * Columns;
            Vertical<T, TLifting>((T*)array.Integers(rows.First) + x, rows.Step * array.Width, area, Math.Min(Columns, area.Width - x));
        });
    }

    /// <summary>Lifts one row: low-pass and then high-pass samples become samples in their order.</summary>
    private static void Horizontal<T, TLifting>(T* row, Area area, T* scratch)
        where T : unmanaged
        where TLifting : ILifting<T>
    {
        var (width, odd) = (area.Width, area.X0 & 1);
        if (width == 1)
        {
            *row = TLifting.Single(*row, odd == 1);
            return;
        }

        // Low-pass and high-pass samples, each with room for a copy of its first and its last one at the ends: the symmetric extension.
        var lowCount = (width + 1 - odd) / 2;
        var highCount = width - lowCount;
        T* low = scratch + 1, high = low + lowCount + 2;
        new Span<T>(row, lowCount).CopyTo(new Span<T>(low, lowCount));
        new Span<T>(row + lowCount, highCount).CopyTo(new Span<T>(high, highCount));
        for (var step = 0; step < TLifting.Steps; step++)
        {
            if (step % 2 == 0)
                LiftRow<T, TLifting>(step, low, lowCount, high, highCount, odd);
            else
                LiftRow<T, TLifting>(step, high, highCount, low, lowCount, 1 - odd);
        }

        if (odd == 0)
            Interleave((uint*)low, lowCount, (uint*)high, highCount, (uint*)row);
        else
            Interleave((uint*)high, highCount, (uint*)low, lowCount, (uint*)row);
    }

    /// <summary>One step; <paramref name="right"/> is which of the neighbours stands to the right of the first sample.</summary>
    private static void LiftRow<T, TLifting>(int step, T* samples, int count, T* neighbours, int neighbourCount, int right)
        where T : unmanaged
        where TLifting : ILifting<T>
    {
        (neighbours[-1], neighbours[neighbourCount]) = (neighbours[0], neighbours[neighbourCount - 1]);
        TLifting.Lift(step, samples, neighbours + right - 1, neighbours + right, count);
    }

    /// <summary>Takes from both in turns; the first has as many as the second, or one more.</summary>
    private static void Interleave(uint* first, int firstCount, uint* second, int secondCount, uint* target)
    {
        var i = 0;
        if (BitConverter.IsLittleEndian)
        {
            for (; i <= secondCount - Vector<uint>.Count; i += Vector<uint>.Count)
            {
                Vector.Widen(Vector.Load(first + i), out var firstLower, out var firstUpper);
                Vector.Widen(Vector.Load(second + i), out var secondLower, out var secondUpper);
                (firstLower | secondLower << 32).Store((ulong*)(target + 2 * i));
                (firstUpper | secondUpper << 32).Store((ulong*)(target + 2 * i) + Vector<ulong>.Count);
            }
        }

        for (; i < secondCount; i++)
            (target[2 * i], target[2 * i + 1]) = (first[i], second[i]);
        if (i < firstCount)
            target[2 * i] = first[i];
    }

    /// <summary>Lifts columns in place. Each step follows the one before as closely as it can, so that all are done in one pass through the rows.</summary>
    private static void Vertical<T, TLifting>(T* top, long stride, Area area, int columns)
        where T : unmanaged
        where TLifting : ILifting<T>
    {
        var (height, odd) = (area.Height, area.Y0 & 1);
        if (height == 1)
        {
            for (var x = 0; x < columns; x++)
                top[x] = TLifting.Single(top[x], odd == 1);
            return;
        }

        var lag = TLifting.Steps - 1;
        for (var front = 0; front < height + lag; front++)
        {
            for (var step = Math.Max(0, front - height + 1); step <= Math.Min(lag, front); step++)
            {
                var y = front - step;
                // Even steps change the low-pass rows, those with even coordinates, and odd steps the others.
                if (((y + odd + step) & 1) != 0)
                    continue;
                // At the ends the row on the other side stands for the missing one: the symmetric extension.
                var above = y > 0 ? y - 1 : 1;
                var below = y < height - 1 ? y + 1 : height - 2;
                TLifting.Lift(step, top + y * stride, top + above * stride, top + below * stride, columns);
            }
        }
    }
}
