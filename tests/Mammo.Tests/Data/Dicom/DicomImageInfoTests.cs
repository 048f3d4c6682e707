using Mammo.Data.Dicom;
using static Mammo.Tests.Data.Dicom.TestDicom;

namespace Mammo.Tests.Data.Dicom;

public sealed class DicomImageInfoTests
{
    [Theory]
    [InlineData("CC", MammoView.CC, "")]
    [InlineData("mlo ", MammoView.MLO, "")]
    [InlineData("ML", MammoView.ML, "")]
    [InlineData("LM", MammoView.LM, "")]
    [InlineData("LMO", MammoView.LMO, "")]
    [InlineData("RMLO", MammoView.MLO, "")]
    [InlineData("L-CC", MammoView.CC, "")]
    [InlineData("LML", MammoView.ML, "")]
    [InlineData("MCC", MammoView.CC, "M")]
    [InlineData("SMLO", MammoView.MLO, "S")]
    [InlineData("MLOID", MammoView.MLO, "ID")]
    [InlineData("XCCL", MammoView.XCCL, "")]
    [InlineData("medio-lateral oblique", MammoView.MLO, "")]
    [InlineData("medio-lateral", MammoView.ML, "")]
    [InlineData("AP", MammoView.Other, "")]
    [InlineData("MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMCC", MammoView.Other, "")]
    [InlineData("", null, "")]
    public void View_position(string text, MammoView? view, string modifiers)
    {
        var info = Info(TestElement.Text(DicomTag.ViewPosition, "CS", text));
        Assert.Equal((view, modifiers), (info.View, info.ViewModifiers));
    }

    [Theory]
    [InlineData("R-10226", null, MammoView.MLO, "")]
    [InlineData("399260004", null, MammoView.ML, "")]
    [InlineData("R-10242", "R-102D6", MammoView.CC, "M")]
    [InlineData("399162004", "399055006", MammoView.CC, "S")]
    [InlineData("R-10226", "R-102D1", MammoView.AT, "AT")]
    [InlineData("R-10242", "R-102D2", MammoView.CV, "CV")]
    [InlineData("G-8310", null, MammoView.Specimen, "")]
    [InlineData("nonsense", null, MammoView.CC, "")]
    public void View_codes_win_over_the_position(string code, string? modifier, MammoView view, string modifiers)
    {
        TestElement[] Code(string value) => [TestElement.Text(DicomTag.CodeValue, "SH", value)];
        TestElement[] modified = modifier is null ? [] : [TestElement.Sequence(DicomTag.ViewModifierCodeSequence, Code(modifier))];
        var info = Info(TestElement.Sequence(DicomTag.ViewCodeSequence, [.. Code(code), .. modified]));
        Assert.Equal((view, modifiers), (info.View, info.ViewModifiers));
    }

    [Theory]
    [InlineData("055Y", 55.0)]
    [InlineData("018M", 1.5)]
    [InlineData("nonsense", null)]
    public void Age_is_in_years(string text, double? years) => Assert.Equal(years, Info(TestElement.Text(DicomTag.PatientAge, "AS", text)).Age);

    [Fact]
    public void Age_follows_from_dates()
    {
        var info = Info(TestElement.Text(DicomTag.StudyDate, "DA", "20200131"), TestElement.Text(DicomTag.PatientBirthDate, "DA", "19650201"));
        Assert.Equal((54, new DateOnly(2020, 1, 31)), (info.Age, info.Date));
    }

    [Theory]
    [InlineData(DicomTag.Laterality, "R", "R")]
    [InlineData(DicomTag.BodyPartExamined, "Left Breast", "L")]
    [InlineData(DicomTag.Laterality, "", null)]
    public void Side(uint tag, string text, string? side) =>
        Assert.Equal(side, Info(TestElement.Text(DicomTag.ImageLaterality, "CS", ""), TestElement.Text(tag, "CS", text)).Laterality);

    [Fact]
    public void Spacing_is_that_of_the_patient_before_that_of_the_detector()
    {
        var detector = TestElement.Text(DicomTag.ImagerPixelSpacing, "DS", @"0.07\0.07");
        Assert.Equal(0.07, Info(detector).PixelSpacing);
        Assert.Equal(0.05, Info(detector, TestElement.Text(DicomTag.PixelSpacing, "DS", @"0.05\0.05")).PixelSpacing);
        Assert.Equal(0.07, Info(detector, TestElement.Text(DicomTag.PixelSpacing, "DS", "wide")).PixelSpacing);
    }

    // The texts of PS3.5 Annexes H, I and K as far as they fit, and what hospitals write.
    [Theory]
    [InlineData(@"ISO_IR 100", "4A E9 72 F4 6D 65", "Jérôme")]
    [InlineData(@"", "4A E9 72", "Jér")]
    [InlineData(@"ISO_IR 101", "A3 F3 64 BC", "Łódź")]
    [InlineData(@"ISO_IR 144", "BB EE DA 63 D5 DC D1 DE E0 D3", "Люкcемборг")]
    [InlineData(@"ISO_IR 126", "C4 E9 EF ED F5 F3 E9 EF F2", "Διονυσιος")]
    [InlineData(@"ISO_IR 138", "F9 F8 E5 EF", "שרון")]
    [InlineData(@"ISO_IR 192", "E7 8E 8B", "王")]
    [InlineData(@"GB18030", "CD F5 5E D0 A1 B6 AB", "王^小东")]
    [InlineData(@"ISO_IR 13", "D4 CF C0 DE", "ﾔﾏﾀﾞ")]
    [InlineData(@"\ISO 2022 IR 87", "1B 24 42 3B 33 45 44 1B 28 42 5E 1B 24 42 42 40 4F 3A 1B 28 42", "山田^太郎")]
    [InlineData(@"ISO 2022 IR 13\ISO 2022 IR 87", "D4 CF 1B 24 42 3B 33 1B 28 4A 41", "ﾔﾏ山A")]
    [InlineData(@"\ISO 2022 IR 159", "1B 24 28 44 30 21 1B 28 42 41", "丂A")]
    [InlineData(@"\ISO 2022 IR 149", "1B 24 29 43 B1 E8 5E 1B 24 29 43 C8 F1 C1 DF", "김^희중")]
    [InlineData(@"\ISO 2022 IR 149", "B1 E8", "김")]
    [InlineData(@"\ISO 2022 IR 58", "1B 24 29 41 CD F5", "王")]
    [InlineData(@"ISO 2022 IR 100\ISO 2022 IR 144", "E9 1B 2D 4C BB 1B 2D 41 E9", "éЛé")]
    public void Character_sets(string set, string bytes, string text)
    {
        var value = Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
        var info = Info(TestElement.Text(DicomTag.SpecificCharacterSet, "CS", set), new TestElement(DicomTag.PatientId, "LO", value));
        Assert.Equal(text, info.Patient);
    }

    [Fact]
    public void A_backslash_within_a_letter_separates_nothing()
    {
        // The second byte of this letter of GB18030 is a backslash.
        var info = Info(TestElement.Text(DicomTag.SpecificCharacterSet, "CS", "GB18030"), new TestElement(DicomTag.PatientId, "LO", [0x9D, 0x5C, 0x41]));
        Assert.Equal("漒A", info.Patient);
    }

    [Fact]
    public void Text_of_any_bytes_is_text()
    {
        var random = new Random(3);
        foreach (var set in (string[])["", "ISO_IR 13", "ISO_IR 192", "GB18030", @"\ISO 2022 IR 87", @"\ISO 2022 IR 149", "nonsense"])
        {
            for (var i = 0; i < 200; i++)
            {
                var bytes = new byte[random.Next(20)];
                random.NextBytes(bytes);
                if (bytes.Length > 4)
                    bytes[random.Next(bytes.Length)] = 0x1B;
                Assert.NotNull(DicomText.For(DicomText.Split(set)).Decode(bytes));
            }
        }
    }

    [Fact]
    public void Names_are_not_kept()
    {
        var text = Info(TestElement.Text(0x00100010, "PN", "Secret^Name"), TestElement.Text(DicomTag.PatientBirthDate, "DA", "19651231")).ToString();
        Assert.DoesNotContain("Secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1965", text, StringComparison.Ordinal);
    }

    private static DicomImageInfo Info(params TestElement[] changes) =>
        DicomReader.ReadInfo(Write(DicomWriter.File(DicomWriter.Explicit, Elements([0, 1], 12, false, changes))));

}
