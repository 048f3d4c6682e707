using System.Collections.Immutable;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Overlays;

namespace Mammo.Scoring.DicomResults;

/// <summary>A place of an image at which a heatmap is high.</summary>
/// <param name="Value">The highest value of the heatmap in it.</param>
/// <param name="Points">
/// Its closed outline on the stored image as column, row, column, row, …, the last point equal to the first; (0, 0) is the upper left corner of the first
/// pixel.
/// </param>
internal sealed record SuspiciousRegion(double Value, ImmutableArray<float> Points)
{
    // Far below the 8,191 points that a value of float32 pairs can have, and enough for any outline that a person can see.
    private const int MostPoints = 500;
    private const double Tolerance = 0.25;

    /// <summary>
    /// The connected parts of a heatmap that reach a level, highest first, as they are outlined in its picture. A map that is the same everywhere has none.
    /// </summary>
    /// <param name="heatmap">The heatmap.</param>
    /// <param name="label">Class of which the values are.</param>
    /// <param name="level">Share of the colour bar of its picture, above 0 to 1: the value itself for probabilities, else a share of the highest one.</param>
    /// <param name="limit">Most regions.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ScoreInvalid"/>: a value is NaN or infinite.</exception>
    public static ImmutableArray<SuspiciousRegion> Of(MammoHeatmap heatmap, int label, double level, int limit)
    {
        var surface = new MapSurface(heatmap, label);
        var values = surface.Values;
        if (Array.Exists(values, value => !float.IsFinite(value)))
        {
            throw new MammoException(
                ErrorIds.ScoreInvalid,
                $"The heatmap of '{heatmap.Path}' has a value that is no number.",
                "Check the model's weights and the image (Test-MammoDataset).",
                heatmap.Path);
        }

        if (values.Length > 1 && Array.TrueForAll(values, value => value == values[0]))
            return [];
        var least = surface.Low + (level * (surface.High - surface.Low));
        return [.. Parts(values, heatmap.Rows, heatmap.Columns, least)
            .OrderByDescending(part => part.Value).Take(limit)
            .Select(part => new SuspiciousRegion(part.Value, Outline(heatmap, surface, part.Positions, least)))
            .Where(region => region.Points.Length > 0)];
    }

    private static List<(double Value, List<int> Positions)> Parts(float[] values, int rows, int columns, double least)
    {
        var parts = new List<(double, List<int>)>();
        var seen = new bool[values.Length];
        var open = new Stack<int>();
        for (var first = 0; first < values.Length; first++)
        {
            if (seen[first] || values[first] < least)
                continue;
            List<int> positions = [];
            seen[first] = true;
            open.Push(first);
            while (open.TryPop(out var position))
            {
                positions.Add(position);
                var (row, column) = Math.DivRem(position, columns);
                Visit(row > 0, position - columns);
                Visit(row + 1 < rows, position + columns);
                Visit(column > 0, position - 1);
                Visit(column + 1 < columns, position + 1);
            }

            parts.Add((positions.Max(position => values[position]), positions));
        }

        return parts;

        void Visit(bool isThere, int position)
        {
            if (!isThere || seen[position] || values[position] < least)
                return;
            seen[position] = true;
            open.Push(position);
        }
    }

    private static ImmutableArray<float> Outline(MammoHeatmap heatmap, MapSurface surface, List<int> positions, double least)
    {
        var part = new bool[surface.Values.Length];
        positions.ForEach(position => part[position] = true);
        var geometry = heatmap.Geometry;
        var reach = (geometry.PatchWidth / 2 / geometry.ColumnStride, geometry.PatchHeight / 2 / geometry.RowStride);
        var (across, down) = (surface.ToStored[0], surface.ToStored[1]);
        var outline = RegionOutline.Of(heatmap.Rows, heatmap.Columns, surface.Values, positions, part, least, reach);
        List<(double X, double Y)> stored = [.. outline.Select(place => (
            (across[0] * place.X) + (across[1] * place.Y) + across[2] + 0.5,
            (down[0] * place.X) + (down[1] * place.Y) + down[2] + 0.5))];
        var corners = PolygonShape.Simplify(
            PolygonShape.Clip(stored, heatmap.StoredSize.Width, heatmap.StoredSize.Height), Tolerance, MostPoints);
        return corners.Count < 3 ? [] : [.. corners.Append(corners[0]).SelectMany(corner => new[] { (float)corner.X, (float)corner.Y })];
    }
}
