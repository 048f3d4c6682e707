using System.Buffers.Binary;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>Packet headers that stand in marker segments: PPM in the main header, PPT in a tile-part's (T.800, A.7.4 and A.7.5).</summary>
internal sealed class PackedHeaders
{
    private readonly SortedList<int, byte[]> _segments = [];

    public bool IsEmpty => _segments.Count == 0;

    /// <summary>Takes a marker segment in: its number, by which segments are put in order, and its bytes.</summary>
    public void Add(HeaderReader reader)
    {
        if (!_segments.TryAdd(reader.Byte(), reader.Take(reader.Remaining).ToArray()))
            throw new CodecException("two marker segments of packet headers have the same number");
    }

    /// <summary>All bytes in order.</summary>
    public byte[] Join() => [.. _segments.Values.SelectMany(segment => segment)];

    /// <summary>PPM alone: the bytes of each tile-part, in the order in which tile-parts stand in the codestream. Lengths may run across segments.</summary>
    public Queue<ReadOnlyMemory<byte>> Split()
    {
        var bytes = Join();
        var parts = new Queue<ReadOnlyMemory<byte>>();
        for (var position = 0; position < bytes.Length;)
        {
            var length = bytes.Length - position >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(position)) : uint.MaxValue;
            position += 4;
            if (length > bytes.Length - position)
                throw new CodecException("packet headers in PPM are longer than PPM");
            parts.Enqueue(bytes.AsMemory(position, (int)length));
            position += (int)length;
        }

        return parts;
    }
}
