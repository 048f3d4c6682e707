namespace Mammo.Codecs.Jpeg;

/// <summary>What the header of a JPEG or JPEG-LS stream says.</summary>
/// <param name="Process">Which decoder reads it.</param>
/// <param name="Width">Columns, 1 to 65535.</param>
/// <param name="Height">Rows, 1 to 65535.</param>
/// <param name="Precision">Bits a sample has in the stream.</param>
/// <param name="Components">1 for grey, 3 for colour.</param>
public sealed record JpegInfo(JpegProcess Process, int Width, int Height, int Precision, int Components)
{
    /// <summary>Reads the header without decoding a sample.</summary>
    /// <param name="stream">A stream from its start marker (FFD8).</param>
    /// <exception cref="CodecException">The stream has no whole frame header.</exception>
    public static JpegInfo Read(ReadOnlySpan<byte> stream)
    {
        var segments = new JpegSegments(stream);
        JpegInfo? info = null;
        while (info is null or { Height: 0 })
        {
            segments.Next();
            if (JpegMarker.IsFrame(segments.Marker) && info is null)
                info = Parse(segments.Marker, segments.Segment);
            else if (segments.Marker == JpegMarker.Scan)
                return WithHeight(info, stream[segments.Position..]);
        }

        return info;
    }

    /// <summary>The frame header; its height is 0 where the number of lines follows the scan.</summary>
    internal static JpegInfo Parse(byte marker, ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6 || segment[5] == 0 || segment.Length != 6 + (3 * segment[5]))
            throw new CodecException("the frame header is damaged (its length does not fit its number of components)");
        var (height, width) = ((segment[1] << 8) | segment[2], (segment[3] << 8) | segment[4]);
        if (width == 0)
            throw new CodecException("the frame header has no width");
        var process = marker switch
        {
            0xC0 => JpegProcess.Baseline,
            0xC1 => JpegProcess.Extended,
            0xC2 => JpegProcess.Progressive,
            0xC3 => JpegProcess.Lossless,
            0xF7 => JpegProcess.JpegLs,
            _ => JpegProcess.Other,
        };
        return new JpegInfo(process, width, height, segment[0], segment[5]);
    }

    /// <summary>The same with the number of lines that follows the scan (T.81 B.2.5), where the frame header left it open.</summary>
    internal static JpegInfo WithHeight(JpegInfo? info, ReadOnlySpan<byte> scan)
    {
        if (info is null)
            throw new CodecException("a scan comes before the frame header");
        if (info.Height > 0)
            return info;
        var marker = JpegMarker.Find(scan, info.Process == JpegProcess.JpegLs, skipRestarts: true);
        if (marker + 6 > scan.Length || scan[marker + 1] != JpegMarker.Lines || scan[marker + 2] != 0 || scan[marker + 3] != 4)
            throw new CodecException("the frame header leaves the number of lines open, and none is given after the scan");
        var height = (scan[marker + 4] << 8) | scan[marker + 5];
        return height > 0 ? info with { Height = height } : throw new CodecException("the number of lines after the scan is 0");
    }

    /// <summary>Refuses what no decoder here reads and what is larger than the caller wants.</summary>
    internal void Check(JpegProcess expected, long pixelLimit)
    {
        if (Process != expected)
            throw new CodecException($"the stream is {Name(Process)} and not {Name(expected)}", isUnsupported: true);
        if (Components != 1)
            throw new CodecException(FormattableString.Invariant($"the stream has {Components} components; only one (grey) is read"), isUnsupported: true);
        var isAllowed = Process switch
        {
            JpegProcess.Baseline => Precision == 8,
            JpegProcess.Extended => Precision is 8 or 12,
            _ => Precision is >= 2 and <= 16,
        };
        if (!isAllowed)
            throw new CodecException(FormattableString.Invariant($"{Name(Process)} has no samples of {Precision} bits"));
        PixelLimit.Check(Width, Height, pixelLimit);
    }

    internal static string Name(JpegProcess process) => process switch
    {
        JpegProcess.Baseline => "baseline JPEG",
        JpegProcess.Extended => "extended JPEG",
        JpegProcess.Progressive => "progressive JPEG",
        JpegProcess.Lossless => "lossless JPEG",
        JpegProcess.JpegLs => "JPEG-LS",
        _ => "JPEG with hierarchical or arithmetic coding, or JPEG-LS part 2",
    };
}
