namespace Mammo.Codecs.Jpeg2000;

/// <summary>A codestream taken apart into its header and the tile-parts of each tile (T.800, annex A); packets are not looked into.</summary>
internal sealed class Codestream
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly CodingParameters _main = new(null);
    private readonly PackedHeaders _packedHeaders = new();
    private readonly SortedDictionary<int, TileStream> _tiles = [];
    private int _position;

    private Codestream(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        if (bytes.Length < 4 || Marker16() != Marker.Soc || Marker16() != Marker.Siz)
            throw new CodecException("this is no JPEG 2000 codestream");
        Size = SizeSegment.Read(Segment("SIZ"));
        while (Marker16() is var marker && marker != Marker.Sot)
            ReadMain(marker);
    }

    public SizeSegment Size { get; }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Tiles by number.</summary>
    public IReadOnlyDictionary<int, TileStream> Tiles => _tiles;

    /// <summary>Reads the main header alone.</summary>
    public static SizeSegment ReadSize(ReadOnlyMemory<byte> bytes) => new Codestream(bytes).Size;

    public static Codestream Read(ReadOnlyMemory<byte> bytes)
    {
        var codestream = new Codestream(bytes);
        codestream.ReadTileParts();
        return codestream;
    }

    private void ReadMain(int marker)
    {
        if (Marker.StandsAlone(marker))
            return;
        if (marker is Marker.Sod or Marker.Eoc || marker < 0xFF00)
            throw new CodecException($"{marker:X4} stands where the main header has a marker");
        var segment = Segment($"the marker segment {marker:X4}");
        if (marker == Marker.Cap)
            RefuseHighThroughput(segment);
        else if (marker == Marker.Ppm)
            _packedHeaders.Add(segment);
        else if (Marker.IsOfPart2(marker))
            throw new CodecException("JPEG 2000 Part 2 is not read here", isUnsupported: true);
        else
            _main.Add(marker, segment, Size.Components.Length);
    }

    // The bits of Pcap stand for parts, from the first; other parts than 15 change nothing that matters here.
    private static void RefuseHighThroughput(HeaderReader segment)
    {
        if ((segment.Word() & (1u << (32 - 15))) != 0)
            throw ComponentCoding.HighThroughput();
    }

    private void ReadTileParts()
    {
        var packed = _packedHeaders.IsEmpty ? null : _packedHeaders.Split();
        do
            ReadTilePart(packed);
        while (HasTilePart());
        var count = Size.TilesAcross * Size.TilesDown;
        if (_tiles.Count < count)
            throw new CodecException($"the codestream ends after {_tiles.Count} of {count} tiles");
    }

    private void ReadTilePart(Queue<ReadOnlyMemory<byte>>? packed)
    {
        var start = _position - 2;
        var sot = Segment("SOT");
        int index = sot.Short(), length = sot.Coordinate(), part = sot.Byte();
        if (index >= Size.TilesAcross * Size.TilesDown)
            throw new CodecException($"there is a tile {index} of {Size.TilesAcross * Size.TilesDown}");
        // Length 0: up to the end of the codestream, whose marker may be missing.
        var end = length == 0 ? EndOfCodestream() : start + (long)length;
        if (end > _bytes.Length || end < _position + 2)
            throw new CodecException($"the codestream ends before tile-part {part} of tile {index} does");
        if (!_tiles.TryGetValue(index, out var tile))
            _tiles.Add(index, tile = new TileStream(_main));
        if (part != tile.Parts.Count)
            throw new CodecException($"tile-part {part} of tile {index} stands where {tile.Parts.Count} belongs");

        ReadTileHeader(tile, (int)end);
        if (packed is not null)
        {
            if (!packed.TryDequeue(out var headers))
                throw new CodecException("PPM has packet headers for fewer tile-parts than there are");
            tile.PackedHeaders.Add(headers);
        }

        tile.Parts.Add(new Range(_position, (int)end));
        _position = (int)end;
    }

    private void ReadTileHeader(TileStream tile, int end)
    {
        var packed = new PackedHeaders();
        while (Marker16() is var marker && marker != Marker.Sod)
        {
            if (Marker.StandsAlone(marker))
                continue;
            if (marker is Marker.Sot or Marker.Eoc || marker < 0xFF00 || _position >= end)
                throw new CodecException($"{marker:X4} stands where a tile-part's header has a marker");
            var segment = Segment($"the marker segment {marker:X4}");
            if (marker == Marker.Ppt)
                packed.Add(segment);
            else
                tile.Parameters.Add(marker, segment, Size.Components.Length);
        }

        if (_position > end)
            throw new CodecException("a tile-part ends within its header");
        if (!packed.IsEmpty)
            tile.PackedHeaders.Add(packed.Join());
    }

    private int EndOfCodestream()
    {
        var bytes = _bytes.Span[_position..].TrimEnd((byte)0);
        return _position + (bytes.EndsWith((ReadOnlySpan<byte>)[Marker.Eoc >> 8, Marker.Eoc & 0xFF]) ? bytes.Length - 2 : _bytes.Length - _position);
    }

    /// <summary>Reads the marker behind a tile-part; the end marker may be missing.</summary>
    private bool HasTilePart()
    {
        var marker = _bytes.Length - _position < 2 ? Marker.Eoc : Marker16();
        return marker is Marker.Sot or Marker.Eoc ? marker == Marker.Sot : throw new CodecException($"{marker:X4} stands where a tile-part begins");
    }

    private int Marker16()
    {
        if (_bytes.Length - _position < 2)
            throw new CodecException("the codestream ends within its headers");
        var span = _bytes.Span;
        var marker = span[_position] << 8 | span[_position + 1];
        _position += 2;
        return marker;
    }

    private HeaderReader Segment(string name)
    {
        var length = Marker16();
        if (length < 2 || length - 2 > _bytes.Length - _position)
            throw new CodecException($"{name} is longer than what remains");
        var segment = new HeaderReader(_bytes.Span.Slice(_position, length - 2), name);
        _position += length - 2;
        return segment;
    }
}
