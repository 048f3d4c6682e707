namespace Mammo.Codecs.Jpeg;

/// <summary>All that comes before the first scan's coded data.</summary>
internal sealed class JpegHeader
{
    private JpegHeader()
    {
    }

    public JpegInfo Frame { get; private set; } = null!;

    /// <summary>Huffman tables as they are in the stream (16 counts, then symbols), DC and lossless ones 0 to 3, AC ones 4 to 7.</summary>
    public byte[]?[] HuffmanTables { get; } = new byte[]?[8];

    /// <summary>Quantization tables as they are in the stream, with their precision and number before them.</summary>
    public byte[]?[] QuantizationTables { get; } = new byte[]?[4];

    public int QuantizationTable { get; private set; }

    /// <summary>Preset coding parameters of JPEG-LS: MAXVAL, T1, T2, T3, RESET; 0 means the default.</summary>
    public int[] JpegLsPreset { get; } = new int[5];

    /// <summary>Minimum coded units from one restart marker to the next, 0 for no restarts: samples (lossless), blocks (DCT), lines (JPEG-LS).</summary>
    public long RestartInterval { get; private set; }

    /// <summary>The scan's table numbers: DC in the high half, AC in the low one (T.81); the mapping table (JPEG-LS).</summary>
    public byte ScanTables { get; private set; }

    /// <summary>Predictor (lossless), NEAR (JPEG-LS), start of the spectral selection (DCT).</summary>
    public byte ScanStart { get; private set; }

    /// <summary>Interleave mode (JPEG-LS), end of the spectral selection (DCT).</summary>
    public byte ScanEnd { get; private set; }

    /// <summary>Bits by which samples were shifted right before they were coded.</summary>
    public int PointTransform { get; private set; }

    /// <summary>Where the coded data begins.</summary>
    public int DataStart { get; private set; }

    public static JpegHeader Read(ReadOnlySpan<byte> stream, JpegProcess process, long pixelLimit)
    {
        var header = new JpegHeader();
        var segments = new JpegSegments(stream);
        JpegInfo? frame = null;
        while (true)
        {
            segments.Next();
            var segment = segments.Segment;
            if (JpegMarker.IsFrame(segments.Marker))
            {
                if (frame is not null)
                    throw new CodecException("the stream has a second frame header before its scan");
                frame = JpegInfo.Parse(segments.Marker, segment);
                // What follows belongs to the process: nothing of another one is parsed.
                frame.Check(process, pixelLimit);
                header.QuantizationTable = segment[8];
            }
            else if (segments.Marker == JpegMarker.Scan)
            {
                break;
            }
            else
            {
                header.ReadTables(segments.Marker, segment);
            }
        }

        header.Frame = JpegInfo.WithHeight(frame, stream[segments.Position..]);
        header.Frame.Check(process, pixelLimit);
        header.ReadScan(segments.Segment);
        header.DataStart = segments.Position;
        if (header.RestartInterval > ushort.MaxValue && process != JpegProcess.JpegLs)
            throw new CodecException("the restart interval is damaged");
        return header;
    }

    private void ReadTables(byte marker, ReadOnlySpan<byte> segment)
    {
        switch (marker)
        {
            case JpegMarker.HuffmanTables:
                ReadHuffmanTables(segment);
                break;
            case JpegMarker.QuantizationTables:
                ReadQuantizationTables(segment);
                break;
            case JpegMarker.RestartInterval:
                // JPEG-LS has intervals of 2 to 4 bytes (T.87 C.2.5).
                if (segment.Length is < 2 or > 4)
                    throw new CodecException("the segment of the restart interval is damaged");
                RestartInterval = Number(segment);
                break;
            case JpegMarker.JpegLsParameters:
                ReadJpegLsParameters(segment);
                break;
        }
    }

    private void ReadHuffmanTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var number = segment[0];
            var symbols = 0;
            for (var length = 1; length <= 16 && length < segment.Length; length++)
                symbols += segment[length];
            if ((number & 0xEC) != 0 || segment.Length < 17 + symbols)
                throw new CodecException("a Huffman table is damaged or incomplete");
            HuffmanTables[((number >> 4) * 4) + (number & 3)] = segment[1..(17 + symbols)].ToArray();
            segment = segment[(17 + symbols)..];
        }
    }

    private void ReadQuantizationTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var length = 1 + (64 * (1 + (segment[0] >> 4)));
            if ((segment[0] & 0xEC) != 0 || segment.Length < length)
                throw new CodecException("a quantization table is damaged or incomplete");
            QuantizationTables[segment[0] & 3] = segment[..length].ToArray();
            segment = segment[length..];
        }
    }

    // T.87 C.2.4.1: 1 is preset coding parameters, 2 and 3 are mapping tables, which a grey scan that names none leaves unused, 4 is a size beyond 65535.
    private void ReadJpegLsParameters(ReadOnlySpan<byte> segment)
    {
        var kind = segment.Length > 0 ? segment[0] : 0;
        if (kind == 1)
        {
            if (segment.Length != 11)
                throw new CodecException("the segment of JPEG-LS coding parameters is damaged");
            for (var i = 0; i < JpegLsPreset.Length; i++)
                JpegLsPreset[i] = (int)Number(segment.Slice(1 + (2 * i), 2));
        }
        else if (kind is not (2 or 3))
        {
            throw new CodecException(FormattableString.Invariant($"JPEG-LS parameters of kind {kind} are not read"), isUnsupported: true);
        }
    }

    private void ReadScan(ReadOnlySpan<byte> segment)
    {
        if (segment.Length != 6 || segment[0] != 1)
            throw new CodecException("the scan header is damaged (it is not that of one component)");
        ScanTables = segment[2];
        ScanStart = segment[3];
        ScanEnd = segment[4];
        PointTransform = segment[5] & 15;
    }

    private static long Number(ReadOnlySpan<byte> bytes)
    {
        long number = 0;
        foreach (var value in bytes)
            number = (number << 8) | value;
        return number;
    }
}
