using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegLs;

/// <summary>JPEG-LS (ITU-T T.87): lossless and near-lossless, 2 to 16 bits, one component, without mapping table.</summary>
public static class JpegLsDecoder
{
    /// <summary>The samples of a stream, bit for bit as an encoder reconstructed them.</summary>
    /// <param name="stream">A whole stream from its start marker (FFD8); fragments are joined.</param>
    /// <param name="pixelLimit">Rows x columns above which the stream is refused.</param>
    /// <exception cref="CodecException">The stream is damaged, incomplete, too large, or of a kind that is not read.</exception>
    public static CodecImage Decode(ReadOnlySpan<byte> stream, long pixelLimit)
    {
        var header = JpegHeader.Read(stream, JpegProcess.JpegLs, pixelLimit);
        var (width, height, precision) = (header.Frame.Width, header.Frame.Height, header.Frame.Precision);
        var data = stream[header.DataStart..];
        if (header.ScanTables != 0)
            throw new CodecException("the JPEG-LS scan uses a mapping table, which is not read", isUnsupported: true);
        if (header.PointTransform != 0)
            throw new CodecException("the JPEG-LS scan has a point transform, which is not read", isUnsupported: true);
        if (header.ScanEnd > 2)
            throw new CodecException(FormattableString.Invariant($"JPEG-LS has no interleave mode {header.ScanEnd}"));
        // Each row takes at least one bit.
        if (height > 8L * data.Length)
            throw new CodecException(FormattableString.Invariant($"{data.Length} bytes of coded data are too few for {height} rows"));

        var samples = new ushort[width * height];
        var restartLines = header.RestartInterval == 0 ? height : (int)Math.Min(header.RestartInterval, height);
        new JpegLsScan(JpegLsParameters.Of(header), width).Decode(data, samples, restartLines);
        return new CodecImage(width, height, precision, false, samples);
    }
}
