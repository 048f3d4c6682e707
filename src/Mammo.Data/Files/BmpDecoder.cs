using System.Buffers.Binary;
using Mammo.Data.Images;

namespace Mammo.Data.Files;

/// <summary>Uncompressed Windows bitmaps: 1, 4 and 8 bits with a palette, 24 and 32 bits; bottom-up or top-down.</summary>
internal static class BmpDecoder
{
    private const int FileHeader = 14;
    private const int InfoHeader = 40;

    /// <summary>Rows and columns, from the first bytes of a file.</summary>
    public static ImageSize Size(ReadOnlySpan<byte> start, ImageLimits limits) => ReadHeader(start, limits).Size;

    public static GreyImage Decode(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var ((height, width), isTopDown, bits, headerLength) = ReadHeader(file, limits);

        // Rows are padded to four bytes.
        var stride = (((long)width * bits) + 31) / 32 * 4;
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        if (offset < FileHeader + headerLength || offset + (stride * height) > file.Length)
            throw new InvalidDataException("it is truncated or damaged (its pixels end before the header says)");
        var palette = bits <= 8 ? Palette(file, FileHeader + headerLength, bits) : [];
        using var memory = DecodingBudget.Take(new ImageSize(height, width), sizeof(ushort));
        var pixels = new ushort[height * width];
        var isColour = false;
        for (var y = 0; y < height; y++)
        {
            var row = file.Slice((int)(offset + (stride * (isTopDown ? y : height - 1 - y))), (int)stride);
            isColour |= Row(row, bits, palette, pixels.AsSpan(y * width, width));
        }

        return new GreyImage(height, width, 8, pixels) { WasColour = isColour };
    }

    private static Header ReadHeader(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        if (file.Length < FileHeader + InfoHeader)
            throw new InvalidDataException("it is truncated or damaged (its header is incomplete)");
        var headerLength = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
        if (headerLength is < InfoHeader or > 1024)
            throw new InvalidDataException(
                FormattableString.Invariant($"its header has {headerLength} bytes; only Windows bitmaps (40 bytes and more) are read"));
        var width = BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        long signedHeight = BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        CheckKind(file, bits);
        var height = Math.Abs(signedHeight);
        limits.Check(height, width, bits, 1);
        return new Header(new ImageSize((int)height, width), signedHeight < 0, bits, (int)headerLength);
    }

    private static void CheckKind(ReadOnlySpan<byte> file, int bits)
    {
        var compression = BinaryPrimitives.ReadUInt32LittleEndian(file[30..]);
        if (compression is 1 or 2)
            throw new InvalidDataException("it is a run-length compressed bitmap; save it uncompressed, or as PNG");
        // Compression 3 gives the places of the colours by masks; the usual ones are those of an uncompressed 32-bit bitmap.
        var hasUsualMasks = compression == 3 && bits == 32 && file.Length >= 66 && BinaryPrimitives.ReadUInt32LittleEndian(file[54..]) == 0x00FF0000
            && BinaryPrimitives.ReadUInt32LittleEndian(file[58..]) == 0x0000FF00 && BinaryPrimitives.ReadUInt32LittleEndian(file[62..]) == 0x000000FF;
        if (bits is not (1 or 4 or 8 or 24 or 32) || (compression != 0 && !hasUsualMasks))
            throw new InvalidDataException(FormattableString.Invariant(
                $"it is a bitmap of {bits} bits with compression {compression}; only uncompressed ones of 1, 4, 8, 24 and 32 bits are read"));
    }

    // Blue, green, red and an unused byte for each entry; 0 entries in the header means all that the bits can tell apart.
    private static uint[] Palette(ReadOnlySpan<byte> file, int start, int bits)
    {
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(file[46..]);
        var count = stated == 0 ? 1 << bits : (int)Math.Min(stated, 1u << bits);
        if (start + (count * 4) > file.Length)
            throw new InvalidDataException("it is truncated or damaged (its palette is incomplete)");
        var palette = new uint[count];
        for (var i = 0; i < count; i++)
            palette[i] = Colour(file[(start + (i * 4))..]);
        return palette;
    }

    // Says whether a pixel of the row is in colour.
    private static bool Row(ReadOnlySpan<byte> row, int bits, uint[] palette, Span<ushort> pixels)
    {
        var isColour = false;
        for (var x = 0; x < pixels.Length; x++)
        {
            var colour = bits switch
            {
                1 => Entry(palette, (row[x >> 3] >> (7 - (x & 7))) & 1),
                4 => Entry(palette, (row[x >> 1] >> (4 - ((x & 1) * 4))) & 15),
                8 => Entry(palette, row[x]),
                _ => Colour(row[(x * (bits / 8))..]),
            };
            isColour |= (colour & 0xFF) * 0x010101 != colour;
            pixels[x] = Luma.FromRgb(colour >> 16, (colour >> 8) & 0xFF, colour & 0xFF);
        }

        return isColour;
    }

    private static uint Colour(ReadOnlySpan<byte> blueGreenRed) => blueGreenRed[0] | ((uint)blueGreenRed[1] << 8) | ((uint)blueGreenRed[2] << 16);

    private static uint Entry(uint[] palette, int index) => index < palette.Length
        ? palette[index]
        : throw new InvalidDataException("it is damaged: a pixel lies outside its palette");

    private readonly record struct Header(ImageSize Size, bool IsTopDown, int Bits, int Length);
}
