using System.Buffers.Binary;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>Reads big-endian numbers out of a marker segment or box, never beyond its end.</summary>
/// <param name="bytes">The segment.</param>
/// <param name="name">What it is called in messages.</param>
internal ref struct HeaderReader(ReadOnlySpan<byte> bytes, string name)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly string _name = name;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public int Byte() => Take(1)[0];

    public int Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint Word() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A coordinate or size: those beyond 31 bits belong to no image that can be held.</summary>
    public int Coordinate()
    {
        var value = Word();
        return value <= int.MaxValue ? (int)value : throw new CodecException($"a size of {value} in {_name} is more than is read here", isUnsupported: true);
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining)
            throw new CodecException($"{_name} ends too early");
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>A component's number: one byte, or two where there are more than 256 components.</summary>
    public int Component(int components)
    {
        var component = components <= 256 ? Byte() : Short();
        return component < components ? component : throw new CodecException($"{_name} names component {component} of {components}");
    }
}
