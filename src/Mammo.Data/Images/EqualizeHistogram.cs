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
