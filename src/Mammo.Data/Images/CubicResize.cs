using System.Numerics;

namespace Mammo.Data.Images;

/// <summary>
/// OpenCV's INTER_CUBIC on the integer pixels: no antialiasing when shrinking, the result rounded and saturated.
/// 8-bit pixels go through OpenCV's fixed-point path, 16-bit ones through its float32 path.
/// </summary>
public static class CubicResize
{
    // 8-bit weights are whole multiples of 1/2048 in both directions. Whole numbers below 2^24 are exact in float32,
    // so that the sums of the horizontal pass (below 255 * 2048 * 1.5) can live in floats for both bit depths.
    private const float FixedPoint = 2048;

    // OpenCV (4.6, x86) rounds the last width modulo 8 columns of a row by its scalar code, which adds in another order.
    private const int OpenCvVector = 8;

    /// <summary>Resizes to exactly the size given, whatever the aspect ratio; an image of that size already is returned as it is.</summary>
    /// <param name="image">Image of 8 or 16 bits.</param>
    /// <param name="size">Rows and columns of the result.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ImageTooLarge"/>: the result would have more than 2^31 pixels.</exception>
    public static GreyImage Apply(GreyImage image, ImageSize size)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (size == image.Size)
            return image;
        size.Check();
        return image.EachPlane(plane => Resize(plane, size));
    }

    private static GreyImage Resize(GreyImage image, ImageSize size)
    {
        var pixels = new ushort[size.Height * size.Width];
        var isFixedPoint = image.BitDepth == 8;
        var columns = new CubicTaps(image.Width, size.Width);
        var rows = new CubicTaps(image.Height, size.Height);
        var window = new CubicRows(image, columns.Indices, isFixedPoint ? ToFixedPoint(columns.Weights) : columns.Weights);
        var weights = isFixedPoint ? ToFixedPoint(rows.Weights) : rows.Weights;
        var sums = new float[size.Width];
        for (var y = 0; y < size.Height; y++)
        {
            var taps = window.Rows(rows.Indices.AsSpan(y * 4, 4));
            Combine(taps, weights.AsSpan(y * 4, 4), isFixedPoint, sums);
            Store(sums, pixels.AsSpan(y * size.Width, size.Width), image.HighestValue);
        }

        return image.With(pixels, size);
    }

    private static float[] ToFixedPoint(float[] weights) => Array.ConvertAll(weights, weight => MathF.Round(weight * FixedPoint));

    private static void Combine(CubicRows.Four rows, ReadOnlySpan<float> weights, bool isFixedPoint, float[] sums)
    {
        var body = sums.Length - (sums.Length % OpenCvVector);
        CombineVectors(rows, weights, isFixedPoint ? 1 / (FixedPoint * FixedPoint) : 1, sums, body);
        for (var x = body; x < sums.Length; x++)
        {
            sums[x] = isFixedPoint
                ? WholeSum(rows, weights, x)
                : (rows.Row0[x] * weights[0]) + (rows.Row1[x] * weights[1]) + (rows.Row2[x] * weights[2]) + (rows.Row3[x] * weights[3]);
        }
    }

    // Added from the last row to the first and without fused operations, as OpenCV's vector code does.
    private static void CombineVectors(CubicRows.Four rows, ReadOnlySpan<float> weights, float scale, float[] sums, int length)
    {
        var (w0, w1, w2, w3) = (weights[0] * scale, weights[1] * scale, weights[2] * scale, weights[3] * scale);
        var x = 0;
        for (; x <= length - Vector<float>.Count; x += Vector<float>.Count)
        {
            var sum = (new Vector<float>(rows.Row2, x) * w2) + (new Vector<float>(rows.Row3, x) * w3);
            ((new Vector<float>(rows.Row0, x) * w0) + ((new Vector<float>(rows.Row1, x) * w1) + sum)).CopyTo(sums, x);
        }

        for (; x < length; x++)
            sums[x] = (rows.Row0[x] * w0) + ((rows.Row1[x] * w1) + ((rows.Row2[x] * w2) + (rows.Row3[x] * w3)));
    }

    // In whole numbers halves are rounded up; the vector code rounds them to even.
    private static float WholeSum(CubicRows.Four rows, ReadOnlySpan<float> weights, int x)
    {
        var sum = ((long)rows.Row0[x] * (long)weights[0]) + ((long)rows.Row1[x] * (long)weights[1])
            + ((long)rows.Row2[x] * (long)weights[2]) + ((long)rows.Row3[x] * (long)weights[3]);
        return (sum + (1 << 21)) >> 22;
    }

    private static void Store(ReadOnlySpan<float> sums, Span<ushort> pixels, int highest)
    {
        for (var x = 0; x < pixels.Length; x++)
            pixels[x] = (ushort)Math.Clamp(MathF.Round(sums[x]), 0f, highest);
    }
}

/// <summary>
/// The four source positions and weights of each output position along one axis, as OpenCV's INTER_CUBIC has them:
/// Keys' kernel with a = -0.75, in float32, positions outside the image replaced by the nearest inside.
/// </summary>
internal sealed class CubicTaps
{
    private const float A = -0.75f;

    public CubicTaps(int source, int target)
    {
        Indices = new int[target * 4];
        Weights = new float[target * 4];
        // OpenCV inverts target/source instead of dividing source by target; the last bit of the double can differ.
        var scale = 1.0 / ((double)target / source);
        for (var i = 0; i < target; i++)
        {
            var position = (float)(((i + 0.5) * scale) - 0.5);
            var first = (int)MathF.Floor(position);
            for (var tap = 0; tap < 4; tap++)
                Indices[(i * 4) + tap] = Math.Clamp(first - 1 + tap, 0, source - 1);
            SetWeights(Weights.AsSpan(i * 4, 4), position - first);
        }
    }

    /// <summary>Four for each output position, within the image.</summary>
    public int[] Indices { get; }

    /// <summary>Four for each output position, adding up to 1.</summary>
    public float[] Weights { get; }

    // The order of the operations is OpenCV's: in float32 another order gives other bits.
    private static void SetWeights(Span<float> weights, float x)
    {
        weights[0] = ((((A * (x + 1)) - (5 * A)) * (x + 1)) + (8 * A)) * (x + 1) - (4 * A);
        weights[1] = ((((A + 2) * x) - (A + 3)) * x * x) + 1;
        weights[2] = ((((A + 2) * (1 - x)) - (A + 3)) * (1 - x) * (1 - x)) + 1;
        weights[3] = 1f - weights[0] - weights[1] - weights[2];
    }
}

/// <summary>The last few rows of an image after the horizontal pass of a cubic resize; neighbouring output rows share most of them.</summary>
internal sealed class CubicRows(GreyImage image, int[] indices, float[] weights)
{
    private readonly float[][] _rows = [.. Enumerable.Range(0, 4).Select(_ => new float[indices.Length / 4])];
    private readonly int[] _held = [-1, -1, -1, -1];

    /// <summary>
    /// The four rows that make one output row, valid until the next call. They follow each other or repeat, so that their numbers modulo 4 do not collide.
    /// </summary>
    public Four Rows(ReadOnlySpan<int> numbers) => new(Row(numbers[0]), Row(numbers[1]), Row(numbers[2]), Row(numbers[3]));

    private float[] Row(int number)
    {
        var slot = number & 3;
        if (_held[slot] != number)
        {
            Filter(image.Pixels.AsSpan(number * image.Width, image.Width), _rows[slot]);
            _held[slot] = number;
        }

        return _rows[slot];
    }

    private void Filter(ReadOnlySpan<ushort> source, float[] target)
    {
        for (int x = 0, tap = 0; x < target.Length; x++, tap += 4)
        {
            target[x] = (source[indices[tap]] * weights[tap]) + (source[indices[tap + 1]] * weights[tap + 1])
                + (source[indices[tap + 2]] * weights[tap + 2]) + (source[indices[tap + 3]] * weights[tap + 3]);
        }
    }

    internal readonly record struct Four(float[] Row0, float[] Row1, float[] Row2, float[] Row3);
}
