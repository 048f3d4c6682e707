using System.Buffers.Binary;

namespace Mammo.Codecs.Rle;

/// <summary>DICOM's run-length coding (PS3.5 annex G): one grey frame of 8 or 16 bits a sample.</summary>
public static class RleDecoder
{
    // Number of segments and 15 places for where they begin, 4 bytes each.
    private const int HeaderLength = 64;

    // Two bytes stand for 128 at the most.
    private const int LargestExpansion = 64;

    /// <summary>The samples of a frame, unsigned.</summary>
    /// <param name="frame">The frame from its header on; fragments are joined.</param>
    /// <param name="width">Columns that the frame has.</param>
    /// <param name="height">Rows that the frame has.</param>
    /// <param name="bitsAllocated">8 or 16: the frame has one segment for each byte of a sample, the highest first.</param>
    /// <param name="pixelLimit">Rows x columns above which the frame is refused.</param>
    /// <exception cref="CodecException">The frame is damaged, incomplete, too large, or of a kind that is not read.</exception>
    public static CodecImage Decode(ReadOnlySpan<byte> frame, int width, int height, int bitsAllocated, long pixelLimit)
    {
        if (width < 1 || height < 1)
            throw new CodecException(FormattableString.Invariant($"a frame of {width} x {height} samples has none"));
        if (bitsAllocated is not (8 or 16))
            throw new CodecException(FormattableString.Invariant($"run-length coded samples of {bitsAllocated} bits are not read"), isUnsupported: true);
        PixelLimit.Check(width, height, pixelLimit);
        if (frame.Length < HeaderLength)
            throw new CodecException("the run-length coded frame ends within its header");
        var segments = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        var expected = bitsAllocated / 8;
        if (segments == 3 * expected)
            throw new CodecException("the run-length coded frame is in colour; only grey is read", isUnsupported: true);
        if (segments != expected)
            throw new CodecException(FormattableString.Invariant($"the run-length coded frame has {segments} segments; {bitsAllocated} bits need {expected}"));

        CheckSegments(frame, expected, (long)width * height);
        var samples = new ushort[width * height];
        for (var i = 0; i < expected; i++)
            ReadSegment(Segment(frame, i, expected), samples, 8 * (expected - 1 - i));
        return new CodecImage(width, height, bitsAllocated, false, samples);
    }

    private static void CheckSegments(ReadOnlySpan<byte> frame, int count, long length)
    {
        for (var i = 0; i < count; i++)
        {
            var (start, end) = (Start(frame, i), i + 1 < count ? Start(frame, i + 1) : frame.Length);
            if (start < HeaderLength || start > end || end > frame.Length)
                throw new CodecException(FormattableString.Invariant($"segment {i + 1} of the run-length coded frame is not where its header says"));
            if ((end - start) * LargestExpansion < length)
                throw new CodecException(FormattableString.Invariant($"segment {i + 1} of the run-length coded frame is too short for {length} samples"));
        }
    }

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> frame, int index, int count) =>
        frame[(int)Start(frame, index)..(index + 1 < count ? (int)Start(frame, index + 1) : frame.Length)];

    private static long Start(ReadOnlySpan<byte> frame, int index) => BinaryPrimitives.ReadUInt32LittleEndian(frame[(4 * (index + 1))..]);

    // Each control byte n: below 128, n + 1 bytes follow as they are; above, one that stands for 257 - n; 128 means nothing. Behind the last sample is padding.
    private static void ReadSegment(ReadOnlySpan<byte> segment, Span<ushort> samples, int shift)
    {
        var position = 0;
        while (samples.Length > 0)
        {
            if (position >= segment.Length)
                throw Incomplete(samples.Length);
            int control = segment[position++];
            if (control == 128)
                continue;
            var length = control < 128 ? control + 1 : 257 - control;
            var taken = control < 128 ? length : 1;
            if (position + taken > segment.Length)
                throw Incomplete(samples.Length);
            if (length > samples.Length)
                throw new CodecException("a run of the run-length coded frame goes beyond its last sample");
            if (control < 128)
            {
                for (var i = 0; i < length; i++)
                    samples[i] |= (ushort)(segment[position + i] << shift);
            }
            else
            {
                var value = (ushort)(segment[position] << shift);
                for (var i = 0; i < length; i++)
                    samples[i] |= value;
            }

            position += taken;
            samples = samples[length..];
        }
    }

    private static CodecException Incomplete(int missing) => new(FormattableString.Invariant($"the run-length coded frame ends {missing} samples early"));
}
