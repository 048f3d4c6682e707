using System.Buffers.Binary;

namespace Mammo.Data.Images;

/// <summary>The size that a PNG claims, held against what its bytes can unpack to.</summary>
internal static class PngHeader
{
    // Deflate makes at most 258 bytes of 2 bits: the bound that zlib's documentation gives.
    private const int DeflateRatio = 1032;

    public static void Check(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        if (file.Length < 26 || !file.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw new InvalidDataException("it is truncated or damaged (its header is incomplete)");
        var width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]);
        var height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        limits.Check(height, width, file[24], DeflateRatio);
    }
}
