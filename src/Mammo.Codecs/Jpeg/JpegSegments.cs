using System.Buffers.Binary;

namespace Mammo.Codecs.Jpeg;

/// <summary>The marker segments of a stream, one after another (T.81 B.1.1).</summary>
internal ref struct JpegSegments
{
    private readonly ReadOnlySpan<byte> _stream;

    public JpegSegments(ReadOnlySpan<byte> stream)
    {
        if (stream.Length < 2 || stream[0] != 0xFF || stream[1] != JpegMarker.StartOfImage)
            throw new CodecException("the stream does not begin with a JPEG start marker (FFD8)");
        _stream = stream;
        Position = 2;
    }

    /// <summary>Where what follows the segment begins.</summary>
    public int Position { get; private set; }

    public byte Marker { get; private set; }

    /// <summary>The segment's parameters, without its length.</summary>
    public ReadOnlySpan<byte> Segment { get; private set; }

    /// <summary>Goes to the next segment before the end of the image.</summary>
    public void Next()
    {
        if (Position < _stream.Length && _stream[Position] != 0xFF)
            throw new CodecException(FormattableString.Invariant($"byte {Position} of the stream should begin a marker and is {_stream[Position]:X2}"));
        // Fill bytes may come before any marker.
        while (Position < _stream.Length && _stream[Position] == 0xFF)
            Position++;
        if (Position == _stream.Length)
            throw new CodecException("the stream ends within its header");
        Marker = _stream[Position++];
        if (Marker == 0x01 || JpegMarker.IsRestart(Marker))
        {
            Segment = default;
            return;
        }

        if (Marker is 0x00 or JpegMarker.StartOfImage or JpegMarker.EndOfImage)
            throw new CodecException(FormattableString.Invariant($"marker FF{Marker:X2} comes before the scan"));
        var length = Position + 2 <= _stream.Length ? BinaryPrimitives.ReadUInt16BigEndian(_stream[Position..]) : 0;
        if (length < 2 || Position + length > _stream.Length)
            throw new CodecException(FormattableString.Invariant($"the segment of marker FF{Marker:X2} is incomplete"));
        Segment = _stream.Slice(Position + 2, length - 2);
        Position += length;
    }
}
