namespace Mammo.Codecs.Jpeg;

/// <summary>A Huffman table (T.81 C): codes of up to 16 bits by one look at the next 12, longer ones by their length.</summary>
internal sealed class HuffmanTable
{
    /// <summary>Bits of the code that choose an entry of <see cref="Entries"/>.</summary>
    public const int LookupBits = 12;

    // By length: the first code that is too large for it, left-aligned to 16 bits, and what leads from a code to its symbol.
    private readonly int[] _end = new int[17];
    private readonly int[] _offset = new int[17];
    private readonly byte[] _symbols;

    /// <param name="table">16 counts of codes by length, then the symbols in the order of their codes.</param>
    public HuffmanTable(byte[] table)
    {
        _symbols = table[16..];
        var code = 0;
        var index = 0;
        for (var length = 1; length <= 16; length++)
        {
            var count = table[length - 1];
            _offset[length] = index - code;
            for (var i = 0; i < count && length <= LookupBits && code < 1 << length; i++, code++)
                Entries.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length)).Fill((ushort)((_symbols[index + i] << 5) | length));
            index += count;
            code = index - _offset[length];
            if (code > 1 << length)
                throw new CodecException("a Huffman table has more codes than fit into their lengths");
            _end[length] = code << (16 - length);
            code <<= 1;
        }
    }

    /// <summary>For each of the next 12 bits: the symbol, shifted left by 5, and the code's length; 0 where the code is longer or none.</summary>
    public ushort[] Entries { get; } = new ushort[1 << LookupBits];

    public ReadOnlySpan<byte> Symbols => _symbols;

    /// <summary>The symbol and code length, as in <see cref="Entries"/>, for bits that <see cref="Entries"/> may have nothing for.</summary>
    /// <param name="bits">The next bits, the first one in the highest place.</param>
    public int Find(ulong bits)
    {
        var code = (int)(bits >> 48);
        for (var length = 1; length <= 16; length++)
        {
            if (code < _end[length])
                return (_symbols[_offset[length] + (code >> (16 - length))] << 5) | length;
        }

        throw new CodecException("the coded data has a code that is not in its Huffman table");
    }
}
