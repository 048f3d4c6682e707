using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Mammo.Data.Dicom;

namespace Mammo.Tests.Data.Dicom;

/// <summary>An element to be written: a value, or the items of a sequence.</summary>
/// <param name="Tag">Group and element.</param>
/// <param name="Vr">Two letters.</param>
/// <param name="Value">Bytes as they will be in the file.</param>
internal sealed record TestElement(uint Tag, string Vr, byte[] Value)
{
    public TestElement[][]? Items { get; init; }

    /// <summary>The sequence, or the compressed value, ends with a delimiter instead of having a length.</summary>
    public bool IsDelimited { get; init; }

    public bool AreItemsDelimited { get; init; }

    public static TestElement Text(uint tag, string vr, string text) =>
        new(tag, vr, Encoding.Latin1.GetBytes(text.Length % 2 == 0 ? text : text + (vr == "UI" ? '\0' : ' ')));

    public static TestElement Number(uint tag, int number, bool isBigEndian = false) => Numbers(tag, "US", isBigEndian, number);

    public static TestElement Numbers(uint tag, string vr, bool isBigEndian, params int[] numbers)
    {
        var bytes = new byte[numbers.Length * 2];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (isBigEndian)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), (ushort)numbers[i]);
            else
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)numbers[i]);
        }

        return new TestElement(tag, vr, bytes);
    }

    public static TestElement Sequence(uint tag, params TestElement[][] items) => new(tag, "SQ", []) { Items = items };
}

/// <summary>Writes DICOM files for tests; apart from the reader that is tested.</summary>
internal static class DicomWriter
{
    public const string Implicit = "1.2.840.10008.1.2";
    public const string Explicit = "1.2.840.10008.1.2.1";
    public const string Deflated = "1.2.840.10008.1.2.1.99";
    public const string BigEndian = "1.2.840.10008.1.2.2";

    private static readonly string[] LongVrs = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];

    /// <summary>A whole file with preamble and meta information.</summary>
    public static byte[] File(string syntax, params IEnumerable<TestElement> elements)
    {
        var body = DataSet(elements, syntax != Implicit, syntax == BigEndian);
        return [.. Start(syntax), .. syntax == Deflated ? Deflate(body) : body];
    }

    /// <summary>Preamble and meta information.</summary>
    public static byte[] Start(string syntax)
    {
        var meta = DataSet([TestElement.Text(DicomTag.TransferSyntaxUid, "UI", syntax)], true, false);
        return [.. new byte[128], .. "DICM"u8, .. DataSet([TestElement.Numbers(0x00020000, "UL", false, meta.Length, 0)], true, false), .. meta];
    }

    public static byte[] DataSet(IEnumerable<TestElement> elements, bool isExplicit, bool isBigEndian)
    {
        using var stream = new MemoryStream();
        foreach (var element in elements)
            Write(stream, element, isExplicit, isBigEndian);
        return stream.ToArray();
    }

    /// <summary>Compressed pixels: an offset table and fragments.</summary>
    public static TestElement Fragments(uint[] offsets, params byte[][] fragments)
    {
        using var stream = new MemoryStream();
        Head(stream, DicomTag.Item, (uint)offsets.Length * 4, false);
        foreach (var offset in offsets)
            UInt32(stream, offset, false);
        foreach (var fragment in fragments)
        {
            Head(stream, DicomTag.Item, (uint)fragment.Length, false);
            stream.Write(fragment);
        }

        return new TestElement(DicomTag.PixelData, "OB", stream.ToArray()) { IsDelimited = true };
    }

    private static void Write(MemoryStream stream, TestElement element, bool isExplicit, bool isBigEndian)
    {
        var items = element.Items?.SelectMany(item => Item(item, element.AreItemsDelimited, isExplicit, isBigEndian)).ToArray();
        var value = items ?? element.Value;
        var length = element.IsDelimited ? uint.MaxValue : (uint)value.Length;
        if (!isExplicit)
            Head(stream, element.Tag, length, isBigEndian);
        else
        {
            Tag(stream, element.Tag, isBigEndian);
            stream.Write(Encoding.ASCII.GetBytes(element.Vr));
            UInt16(stream, LongVrs.Contains(element.Vr) ? 0 : length, isBigEndian);
            if (LongVrs.Contains(element.Vr))
                UInt32(stream, length, isBigEndian);
        }

        stream.Write(value);
        if (element.IsDelimited)
            Head(stream, DicomTag.SequenceDelimitation, 0, isBigEndian);
    }

    private static byte[] Item(TestElement[] elements, bool isDelimited, bool isExplicit, bool isBigEndian)
    {
        using var stream = new MemoryStream();
        var value = DataSet(elements, isExplicit, isBigEndian);
        Head(stream, DicomTag.Item, isDelimited ? uint.MaxValue : (uint)value.Length, isBigEndian);
        stream.Write(value);
        if (isDelimited)
            Head(stream, DicomTag.ItemDelimitation, 0, isBigEndian);
        return stream.ToArray();
    }

    private static void Head(MemoryStream stream, uint tag, uint length, bool isBigEndian)
    {
        Tag(stream, tag, isBigEndian);
        UInt32(stream, length, isBigEndian);
    }

    private static void Tag(MemoryStream stream, uint tag, bool isBigEndian)
    {
        UInt16(stream, tag >> 16, isBigEndian);
        UInt16(stream, tag & 0xFFFF, isBigEndian);
    }

    private static void UInt16(MemoryStream stream, uint number, bool isBigEndian) =>
        stream.Write(isBigEndian ? [(byte)(number >> 8), (byte)number] : [(byte)number, (byte)(number >> 8)]);

    private static void UInt32(MemoryStream stream, uint number, bool isBigEndian)
    {
        UInt16(stream, isBigEndian ? number >> 16 : number & 0xFFFF, isBigEndian);
        UInt16(stream, isBigEndian ? number & 0xFFFF : number >> 16, isBigEndian);
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var deflate = new DeflateStream(stream, CompressionLevel.Fastest))
            deflate.Write(bytes);
        return stream.ToArray();
    }
}
