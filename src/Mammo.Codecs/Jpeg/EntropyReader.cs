using System.Buffers.Binary;

namespace Mammo.Codecs.Jpeg;

/// <summary>
/// The bits of a scan, most significant first, up to the next marker. JPEG puts a byte 00 behind each FF of the data (T.81 F.1.2.3), JPEG-LS a bit 0
/// (T.87 A.1).
/// After the last bit zeros follow; <see cref="Count"/> below 0 says that they were used, which the caller checks once a row.
/// </summary>
/// <remarks>Inner loops keep <see cref="Bits"/> and <see cref="Count"/> in variables of their own, and put them back before a call.</remarks>
internal ref struct EntropyReader
{
    // So many bytes are tolerated between the last sample and the marker: some encoders pad.
    private const int Padding = 8;

    private readonly ReadOnlySpan<byte> _data;
    private readonly bool _isJpegLs;
    private int _position;
    private int _nextFF;

    public EntropyReader(ReadOnlySpan<byte> data, bool isJpegLs)
    {
        _data = data;
        _isJpegLs = isJpegLs;
        FindFF();
    }

    /// <summary>The next bits, the first one in the highest place.</summary>
    public ulong Bits;

    /// <summary>How many of <see cref="Bits"/> are of the stream; never above 64.</summary>
    public int Count;

    /// <summary>Tops up to at least 56 bits, where the stream has them, from less than that; in one step where it can.</summary>
    public void Fill()
    {
        if (_position + 8 <= _nextFF)
        {
            // Bits beyond those that are counted are the right ones too, and are put there once more by the next call.
            Bits |= BinaryPrimitives.ReadUInt64BigEndian(_data[_position..]) >> Count;
            var bytes = (63 - Count) >> 3;
            _position += bytes;
            Count += 8 * bytes;
            return;
        }

        FillBytes();
    }

    public uint Read(int bits)
    {
        if (Count < bits)
            Fill();
        var value = (uint)(Bits >> 1 >> (63 - bits));
        Take(bits);
        return value;
    }

    /// <summary>Passes over bits that are there already.</summary>
    public void Take(int bits)
    {
        Bits <<= bits;
        Count -= bits;
    }

    public void Skip(int bits)
    {
        if (Count < bits)
            Fill();
        Take(bits);
    }

    public readonly void CheckRow(int row, int height)
    {
        if (Count < 0)
            throw new CodecException(FormattableString.Invariant($"the coded data ends within row {row + 1} of {height}"));
    }

    /// <summary>Passes over the restart marker that has to follow.</summary>
    public void Restart(int number)
    {
        var marker = FindMarker();
        if (marker + 1 >= _data.Length || _data[marker + 1] != JpegMarker.Restart + (number & 7))
            throw new CodecException(FormattableString.Invariant($"restart marker {number & 7} is missing where it has to be"));
        _position = marker + 2;
        (Bits, Count) = (0, 0);
        FindFF();
    }

    // Nothing but padding may be left before the next marker.
    private readonly int FindMarker()
    {
        var marker = _position + JpegMarker.Find(_data[_position..], _isJpegLs, skipRestarts: false);
        var left = (Count >> 3) + marker - _position;
        if (left > Padding)
            throw new CodecException(FormattableString.Invariant($"{left} bytes of coded data are left where none are needed"));
        return marker;
    }

    /// <summary>Checks what follows the last row, and returns where the scan ends in the data.</summary>
    public readonly int Finish()
    {
        var marker = FindMarker();
        if (marker + 1 < _data.Length && (JpegMarker.IsRestart(_data[marker + 1]) || _data[marker + 1] == JpegMarker.Scan))
            throw new CodecException("the stream has more coded data than its rows need");
        return marker;
    }

    /// <summary>Tops up to at least 57 bits, where the stream has them, byte by byte.</summary>
    public void FillBytes()
    {
        while (Count <= 56 && _position < _data.Length)
        {
            var value = _data[_position];
            if (value == 0xFF)
            {
                if (_position + 1 >= _data.Length || _data[_position + 1] >= (_isJpegLs ? 0x80 : 0x01))
                    return;
                Bits |= (ulong)value << (56 - Count);
                // The stuffed 0 is the first bit of the next byte: it falls on the last 1 of this one and leaves it.
                Count += _isJpegLs ? 7 : 8;
                _position += _isJpegLs ? 1 : 2;
                FindFF();
                continue;
            }

            Bits |= (ulong)value << (56 - Count);
            Count += 8;
            _position++;
        }
    }

    private void FindFF()
    {
        var step = _data[_position..].IndexOf((byte)0xFF);
        _nextFF = step < 0 ? _data.Length : _position + step;
    }
}
