using System.Buffers.Binary;
using System.IO.Compression;
using Mammo.Data.Files;
using Mammo.Data.Images;
using NetVips;

namespace Mammo.Tests.Support;

/// <summary>Small images in every format that is read, with the pixels that must come back.</summary>
internal static class TestImages
{
    public const int Height = 11;
    public const int Width = 7;

    /// <summary>Pixels that differ everywhere and reach both ends of the range.</summary>
    public static ushort[] Pixels(int bitDepth) =>
        [.. Enumerable.Range(0, Height * Width).Select(i => (ushort)(i * (bitDepth == 8 ? 255 : 65535) / ((Height * Width) - 1)))];

    public static Image Grey(int bitDepth) => bitDepth == 8
        ? Image.NewFromMemory([.. Pixels(8).Select(pixel => (byte)pixel)], Width, Height, 1, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Bw)
        : Image.NewFromMemory(Pixels(16), Width, Height, 1, Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Grey16);

    /// <summary>Three channels of different values; the third is the reverse of the first.</summary>
    public static ushort[] Colours(
        int bitDepth) => [.. Enumerable.Range(0, Height * Width)
            .SelectMany(i => (ushort[])[Pixels(bitDepth)[i], Pixels(bitDepth)[i * 5 % (Height * Width)], Pixels(bitDepth)[^(i + 1)]])];

    public static Image Colour(int bitDepth) => bitDepth == 8
        ? Image.NewFromMemory([.. Colours(8).Select(pixel => (byte)pixel)], Width, Height, 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb)
        : Image.NewFromMemory(Colours(16), Width, Height, 3, Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16);

    /// <summary>The grey that OpenCV's cvtColor gives: fixed-point BT.601 weights.</summary>
    public static ushort[] Luma(int bitDepth)
    {
        var colours = Colours(bitDepth);
        return [
            .. Enumerable.Range(0, Height * Width).Select(
                i => (ushort)Math.Floor(((colours[3 * i] * 9798L) + (colours[(3 * i) + 1] * 19235L) + (colours[(3 * i) + 2] * 3735L)) / 32768.0 + 0.5))];
    }

    public static byte[] Pnm(string header, bool isText, int highest, ushort[] samples)
    {
        using var stream = new MemoryStream();
        stream.Write(System.Text.Encoding.ASCII.GetBytes(header));
        foreach (var sample in samples)
        {
            if (isText)
                stream.Write(System.Text.Encoding.ASCII.GetBytes($"{sample}\n"));
            else if (highest > 255)
                stream.Write([(byte)(sample >> 8), (byte)sample]);
            else
                stream.WriteByte((byte)sample);
        }

        return stream.ToArray();
    }

    /// <summary>A bitmap of indices or of blue, green, red(, unused) bytes, row by row from the top.</summary>
    public static byte[] Bmp(int bits, byte[] topDownRows, uint[] palette, bool isTopDown = false, int compression = 0)
    {
        var rowBytes = ((Width * bits) + 7) / 8;
        var stride = (rowBytes + 3) / 4 * 4;
        var offset = 54 + (palette.Length * 4);
        var file = new byte[offset + (stride * Height)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), offset);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), Width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), isTopDown ? -Height : Height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), (short)bits);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(30), compression);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(46), palette.Length);
        for (var i = 0; i < palette.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(54 + (i * 4)), palette[i]);
        for (var y = 0; y < Height; y++)
            topDownRows.AsSpan(y * rowBytes, rowBytes).CopyTo(file.AsSpan(offset + (stride * (isTopDown ? y : Height - 1 - y))));
        return file;
    }

    /// <summary>A PNG whose header claims what it likes.</summary>
    public static byte[] Png(int height, int width, byte bits, byte colourType, byte[] rows)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colourType);
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(rows);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    public static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] typed = [.. type, .. data];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        var check = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc32(typed));
        return [.. length, .. typed, .. check];
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }

    public static GreyImage Read(byte[] content, string name = "image")
    {
        var path = Path.Combine(Shared.NewFolder(), name);
        File.WriteAllBytes(path, content);
        return ImageReader.Read(path);
    }

    public static MammoException Refused(byte[] content, string name = "image.png") => Assert.Throws<MammoException>(() => Read(content, name));
}
