namespace Mammo.Codecs.Jpeg;

/// <summary>Second bytes of the markers of T.81 and T.87, and where the next one is.</summary>
internal static class JpegMarker
{
    public const byte HuffmanTables = 0xC4;
    public const byte Restart = 0xD0;
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte Scan = 0xDA;
    public const byte QuantizationTables = 0xDB;
    public const byte Lines = 0xDC;
    public const byte RestartInterval = 0xDD;
    public const byte JpegLsParameters = 0xF8;

    public static bool IsFrame(byte marker) => marker is 0xF7 or 0xF9 || (marker is >= 0xC0 and <= 0xCF && marker is not (0xC4 or 0xC8 or 0xCC));

    public static bool IsRestart(byte marker) => (marker & 0xF8) == Restart;

    /// <summary>
    /// Position of the first marker in coded data, the data's length where there is none. In JPEG-LS a byte from 80 on after FF makes a marker, in JPEG any
    /// but 00; further FF before it are fill bytes.
    /// </summary>
    public static int Find(ReadOnlySpan<byte> data, bool isJpegLs, bool skipRestarts)
    {
        for (var position = 0; position < data.Length; position++)
        {
            var step = data[position..].IndexOf((byte)0xFF);
            position += step;
            if (step < 0 || position + 1 >= data.Length)
                break;
            var next = data[position + 1];
            if (next != 0xFF && next >= (isJpegLs ? 0x80 : 0x01) && !(skipRestarts && IsRestart(next)))
                return position;
        }

        return data.Length;
    }
}
