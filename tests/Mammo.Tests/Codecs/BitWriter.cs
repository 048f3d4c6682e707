namespace Mammo.Tests.Codecs;

/// <summary>Bits of a scan, with a byte 00 (JPEG) or a bit 0 (JPEG-LS) behind each byte FF.</summary>
internal sealed class BitWriter(bool isJpegLs)
{
    private int _current;
    private int _count;

    public List<byte> Bytes { get; } = [];

    public void Write(long value, int bits)
    {
        for (var bit = bits - 1; bit >= 0; bit--)
        {
            _current = (_current << 1) | (int)((value >> bit) & 1);
            if (++_count == 8)
                WriteByte();
        }
    }

    /// <summary>Fills the last byte, with ones in JPEG and zeros in JPEG-LS.</summary>
    public void Flush()
    {
        if (_count > 0)
            Write(isJpegLs ? 0 : 0xFF, 8 - _count);
    }

    private void WriteByte()
    {
        var value = (byte)_current;
        Bytes.Add(value);
        (_current, _count) = (0, 0);
        if (value != 0xFF)
            return;
        if (isJpegLs)
            _count = 1;
        else
            Bytes.Add(0);
    }
}
