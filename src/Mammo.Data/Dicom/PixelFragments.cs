using System.Buffers.Binary;

namespace Mammo.Data.Dicom;

/// <summary>
/// Compressed pixels (PS3.5, A.4): an item with the basic offset table, which may be empty, then fragments. A frame may take several; which ones the
/// offset tables say, or the number of fragments, or the marker that every codestream begins with.
/// </summary>
internal sealed class PixelFragments
{
    // An offset table has four or eight bytes for each frame.
    private const int TableLimit = 1 << 24;

    private readonly List<(long Offset, int Length)> _fragments;
    private readonly long[] _offsets;

    private PixelFragments(List<(long Offset, int Length)> fragments, long[] offsets) => (_fragments, _offsets) = (fragments, offsets);

    /// <summary>Finds the fragments without reading them.</summary>
    /// <param name="file">A file whose pixels are of undefined length.</param>
    /// <exception cref="InvalidDataException">They are damaged or end too early.</exception>
    public static PixelFragments Find(DicomFile file)
    {
        var input = file.Input;
        var table = Head(input) is { } first and <= TableLimit ? Offsets(input.Take(first), 4) : throw Damaged(input.Position);
        // Some writers leave out the delimiter at the end.
        var fragments = new List<(long Offset, int Length)>();
        var start = input.Position;
        while (!input.Peek(1).IsEmpty && Head(input) is { } length)
        {
            fragments.Add((input.Position, length));
            input.Skip(length);
        }

        if (file.DataSet.Value(DicomTag.ExtendedOffsetTable) is { } extended)
            table = Offsets(extended.Bytes, 8);
        return new PixelFragments(fragments, Array.ConvertAll(table, offset => start + offset + 8));
    }

    /// <summary>Reads a frame's codestream.</summary>
    /// <param name="file">The file.</param>
    /// <param name="frame">Number of the frame, from 1.</param>
    /// <param name="frames">Number of frames that the image has.</param>
    /// <param name="limit">More bytes than any frame of this size is compressed to.</param>
    /// <exception cref="InvalidDataException">The frame's fragments are missing or too long, or it cannot be said which they are.</exception>
    public byte[] Read(DicomFile file, int frame, int frames, long limit)
    {
        var (first, end) = Range(file, frame, frames);
        if (end <= first)
            throw new InvalidDataException("its compressed pixels are missing");
        long length = 0;
        for (var i = first; i < end; i++)
            length += _fragments[i].Length;
        if (length > Math.Min(limit, Array.MaxLength))
            throw DicomDamage.Of($"a frame's compressed pixels have {length} bytes, more than it has without compression; it is damaged");
        var stream = new byte[length];
        var position = 0;
        for (var i = first; i < end; i++)
        {
            file.ReadAt(_fragments[i].Offset, stream.AsSpan(position, _fragments[i].Length));
            position += _fragments[i].Length;
        }

        return stream;
    }

    private (int First, int End) Range(DicomFile file, int frame, int frames)
    {
        if (frames == 1)
            return (0, _fragments.Count);
        if (_fragments.Count == frames)
            return (frame - 1, frame);
        var starts = _offsets.Length == frames ? ByOffset() : [];
        if (starts.Length == 0 || starts.Contains(-1))
            starts = [.. Enumerable.Range(0, _fragments.Count).Where(i => BeginsCodestream(file, _fragments[i]))];
        if (starts.Length != frames || starts[0] != 0)
            throw DicomDamage.Of($"it has {frames} frames in {_fragments.Count} fragments, and nothing says which belongs to which");
        return (starts[frame - 1], frame == frames ? _fragments.Count : starts[frame]);
    }

    private int[] ByOffset()
    {
        var places = new Dictionary<long, int>();
        for (var i = 0; i < _fragments.Count; i++)
            places[_fragments[i].Offset] = i;
        return Array.ConvertAll(_offsets, offset => places.GetValueOrDefault(offset, -1));
    }

    // JPEG and JPEG-LS begin with FF D8, JPEG 2000 with FF 4F FF 51.
    private static bool BeginsCodestream(DicomFile file, (long Offset, int Length) fragment)
    {
        Span<byte> start = stackalloc byte[4];
        if (fragment.Length < start.Length)
            return false;
        file.ReadAt(fragment.Offset, start);
        return start is [0xFF, 0xD8, 0xFF, _] or [0xFF, 0x4F, 0xFF, 0x51];
    }

    // The length of the next fragment; null at the delimiter.
    private static int? Head(DicomInput input)
    {
        var position = input.Position;
        var head = input.Take(8);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if (head is [0xFE, 0xFF, 0xDD, 0xE0, ..])
            return null;
        if (head is not [0xFE, 0xFF, 0x00, 0xE0, ..])
            throw Damaged(position);
        if (length > Math.Min(input.Remaining, int.MaxValue))
            throw DicomDamage.Of($"a fragment of its pixels claims {length} bytes where {input.Remaining} remain; it is truncated or damaged");
        return (int)length;
    }

    private static InvalidDataException Damaged(long position) => DicomDamage.Of($"its compressed pixels are damaged: byte {position} should begin a fragment");

    private static long[] Offsets(ReadOnlySpan<byte> bytes, int size)
    {
        var offsets = new long[bytes.Length / size];
        for (var i = 0; i < offsets.Length; i++)
            offsets[i] = size == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]) : BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]);
        return offsets;
    }
}
