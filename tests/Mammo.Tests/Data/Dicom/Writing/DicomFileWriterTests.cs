using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Mammo.Data.Dicom;
using Mammo.Data.Dicom.Writing;

namespace Mammo.Tests.Data.Dicom.Writing;

public sealed partial class DicomFileWriterTests
{
    private static readonly string[] TextVrs = ["LO", "UT", "UC", "PN"];

    private static readonly Gen<uint> Tag = Gen.UInt[0x00090010, 0x7FDFFFFF];

    private static readonly Gen<Action<DicomItem>> Field = Gen.OneOf<Action<DicomItem>>(
        Gen.Select(Tag, Gen.Char['!', '['].Array[0, 40], Gen.Int[0, TextVrs.Length - 1])
            .Select((tag, text, vr) => (Action<DicomItem>)(item => item.Text(tag, TextVrs[vr], new string(text)))),
        Gen.Select(Tag, Gen.UShort.Array[0, 9]).Select((tag, values) => (Action<DicomItem>)(item => item.UInt16(tag, values))),
        Gen.Select(Tag, Gen.Float.Array[0, 9]).Select((tag, values) => (Action<DicomItem>)(item => item.Single(tag, values))),
        Gen.Select(Tag, Gen.Double).Select((tag, value) => (Action<DicomItem>)(item => item.Double(tag, value))),
        Gen.Select(Tag, Gen.Byte.Array[0, 300]).Select((tag, value) => (Action<DicomItem>)(item => item.Bytes(tag, "OB", value))));

    private static readonly Gen<DicomItem> Item = Gen.Recursive<DicomItem>((depth, inner) =>
    {
        var sequence = Gen.Select(Tag, inner.Array[0, 3]).Select((tag, items) => (Action<DicomItem>)(item => item.Items(tag, items)));
        return (depth >= 4 ? Field : Gen.Frequency((4, Field), (1, sequence))).Array[0, 6].Select(fields =>
        {
            var item = new DicomItem();
            foreach (var set in fields)
                set(item);
            return item;
        });
    });

    [Fact]
    public void What_is_written_is_read() => Item.Sample(
        item =>
        {
            Identify(item);
            Assert.Equal(Lines(item), Lines(WrittenItem.Read(DicomFileWriter.Encode(item, null)), isRoot: true));
        },
        iter: 300,
        seed: "0000KOIPe3Vf");

    [Fact]
    public void A_file_says_what_it_is_and_is_read_by_the_reader_of_images()
    {
        var bytes = DicomFileWriter.Encode(Identify(new DicomItem()).Text(DicomTag.PatientId, "LO", "P 1"), null);
        var info = DicomReader.ReadInfo(TestDicom.Write(bytes));
        Assert.Equal(("1.2.840.10008.5.1.4.1.1.7", "2.25.1", "P 1", "1.2.840.10008.1.2.1"),
            (info.SopClassUid, info.SopInstanceUid, info.Patient, info.TransferSyntaxUid));
        var meta = WrittenItem.Read(bytes);
        Assert.Equal(("1.2.840.10008.5.1.4.1.1.7", "2.25.1"), (meta.Text(0x00020002), meta.Text(0x00020003)));
        Assert.Equal(bytes, DicomFileWriter.Encode(Identify(new DicomItem()).Text(DicomTag.PatientId, "LO", "P 1"), null));
    }

    [Theory]
    [InlineData("ISO_IR 100", "4DFC6C6C65725E4AF672677E", "Müller^Jörg~")]
    [InlineData(@"\ISO 2022 IR 87", "59616D6164615E546172 6F753D1B2442 3B334544 1B28425E1B2442 42404F3A 1B2842", "Yamada^Tarou=山田^太郎")]
    [InlineData("ISO_IR 127", "E2C8C7E6EA5EE4E6D2C7D1", "قباني^لنزار")]
    [InlineData("ISO_IR 192", "D098D0B2D0B0D0BDD0BED0B25EE5BCA0", "Иванов^张")]
    [InlineData("GB18030", "CDF55EB9FAB6A6", "王^国鼎")]
    public void Names_keep_their_character_set_and_survive_where_another_is_needed(string set, string hex, string name)
    {
        var stored = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var source = DicomSource.Read(TestDicom.Write(TestDicom.Elements([1, 2], changes:
        [
            TestElement.Text(DicomTag.SpecificCharacterSet, "CS", set),
            new TestElement(DicomTag.PatientName, "PN", stored.Length % 2 == 0 ? stored : [.. stored, (byte)' ']),
            TestElement.Text(DicomTag.StudyInstanceUid, "UI", "1.2.3"),
            TestElement.Text(DicomTag.SeriesInstanceUid, "UI", "1.2.3.5"),
        ])));
        var kept = WrittenItem.Read(DicomFileWriter.Encode(Own(source, "model"), source.CharacterSets));
        Assert.Equal(set, kept.Text(DicomTag.SpecificCharacterSet));
        Assert.Equal(stored, kept.Values[DicomTag.PatientName].AsSpan().TrimEnd((byte)' ').ToArray());
        Assert.Equal(name, DicomText.For(set.Split('\\')).Decode(kept.Values[DicomTag.PatientName]).TrimEnd());
        var other = WrittenItem.Read(DicomFileWriter.Encode(Own(source, "modèle 模型"), source.CharacterSets));
        Assert.Equal(("ISO_IR 192", name, "modèle 模型"),
            (other.Text(DicomTag.SpecificCharacterSet), other.Text(DicomTag.PatientName), other.Text(DicomTag.SeriesDescription)));
    }

    [Fact]
    public void Texts_of_Mammo_fit_their_representation()
    {
        var item = Identify(new DicomItem())
            .Text(DicomTag.SeriesDescription, "LO", @"a\b" + "\t" + new string('c', 80))
            .Text(DicomTag.ImageType, "CS", @"DERIVED\SECONDARY\AND LONGER THAN ONE")
            .Text(0x0040A160, "UT", "one\ntwo\tthree \\ four");
        var written = WrittenItem.Read(DicomFileWriter.Encode(item, null));
        Assert.Equal("a/b " + new string('c', 60), written.Text(DicomTag.SeriesDescription));
        Assert.Equal(@"DERIVED\SECONDARY\AND LONGER THAN ONE", written.Text(DicomTag.ImageType));
        Assert.Equal("one\r\ntwo three \\ four", written.Text(0x0040A160));
    }

    [Fact]
    public void Decimal_text_has_at_most_16_characters_and_loses_less_than_its_last_digits() => Gen.Double[-1e12, 1e12].Sample(value =>
    {
        var text = DicomItem.DecimalText(value);
        Assert.InRange(text.Length, 1, 16);
        Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture), Math.Abs(value) * 1e-8);
    });

    [Fact]
    public void Identifiers_follow_from_their_parts() => Gen.String.Array[1, 4].Sample(parts =>
    {
        var uid = DicomUid.Of(parts);
        Assert.Matches(Valid(), uid);
        Assert.InRange(uid.Length, 6, 64);
        Assert.Equal(uid, DicomUid.Of(parts));
        Assert.NotEqual(uid, DicomUid.Of(parts.Append("")));
    });

    [Fact]
    public void Where_a_part_ends_makes_another_identifier() => Assert.NotEqual(DicomUid.Of("ab", "c"), DicomUid.Of("a", "bc"));

    private static DicomItem Identify(DicomItem item) =>
        item.Text(DicomTag.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.7").Text(DicomTag.SopInstanceUid, "UI", "2.25.1");

    private static DicomItem Own(DicomSource source, string text) =>
        source.NewInstance("1.2.840.10008.5.1.4.1.1.7", "2.25.1").Text(DicomTag.SeriesDescription, "LO", text);

    private static string[] Lines(DicomItem item) =>
        [.. item.Fields.SelectMany(field => field.Value.Items is { } items
            ? items.SelectMany((inner, i) => Lines(inner).Select(line => $"{field.Key:X8}[{i}] {line}")).Prepend($"{field.Key:X8} {items.Length}")
            : [$"{field.Key:X8} {field.Value.Vr} {Convert.ToHexString(Padded(field.Value))}"])];

    private static byte[] Padded(DicomField field)
    {
        var bytes = field.Text is { } text ? Encoding.UTF8.GetBytes(text) : field.Bytes!;
        return bytes.Length % 2 == 0 ? bytes : [.. bytes, field.Vr is "UI" or "OB" ? (byte)0 : (byte)' '];
    }

    private static string[] Lines(WrittenItem item, bool isRoot = false) =>
    [
        .. item.Values.Keys.Concat(item.Items.Keys).Where(tag => !isRoot || tag >> 16 != 2).Order().SelectMany(tag => item.Items.TryGetValue(tag, out var items)
            ? items.SelectMany((inner, i) => Lines(inner).Select(line => $"{tag:X8}[{i}] {line}")).Prepend($"{tag:X8} {items.Count}")
            : [$"{tag:X8} {item.Vrs[tag]} {Convert.ToHexString(item.Values[tag])}"]),
    ];

    [GeneratedRegex(@"^2\.25\.(0|[1-9][0-9]*)$")]
    private static partial Regex Valid();
}
