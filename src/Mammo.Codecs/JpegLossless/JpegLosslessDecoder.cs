using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegLossless;

/// <summary>Lossless JPEG with Huffman coding (ITU-T T.81 process 14, SOF3): all predictors, point transform, 2 to 16 bits, one component.</summary>
public static class JpegLosslessDecoder
{
    /// <summary>The samples of a stream, bit for bit as they were coded.</summary>
    /// <param name="stream">A whole stream from its start marker (FFD8); fragments are joined.</param>
    /// <param name="pixelLimit">Rows x columns above which the stream is refused.</param>
    /// <exception cref="CodecException">The stream is damaged, incomplete, too large, or of a kind that is not read.</exception>
    public static CodecImage Decode(ReadOnlySpan<byte> stream, long pixelLimit)
    {
        var header = JpegHeader.Read(stream, JpegProcess.Lossless, pixelLimit);
        var (width, height, precision) = (header.Frame.Width, header.Frame.Height, header.Frame.Precision);
        var data = stream[header.DataStart..];
        if (header.ScanStart is < 1 or > 7)
            throw new CodecException(FormattableString.Invariant($"lossless JPEG has no predictor {header.ScanStart} (1 to 7)"));
        if (header.PointTransform >= precision)
            throw new CodecException(FormattableString.Invariant($"a point transform of {header.PointTransform} bits leaves nothing of {precision}"));
        if (header.RestartInterval % width != 0)
            throw new CodecException(FormattableString.Invariant($"the restart interval of {header.RestartInterval} samples is not a number of whole rows"));
        // A code has at least one bit.
        if ((long)width * height > 8L * data.Length)
            throw new CodecException(FormattableString.Invariant($"{data.Length} bytes of coded data are too few for {width} x {height} samples"));
        var table = header.ScanTables >> 4 < 4 ? header.HuffmanTables[header.ScanTables >> 4] : null;
        if (table is null)
            throw new CodecException(FormattableString.Invariant($"Huffman table {header.ScanTables >> 4}, which the scan uses, is missing"));

        var samples = new ushort[width * height];
        var restartRows = header.RestartInterval == 0 ? height : (int)Math.Min(header.RestartInterval / width, height);
        new LosslessScan(new DifferenceTable(table), header.ScanStart, precision - header.PointTransform).Decode(data, samples, width, restartRows);
        if (header.PointTransform > 0)
        {
            for (var i = 0; i < samples.Length; i++)
                samples[i] <<= header.PointTransform;
        }

        return new CodecImage(width, height, precision, false, samples);
    }
}
