using System.Buffers.Binary;
using System.Globalization;

namespace Mammo.Data.Dicom;

/// <summary>The wanted elements of a data set or of an item of a sequence, as they are stored.</summary>
internal sealed class DicomDataSet
{
    private Dictionary<uint, DicomValue>? _values;
    private Dictionary<uint, List<DicomDataSet>>? _sequences;

    /// <summary>Keeps a value; of an element that occurs twice the first one counts.</summary>
    public void Add(uint tag, DicomValue value) => (_values ??= []).TryAdd(tag, value);

    /// <summary>Begins an item of a sequence.</summary>
    public DicomDataSet AddItem(uint tag)
    {
        _sequences ??= [];
        if (!_sequences.TryGetValue(tag, out var items))
            _sequences.Add(tag, items = []);
        var item = new DicomDataSet();
        items.Add(item);
        return item;
    }

    /// <summary>Items of a sequence; none when it is missing or empty.</summary>
    public IReadOnlyList<DicomDataSet> Items(uint tag) => _sequences is not null && _sequences.TryGetValue(tag, out var items) ? items : [];

    /// <summary>The first item of a sequence; null when there is none.</summary>
    public DicomDataSet? Item(uint tag) => Items(tag) is [var first, ..] ? first : null;

    /// <summary>A value as it is stored; null when it is missing or empty.</summary>
    public DicomValue? Value(uint tag) => _values is not null && _values.TryGetValue(tag, out var value) && value.Bytes.Length > 0 ? value : null;

    /// <summary>The parts of a text of the basic character set, without the spaces and zeros around them; none when the element is missing or empty.</summary>
    public string[] Codes(uint tag) => Value(tag) is { } value ? DicomText.Split(DicomText.Ascii(value.Bytes)) : [];

    /// <summary>The first part of such a text; null when it is missing or empty.</summary>
    public string? Code(uint tag) => Codes(tag) is [{ Length: > 0 } first, ..] ? first : null;

    /// <summary>A whole number of 16 bits without sign (US); null when the element is missing.</summary>
    public int? UInt16(uint tag) => Value(tag) is { Bytes.Length: >= 2 } value ? value.UInt16(0) : null;

    /// <summary>A number in text (DS, IS); null when the element is missing.</summary>
    /// <exception cref="InvalidDataException">It is no number.</exception>
    public double? Number(uint tag) => Numbers(tag) is [var first, ..] ? first : null;

    /// <summary>Numbers in text (DS, IS) up to the first blank one; none when the element is missing.</summary>
    /// <exception cref="InvalidDataException">One is no number.</exception>
    public double[] Numbers(uint tag) => [.. Codes(tag).TakeWhile(text => text.Length > 0).Select(text => ParsedNumber(text)
        ?? throw DicomDamage.Of($"its element {DicomTag.Text(tag)} should be a number and is '{text}'"))];

    /// <summary>A number in text, or null where it is missing or no number: for what is reported and not computed with.</summary>
    public double? NumberOrNull(uint tag, int index = 0) => Codes(tag) is var codes && index < codes.Length ? ParsedNumber(codes[index]) : null;

    private static double? ParsedNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}

/// <summary>A value as it is stored.</summary>
/// <param name="Vr">Value representation; <see cref="DicomVr.None"/> where the data set has none.</param>
/// <param name="IsBigEndian">Byte order of numbers.</param>
/// <param name="Bytes">The value.</param>
internal sealed record DicomValue(ushort Vr, bool IsBigEndian, byte[] Bytes)
{
    /// <summary>Number of whole 16-bit numbers.</summary>
    public int UInt16Count => Bytes.Length / 2;

    /// <summary>A 16-bit number without sign.</summary>
    public int UInt16(int index)
    {
        var bytes = Bytes.AsSpan(index * 2);
        return IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }
}
