using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>
/// A border of foreground pixels, pixel by pixel: around a component, or around one of its holes. Its area and centroid are those of the polygon
/// through the pixels' centres (Green's formula), so that a single pixel and a line have none.
/// </summary>
internal sealed record Contour(ImmutableArray<PixelPoint> Points, bool IsHole)
{
    private readonly (double Area, double X, double Y) _moments = Moments(Points);

    /// <summary>Area of the polygon in pixels.</summary>
    public double Area => _moments.Area;

    /// <summary>Centre of mass of the polygon; null when its area is 0.</summary>
    public (double X, double Y)? Centroid => Area == 0 ? null : (_moments.X / Area, _moments.Y / Area);

    /// <summary>The smallest box around the points.</summary>
    public PixelBox Box
    {
        get
        {
            int left = int.MaxValue, top = int.MaxValue, right = int.MinValue, bottom = int.MinValue;
            foreach (var (x, y) in Points)
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
            return new PixelBox(left, top, right - left + 1, bottom - top + 1);
        }
    }

    /// <summary>m00, m10 and m01 of the polygon, without the sign of its direction.</summary>
    private static (double Area, double X, double Y) Moments(ImmutableArray<PixelPoint> points)
    {
        double area = 0, sumX = 0, sumY = 0;
        var last = points[^1];
        foreach (var point in points)
        {
            var cross = (double)last.X * point.Y - (double)point.X * last.Y;
            area += cross;
            sumX += cross * (last.X + point.X);
            sumY += cross * (last.Y + point.Y);
            last = point;
        }

        // Times a rounded sixth, as OpenCV does it: centroids on whole pixels are truncated later, and a last bit would move them.
        var sixth = Math.Sign(area) * (1.0 / 6);
        return (Math.Abs(area) / 2, sumX * sixth, sumY * sixth);
    }
}
