namespace Mammo.Codecs;

/// <summary>The caller's limit, which decoders hold before they allocate.</summary>
internal static class PixelLimit
{
    public static void Check(long width, long height, long pixelLimit)
    {
        var limit = Math.Min(pixelLimit, Array.MaxLength);
        if (width * height > limit)
            throw new CodecException(FormattableString.Invariant($"{width} x {height} pixels are more than the limit of {limit}"));
    }
}
