using System.Numerics;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>Reads the packets of one tile (T.800, B.9 and B.10): which bytes belong to which code-block. Nothing is decoded yet.</summary>
internal ref struct PacketReader
{
    // T.800 knows 164 passes, so that no length has more bits than this in a stream that can be held.
    private const int MostLengthBits = 31;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<byte> _packedHeaders;
    private readonly bool _hasPackedHeaders;
    private readonly TileStream _tile;
    private readonly List<(CodeBlock Block, int Length, int Passes)> _pending = [];
    private int _headerPosition;
    private int _part;
    private int _position;
    private int _end;

    private PacketReader(ReadOnlySpan<byte> bytes, TileStream tile)
    {
        _bytes = bytes;
        _tile = tile;
        _hasPackedHeaders = tile.PackedHeaders.Count > 0;
        _packedHeaders = tile.PackedHeaders.Count == 1 ? tile.PackedHeaders[0].Span : (byte[])[.. tile.PackedHeaders.SelectMany(part => part.ToArray())];
    }

    /// <summary>Reads all packets of a tile and gives each code-block its bytes.</summary>
    public static void Read(ReadOnlySpan<byte> bytes, TileStream tile, IReadOnlyList<TileComponent> components)
    {
        var reader = new PacketReader(bytes, tile);
        foreach (var (resolution, precinct, layer) in new PacketOrder(components, tile.Parameters).Packets())
            reader.ReadPacket(resolution, precinct, layer);
    }

    private void ReadPacket(Resolution resolution, int index, int layer)
    {
        // Where headers stand elsewhere, packets without code-blocks have no bytes here.
        while (_position == _end && !(_hasPackedHeaders && _part == _tile.Parts.Count))
            NextPart();
        SkipSop();
        if (_hasPackedHeaders)
        {
            _headerPosition = ReadHeader(_packedHeaders, _headerPosition, resolution, index, layer);
        }
        else
        {
            // A header may not run on into the next tile-part.
            _position = ReadHeader(_bytes[.._end], _position, resolution, index, layer);
        }

        foreach (var (block, length, passes) in _pending)
        {
            if (length > _end - _position)
                throw new CodecException("a packet is longer than its tile-part");
            block.Add(new Chunk(_position, length, passes));
            _position += length;
        }

        _pending.Clear();
    }

    private void NextPart()
    {
        if (_part == _tile.Parts.Count)
            throw new CodecException("a tile ends before all of its packets are there");
        var part = _tile.Parts[_part++];
        (_position, _end) = (part.Start.Value, part.End.Value);
    }

    // SOP and EPH are told by themselves: no header begins with these bytes, and no code-block's bytes hold them.
    private void SkipSop()
    {
        if (_end - _position >= 6 && _bytes[_position] == Marker.Sop >> 8 && _bytes[_position + 1] == (Marker.Sop & 0xFF))
            _position += 6;
    }

    private readonly int ReadHeader(ReadOnlySpan<byte> bytes, int position, Resolution resolution, int index, int layer)
    {
        var bits = new PacketBits(bytes, position);
        if (bits.Bit() == 1)
        {
            foreach (var part in resolution.Precinct(index).Bands)
            {
                for (var i = 0; i < part.Blocks.Length; i++)
                    ReadBlock(ref bits, part, i, layer, resolution.Component);
            }
        }

        position = bits.End();
        var hasEph = bytes.Length - position >= 2 && bytes[position] == Marker.Eph >> 8 && bytes[position + 1] == (Marker.Eph & 0xFF);
        if (!hasEph && _tile.Parameters.Style.HasEph)
            throw new CodecException("a packet header does not end with the marker EPH");
        return position + (hasEph ? 2 : 0);
    }

    private readonly void ReadBlock(ref PacketBits bits, PrecinctBand part, int index, int layer, TileComponent component)
    {
        var block = part.Blocks[index];
        int x = index % part.Across, y = index / part.Across;
        if (block.Passes > 0)
        {
            if (bits.Bit() == 0)
                return;
        }
        else
        {
            if (!part.Inclusion.IsBelow(x, y, layer + 1, ref bits))
                return;
            var planes = part.Band.Planes + component.Shift;
            block.EmptyPlanes = part.EmptyPlanes.Value(x, y, planes, ref bits);
            if (block.EmptyPlanes == planes)
                throw new CodecException("a code-block has no bit planes");
        }

        var passes = ReadPasses(ref bits);
        if (block.Passes + passes > 3 * part.Band.CodedPlanes(block, component.Shift) - 2)
            throw new CodecException("a code-block has more coding passes than bit planes");
        while (bits.Bit() == 1)
        {
            if (++block.LengthBits > MostLengthBits)
                throw new CodecException("a code-block's length has too many bits");
        }

        for (int count; passes > 0; passes -= count)
        {
            count = Math.Min(passes, component.Coding.SegmentEnd(block.Passes) - block.Passes);
            var width = block.LengthBits + BitOperations.Log2((uint)count);
            var length = width <= MostLengthBits ? bits.Bits(width) : throw new CodecException("a code-block's length has too many bits");
            _pending.Add((block, length, count));
            block.Passes += count;
        }
    }

    /// <summary>The number of coding passes (T.800, table B.4).</summary>
    private static int ReadPasses(ref PacketBits bits)
    {
        if (bits.Bit() == 0)
            return 1;
        if (bits.Bit() == 0)
            return 2;
        var count = bits.Bits(2);
        if (count < 3)
            return 3 + count;
        count = bits.Bits(5);
        return count < 31 ? 6 + count : 37 + bits.Bits(7);
    }
}
