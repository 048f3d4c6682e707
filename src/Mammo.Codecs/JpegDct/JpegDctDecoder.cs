using JpegLibrary;
using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegDct;

/// <summary>Baseline and extended sequential JPEG with Huffman coding (ITU-T T.81, SOF0 and SOF1): 8 and 12 bits, one component.</summary>
/// <remarks>
/// JpegLibrary makes the samples. It takes codes that are cut off for others in silence, so the coded data is checked first, and only what is whole reaches it.
/// </remarks>
public static class JpegDctDecoder
{
    /// <summary>The samples of a stream. Decoders differ by 1, because T.81 leaves the rounding of the inverse transform open.</summary>
    /// <param name="stream">A whole stream from its start marker (FFD8); fragments are joined.</param>
    /// <param name="pixelLimit">Rows x columns above which the stream is refused.</param>
    /// <exception cref="CodecException">The stream is damaged, incomplete, too large, or of a kind that is not read.</exception>
    public static CodecImage Decode(ReadOnlySpan<byte> stream, long pixelLimit)
    {
        var process = JpegInfo.Read(stream).Process == JpegProcess.Extended ? JpegProcess.Extended : JpegProcess.Baseline;
        var header = JpegHeader.Read(stream, process, pixelLimit);
        var (width, height, precision) = (header.Frame.Width, header.Frame.Height, header.Frame.Precision);
        // Sequential JPEG codes all 64 coefficients at once, whatever the scan header says of them: encoders of the 1990s leave that part 0.
        var quantization = header.QuantizationTable < 4 ? header.QuantizationTables[header.QuantizationTable] : null;
        if (quantization is null)
            throw new CodecException(FormattableString.Invariant($"quantization table {header.QuantizationTable}, which the frame uses, is missing"));
        var (dc, ac) = (Table(header, header.ScanTables >> 4, 0), Table(header, header.ScanTables & 15, 4));
        var data = stream[header.DataStart..];
        var length = DctScanCheck.Run(data, (long)((width + 7) / 8) * ((height + 7) / 8), header.RestartInterval, new HuffmanTable(dc), new HuffmanTable(ac));

        var writer = new GreyWriter(width, height, precision);
        // Both processes are one to it.
        var decoder = new JpegDecoder { StartOfFrame = JpegLibrary.JpegMarker.StartOfFrame1 };
        decoder.SetFrameHeader(Frame(header));
        decoder.SetQuantizationTable(Quantization(quantization));
        decoder.SetHuffmanTable(Huffman(dc, 0));
        decoder.SetHuffmanTable(Huffman(ac, 1));
        decoder.SetRestartInterval((int)header.RestartInterval);
        decoder.SetOutputWriter(writer);
        // It wants to see a marker behind the last block.
        var reader = new JpegReader((byte[])[.. data[..length], 0xFF, Jpeg.JpegMarker.EndOfImage]);
        try
        {
            decoder.ProcessScan(ref reader, new JpegScanHeader(1, [new JpegScanComponentSpecificationParameters(1, 0, 0)], 0, 63, 0, 0));
        }
        catch (InvalidOperationException)
        {
            throw new CodecException("the coded data has bytes before a restart marker that belong to no block");
        }

        return new CodecImage(width, height, precision, false, writer.Samples);
    }

    private static byte[] Table(JpegHeader header, int number, int offset) =>
        (number < 4 ? header.HuffmanTables[number + offset] : null)
        ?? throw new CodecException(FormattableString.Invariant($"Huffman table {number}, which the scan uses, is missing"));

    // The sampling factors of a single component mean nothing (T.81 A.2.2), but would change the order of its blocks in JpegLibrary.
    private static JpegFrameHeader Frame(JpegHeader header) =>
        new(
            (byte)header.Frame.Precision,
            (ushort)header.Frame.Height,
            (ushort)header.Frame.Width,
            1,
            [new JpegFrameComponentSpecificationParameters(1, 1, 1, 0)]);

    private static JpegQuantizationTable Quantization(byte[] table)
    {
        var length = 1;
        var isRead = JpegQuantizationTable.TryParse((byte)(table[0] >> 4), 0, table.AsSpan(1), out var parsed, ref length);
        return isRead ? parsed : throw new CodecException("the quantization table is damaged");
    }

    private static JpegHuffmanDecodingTable Huffman(byte[] table, byte kind)
    {
        var length = 0;
        var isRead = JpegHuffmanDecodingTable.TryParse(kind, 0, table.AsSpan(), out var parsed, ref length);
        return isRead ? parsed! : throw new CodecException("a Huffman table is damaged");
    }
}
