using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using NetVips;

namespace Mammo.Data.Files;

/// <summary>
/// A text in a PNG file that says that its grey values are local contrast, and of which deviation: whoever reads the file does not make it again. Where the
/// text says so too, the upper half of the file is the z-score in the breast, and the lower half the local contrast.
/// </summary>
internal static class PngMark
{
    // libvips' name of the first text of a PNG file, with the text's keyword, which has no blanks.
    private const string Field = "png-comment-0-MammoLocalContrast";

    private static ReadOnlySpan<byte> Start => "MammoLocalContrast\0"u8;

    private const string Above = " below z-score";

    // Mark and length of a number in full, and what stands between a PNG file's header and its pixels, are far below.
    private const int LongestText = 256;
    private const int MostChunks = 256;

    /// <summary>The image with the mark.</summary>
    public static Image On(Image image, double sigma, bool zScore) =>
        image.Mutate(marked => marked.Set(GValue.GStrType, Field, sigma.ToString("R", CultureInfo.InvariantCulture) + (zScore ? Above : "")));

    /// <summary>What the mark says; null without one.</summary>
    public static (double Sigma, bool ZScore)? Of(Image image) => image.Contains(Field) && image.Get(Field) is string text ? Parse(text) : null;

    /// <summary>The same of a file, without libvips and without its pixels.</summary>
    /// <param name="file">A PNG file.</param>
    public static (double Sigma, bool ZScore)? Of(FileStream file)
    {
        Span<byte> head = stackalloc byte[8];
        file.Position = head.Length;
        for (var i = 0; i < MostChunks && file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length; i++)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (head[4..].SequenceEqual("IDAT"u8))
                return null;
            var isPacked = head[4..].SequenceEqual("zTXt"u8);
            if (isPacked || head[4..].SequenceEqual("tEXt"u8))
                return length <= LongestText ? Parse(file, (int)length, isPacked) : null;
            file.Position += length + sizeof(uint);
        }

        return null;
    }

    // Keyword, zero, text; in a packed one a byte for the way of packing before it.
    private static (double Sigma, bool ZScore)? Parse(FileStream file, int length, bool isPacked)
    {
        var bytes = new byte[length];
        if (file.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length || !bytes.AsSpan().StartsWith(Start))
            return null;
        var text = bytes[Start.Length..];
        return !isPacked ? Parse(Encoding.Latin1.GetString(text)) : text is [0, .. var packed] && Unpacked(packed) is { } plain ? Parse(plain) : null;
    }

    private static string? Unpacked(byte[] packed)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            var bytes = new byte[LongestText];
            return Encoding.Latin1.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static (double Sigma, bool ZScore)? Parse(string text)
    {
        var zScore = text.EndsWith(Above, StringComparison.Ordinal);
        return double.TryParse(zScore ? text[..^Above.Length] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var sigma)
            && sigma > 0 && double.IsFinite(sigma) ? (sigma, zScore) : null;
    }
}
