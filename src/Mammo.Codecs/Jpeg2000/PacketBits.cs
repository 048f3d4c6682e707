namespace Mammo.Codecs.Jpeg2000;

/// <summary>The bits of a packet header, the most significant first; after a byte FF comes a byte of seven bits (T.800, B.10.1).</summary>
/// <param name="bytes">Where headers are read from.</param>
/// <param name="position">Where this header begins.</param>
internal ref struct PacketBits(ReadOnlySpan<byte> bytes, int position)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position = position;
    private int _current;
    private int _left;

    public int Bit()
    {
        if (_left == 0)
        {
            if (_position >= _bytes.Length)
                throw new CodecException("a packet header runs beyond the data of its tile-part");
            _left = _current == 0xFF ? 7 : 8;
            _current = _bytes[_position++];
        }

        _left--;
        return _current >> _left & 1;
    }

    public int Bits(int count)
    {
        var value = 0;
        for (; count > 0; count--)
            value = value << 1 | Bit();
        return value;
    }

    /// <summary>Ends the header: its last byte is full, and none is FF.</summary>
    /// <returns>The position behind it.</returns>
    public int End()
    {
        if (_current == 0xFF)
        {
            _left = 0;
            Bit();
        }

        return _position;
    }
}
