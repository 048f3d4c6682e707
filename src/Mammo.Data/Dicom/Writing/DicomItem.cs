using System.Buffers.Binary;
using System.Globalization;

namespace Mammo.Data.Dicom.Writing;

/// <summary>A data set, or an item of a sequence, that is to be written. Elements may be set in any order; they are written in that of their tags.</summary>
internal sealed class DicomItem
{
    // Longest values in characters (PS3.5, 6.2); of the others nothing of Mammo's own comes near the limit.
    private static readonly Dictionary<string, int> Longest = new(StringComparer.Ordinal) { ["SH"] = 16, ["LO"] = 64, ["ST"] = 1024, ["LT"] = 10240 };

    internal SortedDictionary<uint, DicomField> Fields { get; } = [];

    /// <summary>
    /// Sets a text of Mammo's own. Control characters become blanks, in short texts backslashes, which separate values, become slashes; what is too long is
    /// cut.
    /// </summary>
    /// <param name="tag">Group and element.</param>
    /// <param name="vr">Value representation.</param>
    /// <param name="text">The text; empty for an element without value.</param>
    public DicomItem Text(uint tag, string vr, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isParagraph = vr is "ST" or "LT" or "UT";
        var isSplit = vr is "LO" or "SH" or "PN";
        var clean = string.Concat(text.Select(letter => isParagraph && letter == '\n' ? "\r\n"
            : char.IsControl(letter) ? " "
            : isSplit && letter == '\\' ? "/"
            : letter.ToString()));
        if (Longest.TryGetValue(vr, out var limit) && clean.Length > limit)
            clean = clean[..(char.IsHighSurrogate(clean[limit - 1]) ? limit - 1 : limit)];
        return Set(tag, new DicomField(vr) { Text = clean });
    }

    /// <summary>Sets a value as it is stored in another file, with its character set; null for an element without value.</summary>
    /// <param name="tag">Group and element.</param>
    /// <param name="vr">Value representation.</param>
    /// <param name="value">The value; padding at its end is renewed.</param>
    public DicomItem Copy(uint tag, string vr, byte[]? value) => Set(tag, new DicomField(vr) { Bytes = value ?? [], IsForeignText = IsText(vr) });

    /// <summary>Sets a number as decimal text (DS, at most 16 characters).</summary>
    public DicomItem Decimal(uint tag, double value) => Text(tag, "DS", DecimalText(value));

    /// <summary>Sets numbers of 16 bits without sign.</summary>
    public DicomItem UInt16(uint tag, params ReadOnlySpan<ushort> values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), values[i]);
        return Bytes(tag, "US", bytes);
    }

    /// <summary>Sets numbers of 32 bits with sign.</summary>
    public DicomItem Int32(uint tag, params ReadOnlySpan<int> values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
        return Bytes(tag, "SL", bytes);
    }

    /// <summary>Sets numbers of float32; their value has at most 65,534 bytes, as its length is one of 16 bits.</summary>
    public DicomItem Single(uint tag, params ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, ushort.MaxValue / 4);
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        return Bytes(tag, "FL", bytes);
    }

    /// <summary>Sets a number of float64.</summary>
    public DicomItem Double(uint tag, double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return Bytes(tag, "FD", bytes);
    }

    /// <summary>Sets a value that is no text.</summary>
    public DicomItem Bytes(uint tag, string vr, byte[] value) => Set(tag, new DicomField(vr) { Bytes = value });

    /// <summary>Sets a sequence.</summary>
    public DicomItem Items(uint tag, params IEnumerable<DicomItem> items) => Set(tag, new DicomField("SQ") { Items = [.. items] });

    /// <summary>A number in at most 16 characters, as precise as they allow.</summary>
    internal static string DecimalText(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        for (var digits = 15; text.Length > 16; digits--)
            text = value.ToString(string.Create(CultureInfo.InvariantCulture, $"G{digits}"), CultureInfo.InvariantCulture);
        return text;
    }

    private static bool IsText(string vr) => vr is "LO" or "LT" or "PN" or "SH" or "ST" or "UC" or "UT";

    private DicomItem Set(uint tag, DicomField field)
    {
        Fields[tag] = field;
        return this;
    }
}

/// <summary>A value to be written: a text of Mammo's own, bytes, or items.</summary>
/// <param name="Vr">Value representation.</param>
internal sealed record DicomField(string Vr)
{
    public string? Text { get; init; }

    public byte[]? Bytes { get; init; }

    public DicomItem[]? Items { get; init; }

    /// <summary>The bytes are text in the character set of the file that they come from.</summary>
    public bool IsForeignText { get; init; }
}
