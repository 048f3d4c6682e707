using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegLossless;

/// <summary>A Huffman table of difference categories (T.81 H.1.2.2): category n is followed by n bits, but 16, which is 32768, by none.</summary>
internal sealed class DifferenceTable
{
    private const int NoBits = 16;

    private readonly HuffmanTable _codes;

    /// <exception cref="CodecException">The table is damaged, or has a category above 16.</exception>
    public DifferenceTable(byte[] table)
    {
        _codes = new HuffmanTable(table);
        if (_codes.Symbols.ContainsAnyExceptInRange((byte)0, (byte)NoBits))
            throw new CodecException("a Huffman table of lossless JPEG has categories above 16");
        for (var i = 0; i < Entries.Length; i++)
        {
            var (category, length) = (_codes.Entries[i] >> 5, _codes.Entries[i] & 31);
            Entries[i] = length == 0 || category == NoBits ? (ushort)0 : (ushort)((category << 6) | (length + category));
        }
    }

    /// <summary>
    /// For each of the next 12 bits: the category, shifted left by 6, and the bits of code and difference together; 0 where <see cref="Find"/> is needed.
    /// </summary>
    public ushort[] Entries { get; } = new ushort[1 << HuffmanTable.LookupBits];

    /// <summary>A difference by the long way: its 16-bit pattern and the bits that it takes.</summary>
    public (ushort Difference, int Bits) Find(ulong bits)
    {
        var code = _codes.Find(bits);
        var (category, length) = (code >> 5, code & 31);
        return category == NoBits ? ((ushort)0x8000, length) : (Extend((uint)(bits << length >> 1 >> (63 - category)), category), length + category);
    }

    // T.81 F.2.2.1: half of a category's values, those that begin with a bit 0, are negative.
    private static ushort Extend(uint value, int category) => (ushort)(value < 1u << category >> 1 ? value - (1u << category) + 1 : value);
}
