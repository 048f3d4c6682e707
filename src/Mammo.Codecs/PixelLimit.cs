namespace Mammo.Codecs;

/// <summary>The caller's limit, which decoders hold before they allocate.</summary>
internal static class PixelLimit
{
    public static void Check(long width, long height, long pixelLimit)
    {
        if (width * height > Math.Min(pixelLimit, Array.MaxLength))
            throw new CodecException(FormattableString.Invariant($"{width} x {height} pixels are more than the limit of {pixelLimit}"));
    }
}
