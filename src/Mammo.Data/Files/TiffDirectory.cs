using System.Buffers.Binary;

namespace Mammo.Data.Files;

/// <summary>
/// The directory of one picture in a TIFF or BigTIFF file (TIFF 6.0, section 2), read before libvips sees the file, and written anew over itself with the
/// entries that decoding needs.
/// </summary>
internal sealed class TiffDirectory
{
    private static readonly int[] SizeOfType = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    private readonly byte[]? _bytes;
    private readonly FileStream? _stream;
    private readonly bool _isLittle;
    private readonly bool _isBig;
    private readonly long _start;
    private readonly long _room;
    private readonly SortedDictionary<int, Entry> _entries = [];

    private TiffDirectory(byte[]? bytes, FileStream? stream, bool isLittle, bool isBig, long start)
    {
        (_bytes, _stream, _isLittle, _isBig, _start) = (bytes, stream, isLittle, isBig, start);
        var count = Integer(start, isBig ? 8 : 2);
        var (first, length) = (start + (isBig ? 8 : 2), isBig ? 20 : 12);
        if (count is 0 or > 4096)
            throw new InvalidDataException("it is damaged: a TIFF directory without usable entries");
        _room = count;
        for (var i = 0; i < count; i++)
        {
            var at = first + (i * length);
            var entry = new Entry((int)Integer(at + 2, 2), Integer(at + 4, isBig ? 8 : 4), At(at + (isBig ? 12 : 8), isBig ? 8 : 4).ToArray());
            _entries.TryAdd((int)Integer(at, 2), entry);
        }

        Next = Integer(first + (count * length), isBig ? 8 : 4);
    }

    /// <summary>Place of the next picture's directory; 0 where this is the last one.</summary>
    private long Next { get; }

    /// <summary>The directories of a file's pictures in order; thumbnails may be among them.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or has more than 64 pictures.</exception>
    public static List<TiffDirectory> All(byte[] file) => All(file, null);

    /// <summary>The same of a file of which no more is read.</summary>
    public static List<TiffDirectory> All(FileStream file) => All(null, file);

    private static List<TiffDirectory> All(byte[]? bytes, FileStream? stream)
    {
        var start = At(bytes, stream, 0, 8);
        var isLittle = start[0] == (byte)'I';
        var isBig = (isLittle ? start[2] : start[3]) == 43;
        var all = new List<TiffDirectory>();
        var seen = new HashSet<long>();
        var next = isBig ? Read(At(bytes, stream, 8, 8), isLittle) : Read(start[4..], isLittle);
        for (; next != 0; next = all[^1].Next)
        {
            if (!seen.Add(next) || all.Count == 64)
                throw new InvalidDataException("it is damaged, or has more pictures than are looked at");
            all.Add(new TiffDirectory(bytes, stream, isLittle, isBig, next));
        }

        return all.Count == 0 ? throw new InvalidDataException("it is damaged: a TIFF without a picture") : all;
    }

    /// <summary>
    /// The directories that this one names as its own (SubIFDs of TIFF/EP and DNG): smaller copies of its picture or, where this is itself a thumbnail, the
    /// picture.
    /// </summary>
    /// <exception cref="InvalidDataException">They cannot be read.</exception>
    public IEnumerable<TiffDirectory> Inner() =>
        Values(TiffTag.SubIfds).Take(64).Select(start => new TiffDirectory(_bytes, _stream, _isLittle, _isBig, start));

    /// <summary>Whether it is said to be a smaller copy of another picture, or a mask of one.</summary>
    public bool IsSecondary =>
        (Value(TiffTag.NewSubfileType, 0) & 0b101) != 0 || Value(TiffTag.SubfileType, 1) == 2 || Value(TiffTag.PhotometricInterpretation, 1) == 4;

    /// <summary>Whether there is such a tag.</summary>
    public bool Has(TiffTag tag) => _entries.ContainsKey((int)tag);

    /// <summary>The first value of a tag of whole numbers, or what TIFF 6.0 gives where it is missing.</summary>
    public long Value(TiffTag tag, long otherwise) => Values(tag) is [var first, ..] ? first : otherwise;

    /// <summary>All values of a tag of whole numbers; empty where there is none.</summary>
    public long[] Values(TiffTag tag)
    {
        if (!_entries.TryGetValue((int)tag, out var entry) || entry.Type is not (1 or 3 or 4 or 13 or 16))
            return [];
        var size = SizeOfType[entry.Type];
        // A strip a row of the largest film, and some.
        if (entry.Count > 1 << 20)
            throw new InvalidDataException("it is damaged: too many values in a TIFF tag");
        var length = (int)entry.Count * size;
        var data = length <= entry.Inline.Length ? entry.Inline : At(Read(entry.Inline, _isLittle), length).ToArray();
        return [.. Enumerable.Range(0, (int)entry.Count).Select(i => Read(data.AsSpan(i * size, size), _isLittle))];
    }

    /// <summary>Sets a tag of short numbers to zeros, where the directory as it lies in the file has room for it.</summary>
    public void SetZeros(TiffTag tag, int count)
    {
        var isRoom = Has(tag) || _entries.Keys.Count(known => Enum.IsDefined((TiffTag)known)) < _room;
        if (isRoom && 2 * count <= (_isBig ? 8 : 4))
            _entries[(int)tag] = new Entry(3, count, new byte[_isBig ? 8 : 4]);
    }

    /// <summary>Sets a tag to one whole number.</summary>
    public void Set(TiffTag tag, long value)
    {
        var inline = new byte[_isBig ? 8 : 4];
        if (_isLittle)
            BinaryPrimitives.WriteUInt32LittleEndian(inline, (uint)value);
        else
            BinaryPrimitives.WriteUInt32BigEndian(inline, (uint)value);
        var isShort = tag is not (TiffTag.StripOffsets or TiffTag.StripByteCounts or TiffTag.TileOffsets or TiffTag.TileByteCounts);
        if (isShort && !_isLittle)
            BinaryPrimitives.WriteUInt32BigEndian(inline, (uint)value << 16);
        _entries[(int)tag] = new Entry(isShort ? 3 : 4, 1, inline);
    }

    /// <summary>Keeps the first values of a tag.</summary>
    public void Keep(TiffTag tag, int count)
    {
        if (!_entries.TryGetValue((int)tag, out var entry) || entry.Count <= count)
            return;
        var (size, room) = (SizeOfType[entry.Type], entry.Inline.Length);
        var inline = entry.Inline;
        if (entry.Count * size > room && count * size <= room)
        {
            inline = new byte[room];
            At(Read(entry.Inline, _isLittle), count * size).CopyTo(inline);
        }

        _entries[(int)tag] = entry with { Count = count, Inline = inline };
    }

    /// <summary>Takes an entry out.</summary>
    public void Remove(TiffTag tag) => _entries.Remove((int)tag);

    /// <summary>
    /// Writes the directory over itself, as the only one of the file, with those entries alone that decoding needs: what is wrong with a text or a maker's
    /// private tag is no reason to doubt the pixels.
    /// </summary>
    /// <param name="file">The whole file that the directory was read from.</param>
    public void WriteAlone(byte[] file)
    {
        foreach (var tag in _entries.Keys.Where(tag => !Enum.IsDefined((TiffTag)tag)).ToArray())
            _entries.Remove(tag);
        var (first, length) = (_start + (_isBig ? 8 : 2), _isBig ? 20 : 12);
        Write(_start, _isBig ? 8 : 2, _entries.Count);
        var at = first;
        foreach (var (tag, entry) in _entries)
        {
            Write(at, 2, tag);
            Write(at + 2, 2, entry.Type);
            Write(at + 4, _isBig ? 8 : 4, entry.Count);
            entry.Inline.CopyTo(file, at + (_isBig ? 12 : 8));
            at += length;
        }

        Write(at, _isBig ? 8 : 4, 0);
        Write(_isBig ? 8 : 4, _isBig ? 8 : 4, _start);

        void Write(long place, int size, long value)
        {
            for (var i = 0; i < size; i++)
                file[place + i] = (byte)(value >> (8 * (_isLittle ? i : size - 1 - i)));
        }
    }

    private static long Read(ReadOnlySpan<byte> number, bool isLittle)
    {
        ulong value = 0;
        for (var i = 0; i < number.Length; i++)
            value |= (ulong)number[i] << (8 * (isLittle ? i : number.Length - 1 - i));
        return value <= long.MaxValue ? (long)value : throw new InvalidDataException("it is damaged");
    }

    private static ReadOnlySpan<byte> At(byte[]? bytes, FileStream? stream, long at, int size)
    {
        if (at < 0 || at > (bytes?.Length ?? stream!.Length) - size)
            throw new InvalidDataException("it is truncated");
        if (bytes is not null)
            return bytes.AsSpan((int)at, size);
        var read = new byte[size];
        stream!.Position = at;
        stream.ReadExactly(read);
        return read;
    }

    private long Integer(long at, int size) => Read(At(at, size), _isLittle);

    private ReadOnlySpan<byte> At(long at, int size) => At(_bytes, _stream, at, size);

    private readonly record struct Entry(int Type, long Count, byte[] Inline);
}

/// <summary>The tags that decoding needs.</summary>
internal enum TiffTag
{
    NewSubfileType = 254,
    SubfileType = 255,
    ImageWidth = 256,
    ImageLength = 257,
    BitsPerSample = 258,
    Compression = 259,
    PhotometricInterpretation = 262,
    FillOrder = 266,
    StripOffsets = 273,
    SamplesPerPixel = 277,
    RowsPerStrip = 278,
    StripByteCounts = 279,
    PlanarConfiguration = 284,
    T4Options = 292,
    T6Options = 293,
    Predictor = 317,
    ColorMap = 320,
    TileWidth = 322,
    TileLength = 323,
    TileOffsets = 324,
    TileByteCounts = 325,
    SubIfds = 330,
    InkSet = 332,
    ExtraSamples = 338,
    SampleFormat = 339,
    JpegTables = 347,
    YCbCrCoefficients = 529,
    YCbCrSubSampling = 530,
    YCbCrPositioning = 531,
    ReferenceBlackWhite = 532,
}
