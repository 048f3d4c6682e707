namespace Mammo.Data.Images;

/// <summary>Histogram equalisation of 8-bit pixels, equal to OpenCV's <c>equalizeHist</c> (global, not CLAHE).</summary>
public static class EqualizeHistogram
{
    /// <summary>Spreads the cumulative histogram over 0..255; pixels of one single level are left as they are.</summary>
    /// <param name="pixels">8-bit pixels in any order; replaced by the result.</param>
    public static void Apply(Span<byte> pixels)
    {
        if (pixels.IsEmpty)
            return;
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (var pixel in pixels)
            histogram[pixel]++;
        var lowest = histogram.IndexOfAnyExcept(0);
        if (histogram[lowest] == pixels.Length)
            return;
        Span<byte> table = stackalloc byte[256];
        Fill(table, histogram, lowest, pixels.Length);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = table[pixels[i]];
    }

    /// <summary>Truncates the values to whole numbers and equalises those.</summary>
    /// <param name="values">Values in 0..255 in any order; replaced by the result.</param>
    /// <param name="wrapAsUint8">Wrap values outside 0..255 modulo 256, as the original's cast does, instead of refusing them.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.EqualizeRange"/>: a value lies outside 0..255.</exception>
    public static void Apply(Span<float> values, bool wrapAsUint8 = false)
    {
        var bytes = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var whole = (long)values[i];
            if (whole is < 0 or > byte.MaxValue && !wrapAsUint8)
            {
                throw new MammoException(
                    ErrorIds.EqualizeRange,
                    FormattableString.Invariant($"Histogram equalisation needs values in 0..255; here is {values[i]:G6}."),
                    "Set the rescale factor (255/65535 for 16-bit images) so that all values lie in 0..255.");
            }

            bytes[i] = unchecked((byte)whole);
        }

        Apply(bytes);
        for (var i = 0; i < values.Length; i++)
            values[i] = bytes[i];
    }

    private static void Fill(Span<byte> table, ReadOnlySpan<int> histogram, int lowest, int count)
    {
        // float32 and round-half-even, as OpenCV computes it: the factor's rounding decides ties.
        var scale = 255f / (count - histogram[lowest]);
        table.Clear();
        var sum = 0;
        for (var level = lowest + 1; level < 256; level++)
        {
            sum += histogram[level];
            table[level] = (byte)Math.Clamp(MathF.Round(sum * scale), 0f, 255f);
        }
    }
}
