namespace Mammo.Codecs.Jpeg2000;

/// <summary>Finds the codestream in a JP2 file (T.800, annex I), and tells other formats of the family by their first bytes.</summary>
internal static class Boxes
{
    private const uint Jp2Header = 0x6A703268;
    private const uint Palette = 0x70636C72;
    private const uint Codestream = 0x6A703263;

    /// <summary>The codestream: all of it, or what a box holds.</summary>
    public static ReadOnlyMemory<byte> FindCodestream(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || span.StartsWith("\0\0\0\u000CJXL "u8))
            throw new CodecException("JPEG XL is not read here", isUnsupported: true);
        if (span.StartsWith((ReadOnlySpan<byte>)[0x49, 0x49, 0xBC]))
            throw new CodecException("JPEG XR is not read here", isUnsupported: true);
        return span.StartsWith("\0\0\0\u000CjP  \r\n"u8) ? InFile(bytes) : bytes;
    }

    private static ReadOnlyMemory<byte> InFile(ReadOnlyMemory<byte> bytes)
    {
        for (var reader = new HeaderReader(bytes.Span, "the JP2 file"); reader.Remaining > 0;)
        {
            var (type, length) = ReadBox(ref reader);
            var start = reader.Position;
            var content = reader.Take(length);
            if (type == Codestream)
                return bytes.Slice(start, length);
            if (type == Jp2Header)
                RefusePalette(new HeaderReader(content, "the header of the JP2 file"));
        }

        throw new CodecException("there is no codestream in the JP2 file");
    }

    private static void RefusePalette(HeaderReader reader)
    {
        while (reader.Remaining > 0)
        {
            var (type, length) = ReadBox(ref reader);
            reader.Take(length);
            if (type == Palette)
                throw new CodecException("an image with a palette is not read here", isUnsupported: true);
        }
    }

    private static (uint Type, int Length) ReadBox(ref HeaderReader reader)
    {
        var (length, type, header) = ((ulong)reader.Word(), reader.Word(), 8ul);
        if (length == 1)
            (length, header) = ((ulong)reader.Word() << 32 | reader.Word(), 16);
        // 0: up to the end of the file.
        if (length == 0)
            return (type, reader.Remaining);
        if (length < header || length - header > (ulong)reader.Remaining)
            throw new CodecException("a box of the JP2 file is longer than what remains");
        return (type, (int)(length - header));
    }
}
