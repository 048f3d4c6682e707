using System.Numerics;

namespace Mammo.Data.Images;

/// <summary>
/// Resizing for conversion: a Lanczos filter of three lobes as wide as the shrinking asks for, as in ImageMagick, where <see cref="CubicResize"/> picks
/// single pixels out. The published models' images were shrunk that way before they were stored.
/// </summary>
public static class SmoothResize
{
    private const double Lobes = 3;

    /// <summary>Resizes to exactly the size given, whatever the proportions; an image of that size already is returned as it is.</summary>
    public static GreyImage Apply(GreyImage image, ImageSize size)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (size == image.Size)
            return image;
        size.Check();
        // Rows first: the sums over columns of whole rows are vector operations, and there are fewer rows left for the other direction.
        var values = Array.ConvertAll(image.Pixels, pixel => (float)pixel);
        values = AlongColumns(values, image.Width, Filter(image.Height, size.Height));
        values = AlongRows(values, image.Width, Filter(image.Width, size.Width));
        return image.With(Array.ConvertAll(values, value => (ushort)Math.Clamp(MathF.Round(value), 0f, image.HighestValue)), size);
    }

    /// <summary>For each pixel of the result the first source pixel and the weights from there on; at the edges the filter is cut off and scaled up.</summary>
    private static (int First, float[] Weights)[] Filter(int from, int to)
    {
        var ratio = (double)from / to;
        var scale = Math.Max(ratio, 1);
        return [.. Enumerable.Range(0, to).Select(i =>
        {
            var centre = (i + 0.5) * ratio;
            var first = Math.Max((int)Math.Ceiling(centre - Lobes * scale - 0.5), 0);
            var last = Math.Min((int)Math.Floor(centre + Lobes * scale - 0.5), from - 1);
            double[] weights = [.. Enumerable.Range(first, last - first + 1).Select(at => Lanczos((at + 0.5 - centre) / scale))];
            var sum = weights.Sum();
            return (first, Array.ConvertAll(weights, weight => (float)(weight / sum)));
        })];
    }

    private static double Lanczos(double x) => Math.Abs(x) >= Lobes ? 0 : Sinc(x) * Sinc(x / Lobes);

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static float[] AlongColumns(float[] values, int width, (int First, float[] Weights)[] filter)
    {
        var result = new float[filter.Length * width];
        for (var y = 0; y < filter.Length; y++)
        {
            var sums = result.AsSpan(y * width, width);
            for (var i = 0; i < filter[y].Weights.Length; i++)
                Add(sums, values.AsSpan((filter[y].First + i) * width, width), filter[y].Weights[i]);
        }

        return result;
    }

    private static void Add(Span<float> sums, ReadOnlySpan<float> row, float weight)
    {
        var x = 0;
        for (; x <= sums.Length - Vector<float>.Count; x += Vector<float>.Count)
            (new Vector<float>(sums[x..]) + new Vector<float>(row[x..]) * weight).CopyTo(sums[x..]);
        for (; x < sums.Length; x++)
            sums[x] += row[x] * weight;
    }

    private static float[] AlongRows(float[] values, int width, (int First, float[] Weights)[] filter)
    {
        var height = values.Length / width;
        var result = new float[height * filter.Length];
        for (var y = 0; y < height; y++)
        {
            var row = values.AsSpan(y * width, width);
            for (var x = 0; x < filter.Length; x++)
            {
                var (first, weights) = filter[x];
                float sum = 0;
                for (var i = 0; i < weights.Length; i++)
                    sum += row[first + i] * weights[i];
                result[y * filter.Length + x] = sum;
            }
        }

        return result;
    }
}
