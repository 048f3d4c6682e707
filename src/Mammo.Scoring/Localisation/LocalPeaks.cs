using System.Collections.Immutable;
using Mammo.Scoring.Heatmaps;

namespace Mammo.Scoring.Localisation;

/// <summary>A local peak of a heatmap.</summary>
/// <param name="Value">The value there.</param>
/// <param name="X">Column in stored pixels.</param>
/// <param name="Y">Row in stored pixels.</param>
internal readonly record struct LocalPeak(double Value, double X, double Y);

/// <summary>Finds the places at which a map is higher than around them: its marks.</summary>
internal static class LocalPeaks
{
    /// <summary>
    /// Positions of which none of the eight neighbours is higher. Of equal neighbours, a plateau, the first one row by row; a map that is the same everywhere
    /// marks nothing.
    /// </summary>
    /// <param name="heatmap">The heatmap.</param>
    /// <param name="labels">Classes whose values are added up.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ScoreInvalid"/>: a value is NaN or infinite.</exception>
    public static ImmutableArray<LocalPeak> Of(MammoHeatmap heatmap, IReadOnlyList<int> labels)
    {
        var values = Sums(heatmap, labels);
        var seen = new bool[values.Length];
        var plateau = new Stack<int>();
        var peaks = ImmutableArray.CreateBuilder<LocalPeak>();
        for (var first = 0; first < values.Length; first++)
        {
            if (seen[first])
                continue;
            var (isPeak, size) = (true, 0);
            seen[first] = true;
            plateau.Push(first);
            while (plateau.TryPop(out var position))
            {
                size++;
                foreach (var neighbour in Neighbours(position, heatmap.Rows, heatmap.Columns))
                {
                    isPeak &= !(values[neighbour] > values[first]);
                    if (seen[neighbour] || values[neighbour] != values[first])
                        continue;
                    seen[neighbour] = true;
                    plateau.Push(neighbour);
                }
            }

            if (!isPeak || (size == values.Length && size > 1))
                continue;
            var place = heatmap.Place(first / heatmap.Columns, first % heatmap.Columns);
            peaks.Add(new LocalPeak(values[first], place.X, place.Y));
        }

        return peaks.ToImmutable();
    }

    private static double[] Sums(MammoHeatmap heatmap, IReadOnlyList<int> labels)
    {
        var values = new double[heatmap.Rows * heatmap.Columns];
        for (var position = 0; position < values.Length; position++)
        {
            foreach (var label in labels)
                values[position] += heatmap.Values[(position * heatmap.Classes.Length) + label];
            if (!double.IsFinite(values[position]))
            {
                throw new MammoException(
                    ErrorIds.ScoreInvalid,
                    FormattableString.Invariant($"The heatmap of '{heatmap.Path}' has the value {values[position]}."),
                    "Check the model's weights and the image (Test-MammoDataset).",
                    heatmap.Path);
            }
        }

        return values;
    }

    private static IEnumerable<int> Neighbours(int position, int rows, int columns)
    {
        var (row, column) = Math.DivRem(position, columns);
        for (var y = Math.Max(0, row - 1); y <= Math.Min(rows - 1, row + 1); y++)
        {
            for (var x = Math.Max(0, column - 1); x <= Math.Min(columns - 1, column + 1); x++)
            {
                if (y != row || x != column)
                    yield return (y * columns) + x;
            }
        }
    }
}
