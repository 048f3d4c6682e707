using System.Buffers.Binary;
using System.Text;

namespace Mammo.Data.Dicom.Writing;

/// <summary>
/// Writes DICOM files (PS3.10): explicit value representations, little endian, every length defined. The same data set gives the same bytes.
/// </summary>
internal static class DicomFileWriter
{
    /// <summary>UID of the transfer syntax of these files.</summary>
    public const string TransferSyntax = "1.2.840.10008.1.2.1";

    private const string Utf8 = "ISO_IR 192";

    // Names the program, not a version of it (PS3.7, D.3.3.2).
    private static readonly string Implementation = DicomUid.Of("Mammo", "DICOM writer");

    /// <summary>
    /// The bytes of a file. Text that was copied from an image keeps that image's character set; only where a text of Mammo's own has letters beyond ASCII are
    /// all written in UTF-8.
    /// </summary>
    /// <param name="dataSet">Its elements, SOP Class UID and SOP Instance UID among them.</param>
    /// <param name="characterSets">Specific Character Set of the copied text as it is stored; null where its file has none.</param>
    public static byte[] Encode(DicomItem dataSet, byte[]? characterSets)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        var isOwnAscii = IsOwnAscii(dataSet);
        var names = characterSets is null ? [] : DicomText.Split(DicomText.Ascii(characterSets));
        var text = isOwnAscii ? null : DicomText.For(names);
        if (!isOwnAscii)
            dataSet.Text(DicomTag.SpecificCharacterSet, "CS", Utf8);
        else if (characterSets is not null)
            dataSet.Copy(DicomTag.SpecificCharacterSet, "CS", characterSets);
        using var body = new MemoryStream();
        Write(body, dataSet, text);
        using var file = new MemoryStream();
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        WriteMeta(file, dataSet);
        body.WriteTo(file);
        return file.ToArray();
    }

    private static bool IsOwnAscii(DicomItem item) => item.Fields.Values.All(
        field => field.Text?.All(char.IsAscii) != false && field.Items?.All(IsOwnAscii) != false);

    private static void WriteMeta(MemoryStream file, DicomItem dataSet)
    {
        var meta = new DicomItem()
            .Bytes(0x00020001, "OB", [0, 1])
            .Text(0x00020002, "UI", dataSet.Fields[DicomTag.SopClassUid].Text!)
            .Text(0x00020003, "UI", dataSet.Fields[DicomTag.SopInstanceUid].Text!)
            .Text(DicomTag.TransferSyntaxUid, "UI", TransferSyntax)
            .Text(0x00020012, "UI", Implementation)
            .Text(0x00020013, "SH", "MAMMO");
        using var content = new MemoryStream();
        Write(content, meta, null);
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)content.Length);
        Write(file, new DicomItem().Bytes(0x00020000, "UL", length), null);
        content.WriteTo(file);
    }

    private static void Write(MemoryStream stream, DicomItem item, DicomText? foreign)
    {
        foreach (var (tag, field) in item.Fields)
        {
            var value = field.Items is { } items ? Sequence(items, foreign) : Value(field, foreign);
            Span<byte> head = stackalloc byte[12];
            BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)(tag >> 16));
            BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)tag);
            (head[4], head[5]) = ((byte)field.Vr[0], (byte)field.Vr[1]);
            var isShort = DicomVr.HasShortLength(DicomVr.Read(head[4..]));
            if (isShort && value.Length > ushort.MaxValue)
                throw new InvalidOperationException($"The value of {DicomTag.Text(tag)} has {value.Length} bytes, more than {field.Vr} can have.");
            if (isShort)
                BinaryPrimitives.WriteUInt16LittleEndian(head[6..], (ushort)value.Length);
            else
                BinaryPrimitives.WriteUInt32LittleEndian(head[8..], (uint)value.Length);
            stream.Write(head[..(isShort ? 8 : 12)]);
            stream.Write(value);
        }
    }

    private static byte[] Sequence(DicomItem[] items, DicomText? foreign)
    {
        using var sequence = new MemoryStream();
        foreach (var item in items)
        {
            using var content = new MemoryStream();
            Write(content, item, foreign);
            Span<byte> head = stackalloc byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)(DicomTag.Item >> 16));
            BinaryPrimitives.WriteUInt16LittleEndian(head[2..], unchecked((ushort)DicomTag.Item));
            BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)content.Length);
            sequence.Write(head);
            content.WriteTo(sequence);
        }

        return sequence.ToArray();
    }

    private static byte[] Value(DicomField field, DicomText? foreign)
    {
        var padding = field.Vr is "UI" or "OB" ? (byte)0 : (byte)' ';
        var bytes = field.Text is { } text ? Encoding.UTF8.GetBytes(text)
            : field.IsForeignText && foreign is not null ? Encoding.UTF8.GetBytes(foreign.Decode(Trimmed(field.Bytes!)))
            : field.Vr is "OB" or "OW" or "FD" or "FL" or "SL" or "SS" or "UL" or "US" ? field.Bytes!
            : Trimmed(field.Bytes!).ToArray();
        return bytes.Length % 2 == 0 ? bytes : [.. bytes, padding];
    }

    private static ReadOnlySpan<byte> Trimmed(byte[] bytes) => bytes.AsSpan().TrimEnd([(byte)0, (byte)' ']);
}
