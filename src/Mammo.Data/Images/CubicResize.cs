using System.Numerics;

namespace Mammo.Data.Images;

/// <summary>
/// OpenCV's INTER_CUBIC on the integer pixels: no antialiasing when shrinking, the result rounded half to even and saturated.
/// 8-bit pixels go through OpenCV's fixed-point path, 16-bit ones through its float32 path.
/// </summary>
public static class CubicResize
{
    private const float FixedPoint = 2048f;

    /// <summary>Resizes to exactly the size given, whatever the aspect ratio; an image of that size already is returned as it is.</summary>
    /// <param name="image">Image of 8 or 16 bits.</param>
    /// <param name="size">Rows and columns of the result.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ImageTooLarge"/>: the result would have more than 2^31 pixels.</exception>
    public static GreyImage Apply(GreyImage image, ImageSize size)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size.Height, nameof(size));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size.Width, nameof(size));
        if (size == image.Size)
            return image;
        if ((long)size.Height * size.Width > Array.MaxLength)
            throw new MammoException(ErrorIds.ImageTooLarge, $"An image of {size} pixels is too large to be made.");
        var columns = new CubicTaps(image.Width, size.Width);
        var rows = new CubicTaps(image.Height, size.Height);
        var weights = image.BitDepth == 8 ? (ToFixedPoint(columns), ToFixedPoint(rows)) : (columns.Weights, rows.Weights);
        var pixels = new ushort[size.Height * size.Width];
        var window = new RowWindow(image, columns.Indices, weights.Item1, size.Width);
        var sums = new float[size.Width];
        for (var y = 0; y < size.Height; y++)
        {
            var scale = image.BitDepth == 8 ? 1 / (FixedPoint * FixedPoint) : 1f;
            Combine(window, rows.Indices.AsSpan(y * 4, 4), weights.Item2.AsSpan(y * 4, 4), scale, sums);
            Store(sums, pixels.AsSpan(y * size.Width, size.Width), image.HighestValue);
        }

        return new GreyImage(size.Height, size.Width, image.BitDepth, pixels) { WasColour = image.WasColour };
    }

    // Whole numbers below 2^24 are exact in float32, so the fixed-point sums of the horizontal pass can live in floats too:
    // |pixel * weight| is below 255 * 2048 * 1.5.
    private static float[] ToFixedPoint(CubicTaps taps) => Array.ConvertAll(taps.Weights, weight => MathF.Round(weight * FixedPoint));

    private static void Combine(RowWindow window, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights, float scale, float[] sums)
    {
        var (row0, row1, row2, row3) = (window[indices[0]], window[indices[1]], window[indices[2]], window[indices[3]]);
        var (w0, w1, w2, w3) = (weights[0] * scale, weights[1] * scale, weights[2] * scale, weights[3] * scale);
        var x = 0;
        // Added from the last row to the first and without fused operations, as OpenCV's vector code does.
        for (; x <= sums.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            var sum = (new Vector<float>(row2, x) * w2) + (new Vector<float>(row3, x) * w3);
            ((new Vector<float>(row0, x) * w0) + ((new Vector<float>(row1, x) * w1) + sum)).CopyTo(sums, x);
        }

        for (; x < sums.Length; x++)
            sums[x] = (row0[x] * w0) + ((row1[x] * w1) + ((row2[x] * w2) + (row3[x] * w3)));
    }

    private static void Store(ReadOnlySpan<float> sums, Span<ushort> pixels, int highest)
    {
        for (var x = 0; x < pixels.Length; x++)
            pixels[x] = (ushort)Math.Clamp(MathF.Round(sums[x]), 0f, highest);
    }

    /// <summary>The last few source rows after the horizontal pass; neighbouring output rows share most of them.</summary>
    private sealed class RowWindow(GreyImage image, int[] indices, float[] weights, int width)
    {
        private readonly float[][] _rows = [new float[width], new float[width], new float[width], new float[width]];
        private readonly int[] _held = [-1, -1, -1, -1];

        // The four rows of one output row are consecutive or clamped, so their numbers modulo 4 never collide.
        public float[] this[int row]
        {
            get
            {
                var slot = row & 3;
                if (_held[slot] != row)
                {
                    Filter(image.Pixels.AsSpan(row * image.Width, image.Width), _rows[slot]);
                    _held[slot] = row;
                }

                return _rows[slot];
            }
        }

        private void Filter(ReadOnlySpan<ushort> source, float[] target)
        {
            for (int x = 0, tap = 0; x < target.Length; x++, tap += 4)
            {
                target[x] = (source[indices[tap]] * weights[tap]) + (source[indices[tap + 1]] * weights[tap + 1])
                    + (source[indices[tap + 2]] * weights[tap + 2]) + (source[indices[tap + 3]] * weights[tap + 3]);
            }
        }
    }
}
