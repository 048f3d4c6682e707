namespace Mammo.Data.Dicom;

/// <summary>A lookup table of a DICOM file (PS3.3, C.11.1.1 and C.11.2.1.1).</summary>
internal sealed class LookupTable
{
    private readonly int _first;
    private readonly ushort[] _entries;

    private LookupTable(int first, int bits, ushort[] entries) => (_first, Bits, _entries) = (first, bits, entries);

    /// <summary>Bits of an entry, 8 to 16.</summary>
    public int Bits { get; }

    /// <summary>Highest entry; above what <see cref="Bits"/> hold when the file contradicts itself.</summary>
    public int Highest => _entries.Max();

    /// <summary>Reads an item of a sequence of lookup tables.</summary>
    /// <param name="item">Descriptor and data.</param>
    /// <param name="lowest">Lowest number that will be looked up.</param>
    /// <param name="highest">Highest number that will be looked up.</param>
    /// <param name="isSigned">Stored pixels have a sign, and so has the first number of a table of which the file does not say it.</param>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public static LookupTable Read(DicomDataSet item, double lowest, double highest, bool isSigned)
    {
        if (item.Value(DicomTag.LutDescriptor) is not { UInt16Count: >= 3 } descriptor || item.Value(DicomTag.LutData) is not { } data)
            throw new InvalidDataException("a lookup table of it has no descriptor or no data");
        var count = descriptor.UInt16(0) is var number and > 0 ? number : 65536;
        var bits = descriptor.UInt16(2);
        if (bits is < 1 or > 16)
            throw DicomDamage.Of($"a lookup table of it has entries of {bits} bits");
        return new LookupTable(First(descriptor, lowest, highest, isSigned), bits, Entries(data, count, bits));
    }

    /// <summary>The entry for a number; numbers outside the table take its first or last one.</summary>
    public int this[double number] => _entries[(int)Math.Clamp(Math.Round(number) - _first, 0, _entries.Length - 1)];

    // The first number is signed where its representation says so (SS), or where there is none (implicit syntaxes) and the pixels are. Programs also write it
    // as unsigned where what is looked up can be negative; read so, the whole table would lie above all of it.
    private static int First(DicomValue descriptor, double lowest, double highest, bool isSigned)
    {
        var first = descriptor.UInt16(1);
        var isNegative = first > short.MaxValue
            && (descriptor.Vr == DicomVr.SS || (descriptor.Vr is DicomVr.None or DicomVr.UN && isSigned) || (lowest < 0 && first > highest));
        return isNegative ? first - 65536 : first;
    }

    // Entries of 8 bits are packed two in a word, or are in a word each; the length says which.
    private static ushort[] Entries(DicomValue data, int count, int bits)
    {
        var entries = new ushort[count];
        if (data.UInt16Count >= count)
        {
            for (var i = 0; i < count; i++)
                entries[i] = (ushort)data.UInt16(i);
            return entries;
        }

        if (bits > 8 || data.Bytes.Length < count)
            throw DicomDamage.Of($"a lookup table of it should have {count} entries of {bits} bits and has {data.Bytes.Length} bytes");
        // In words with the highest byte first the first entry is the second byte.
        var swap = data.IsBigEndian && data.Vr != DicomVr.OB ? 1 : 0;
        for (var i = 0; i < count; i++)
            entries[i] = data.Bytes[Math.Min(i ^ swap, data.Bytes.Length - 1)];
        return entries;
    }
}
