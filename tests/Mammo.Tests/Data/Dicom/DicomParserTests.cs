using CsCheck;
using Mammo.Data.Dicom;

namespace Mammo.Tests.Data.Dicom;

public sealed class DicomParserTests
{
    private static readonly string[] ValueVrs = ["CS", "LO", "US", "DS", "OB", "OW", "UN", "UT", "UC"];

    // What the parser can be given: values of any bytes, sequences and items with and without lengths, compressed values, nested four deep.
    private static readonly Gen<uint> Tag = Gen.UInt[0x00090010, 0x7FDFFFFF];

    private static readonly Gen<TestElement> Value = Gen.Select(Tag, Gen.Int[0, ValueVrs.Length - 1], Gen.Byte.Array[0, 40])
        .Select((tag, vr, bytes) => new TestElement(tag, ValueVrs[vr], bytes));

    private static readonly Gen<TestElement> Icon = Gen.Select(Tag, Gen.Byte.Array[0, 30].Array[0, 4])
        .Select((tag, fragments) => DicomWriter.Fragments([], fragments) with { Tag = tag, Vr = "OB" });

    private static readonly Gen<TestElement[]> DataSet = Gen.Recursive<TestElement[]>((depth, inner) =>
    {
        var sequence = Gen.Select(Tag, inner.Array[0, 3], Gen.Bool, Gen.Bool)
            .Select((tag, items, isDelimited, areItems) => TestElement.Sequence(tag, items) with { IsDelimited = isDelimited, AreItemsDelimited = areItems });
        return depth >= 4 ? Value.Array[0, 3] : Gen.Frequency((4, Value), (1, Icon), (2, sequence)).Array[0, 6];
    });

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void What_is_written_is_read(bool isExplicit, bool isBigEndian) => DataSet.Sample(
        elements =>
        {
            // Without representations compressed values other than pixels look like sequences; in big endian syntaxes nothing is compressed.
            var written = isExplicit && !isBigEndian ? elements : WithoutIcons(elements);
            var bytes = DicomWriter.DataSet(written, isExplicit, isBigEndian);
            Assert.Equal(Lines(written, 0, isExplicit), Parse(bytes, isExplicit, isBigEndian, [.. Sequences(written)]));
        },
        iter: 400,
        seed: "0000KOIPe3Vf");

    [Fact]
    public void Sequences_that_nobody_wants_are_passed_over_when_their_length_is_known()
    {
        TestElement[] elements =
        [
            TestElement.Sequence(0x00091010, [new TestElement(0x00091011, "LO", [65, 66])]),
            TestElement.Sequence(0x00091020, [new TestElement(0x00091021, "LO", [67, 68])]) with { IsDelimited = true },
        ];
        var lines = Parse(DicomWriter.DataSet(elements, true, false), true, false, []);
        Assert.Equal(["00091010 SQ 18", "00091020 SQ {", "item", "  00091021 LO 4344", "end", "}"], lines);
    }

    [Fact]
    public void A_sequence_without_representation_is_implicit_whatever_surrounds_it()
    {
        var inner = DicomWriter.DataSet([new TestElement(0x00091011, "LO", [65, 66])], false, false);
        byte[] item = [0xFE, 0xFF, 0x00, 0xE0, (byte)inner.Length, 0, 0, 0, .. inner];
        foreach (var isBigEndian in (bool[])[false, true])
        {
            var bytes = DicomWriter.DataSet([new TestElement(0x00091010, "UN", item), new TestElement(0x00091020, "LO", [67, 68])], true, isBigEndian);
            Assert.Equal(["00091010 UN {", "item", "  00091011 -- 4142", "end", "}", "00091020 LO 4344"], Parse(bytes, true, isBigEndian, [0x00091010]));
        }
    }

    [Fact]
    public void Items_of_another_form_than_the_data_set_are_read()
    {
        var inner = DicomWriter.DataSet([new TestElement(0x00091011, "LO", [65, 66])], false, false);
        byte[] item = [0xFE, 0xFF, 0x00, 0xE0, (byte)inner.Length, 0, 0, 0, .. inner];
        var bytes = DicomWriter.DataSet([new TestElement(0x00091010, "SQ", item)], true, false);
        Assert.Equal(["00091010 SQ {", "item", "  00091011 -- 4142", "end", "}"], Parse(bytes, true, false, [0x00091010]));
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var open = Convert.FromHexString("09001010" + "53510000" + "FFFFFFFF" + "FEFF00E0" + "FFFFFFFF");
        var error = Assert.Throws<InvalidDataException>(() => Parse([.. Enumerable.Repeat(open, 100_000).SelectMany(bytes => bytes)], true, false, []));
        Assert.Contains("nested", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_without_end_are_refused()
    {
        byte[] elements = [.. Enumerable.Repeat((byte[])[0x09, 0, 0x10, 0x10, 0, 0, 0, 0], 1_100_000).SelectMany(bytes => bytes)];
        var error = Assert.Throws<InvalidDataException>(() => Parse(elements, false, false, [], keep: false));
        Assert.Contains("1000000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an element longer than the data set", "09001010 4C4F 0900 4142")]
    [InlineData("an element longer than its item", "09001010 5351 0000 16000000 FEFF00E0 0A000000 09001110 4C4F 0900 4142 09001210")]
    [InlineData("an item longer than its sequence", "09001010 5351 0000 12000000 FEFF00E0 20000000 09001110 4C4F 0200 4142 00000000")]
    [InlineData("an element where an item should be", "09001010 5351 0000 FFFFFFFF 09001110 4C4F 0200 4142")]
    [InlineData("a delimiter that ends nothing", "FEFF0DE0 00000000")]
    [InlineData("no representation", "09001010 0000 0000 4142")]
    [InlineData("a sequence without end", "09001010 5351 0000 FFFFFFFF")]
    [InlineData("half an element", "0900 1010 4C")]
    [InlineData("a compressed value without end", "09001010 4F42 0000 FFFFFFFF FEFF00E0 00000000")]
    [InlineData("a fragment longer than the data set", "09001010 4F42 0000 FFFFFFFF FEFF00E0 F0FFFFFF 4142")]
    public void Damage_is_refused(string what, string text)
    {
        var bytes = Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(Record.Exception(() => Parse(bytes, true, false, [0x00091010])) is InvalidDataException, what);
    }

    private static List<string> Parse(byte[] bytes, bool isExplicit, bool isBigEndian, HashSet<uint> wanted, bool keep = true)
    {
        using var stream = new MemoryStream(bytes);
        using var input = new DicomInput(stream, bytes.Length, 0);
        var parser = new DicomParser(input, isExplicit, isBigEndian, wanted.Contains);
        var lines = new List<string>();
        while (parser.Read())
        {
            var (indent, element) = (new string(' ', 2 * (parser.Depth / 2)), parser.Element);
            var vr = element.Vr == 0 ? "--" : $"{(char)(element.Vr >> 8)}{(char)(element.Vr & 0xFF)}";
            if (keep)
            {
                lines.Add(parser.Token switch
                {
                    DicomToken.Sequence => $"{new string(' ', 2 * ((parser.Depth - 1) / 2))}{element.Tag:X8} {vr} {{",
                    DicomToken.EndOfSequence => indent + "}",
                    DicomToken.Item => new string(' ', 2 * ((parser.Depth - 2) / 2)) + "item",
                    DicomToken.EndOfItem => new string(' ', 2 * ((parser.Depth - 1) / 2)) + "end",
                    _ when element.IsUndefined => $"{indent}{element.Tag:X8} {vr} compressed",
                    _ when vr == "SQ" => $"{indent}{element.Tag:X8} {vr} {element.Length}",
                    _ => $"{indent}{element.Tag:X8} {vr} {Convert.ToHexString(parser.Value(1000))}",
                });
            }
        }

        return lines;
    }

    private static IEnumerable<string> Lines(TestElement[] elements, int depth, bool isExplicit)
    {
        var indent = new string(' ', 2 * depth);
        foreach (var element in elements)
        {
            var vr = isExplicit ? element.Vr : "--";
            if (element.Items is null)
                yield return $"{indent}{element.Tag:X8} {vr} {(element.IsDelimited ? "compressed" : Convert.ToHexString(element.Value))}";
            else
            {
                yield return $"{indent}{element.Tag:X8} {vr} {{";
                foreach (var item in element.Items)
                {
                    yield return indent + "item";
                    foreach (var line in Lines(item, depth + 1, isExplicit))
                        yield return line;
                    yield return indent + "end";
                }

                yield return indent + "}";
            }
        }
    }

    private static TestElement[] WithoutIcons(TestElement[] elements) =>
        [.. elements.Where(element => element.Items is not null || !element.IsDelimited)
            .Select(element => element with { Items = element.Items?.Select(WithoutIcons).ToArray() })];

    private static IEnumerable<uint> Sequences(TestElement[] elements) =>
        elements.Where(element => element.Items is not null).SelectMany(element => element.Items!.SelectMany(Sequences).Prepend(element.Tag));
}
