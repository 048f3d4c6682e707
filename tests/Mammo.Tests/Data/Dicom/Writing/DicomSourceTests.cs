using Mammo.Data.Dicom;
using Mammo.Data.Dicom.Writing;

namespace Mammo.Tests.Data.Dicom.Writing;

public sealed class DicomSourceTests
{
    private static readonly TestElement[] Identity =
        [TestElement.Text(DicomTag.StudyInstanceUid, "UI", "1.2.3"), TestElement.Text(DicomTag.SeriesInstanceUid, "UI", "1.2.3.5")];

    [Theory]
    [InlineData(DicomWriter.Explicit)]
    [InlineData(DicomWriter.Implicit)]
    [InlineData(DicomWriter.Deflated)]
    public void Patient_and_study_are_said_with_the_images_words(string syntax)
    {
        TestElement[] said =
        [
            .. Identity, TestElement.Text(DicomTag.PatientName, "PN", "A^B"), TestElement.Text(DicomTag.PatientBirthDate, "DA", "19600102"),
            TestElement.Text(DicomTag.AccessionNumber, "SH", "A 7"), TestElement.Text(DicomTag.StudyDescription, "LO", @"two\parts"),
            TestElement.Text(DicomTag.PatientIdentityRemoved, "CS", "YES"),
            TestElement.Sequence(DicomTag.DeidentificationMethodCodeSequence, [TestElement.Text(DicomTag.CodeValue, "SH", "113100")]),
        ];
        var source = DicomSource.Read(TestDicom.Write(TestDicom.Elements([1, 2], changes: said), syntax));
        var written = WrittenItem.Read(DicomFileWriter.Encode(source.NewInstance("1.2", "2.25.1"), source.CharacterSets));
        foreach (var element in said.Where(element => element.Vr != "SQ" && element.Tag != DicomTag.SeriesInstanceUid))
        {
            Assert.Equal(element.Vr, written.Vrs[element.Tag]);
            Assert.Equal(element.Value, written.Values[element.Tag]);
        }

        Assert.Equal("113100", written.One(DicomTag.DeidentificationMethodCodeSequence).Text(DicomTag.CodeValue));
        // What the standard wants even without a value, and the image does not say.
        Assert.Empty(written.Values[DicomTag.ReferringPhysicianName]);
        Assert.DoesNotContain(DicomTag.StudyDate, written.Values.Where(value => value.Value.Length > 0).Select(value => value.Key));
        Assert.DoesNotContain(DicomTag.Modality, written.Values.Keys);
    }

    [Theory]
    [InlineData("20250304", "101530.5", null, "20250304101530")]
    [InlineData("20250304", "1015", null, "20250304101500")]
    [InlineData("20250304", "never", null, "20250304000000")]
    [InlineData("2025", "1015", "20240101", "20240101000000")]
    [InlineData(null, null, null, null)]
    public void An_image_was_made_when_its_content_was_or_else_its_study(string? date, string? time, string? study, string? made)
    {
        List<TestElement> elements = [.. Identity];
        foreach (var (tag, vr, text) in new[] { (DicomTag.ContentDate, "DA", date), (DicomTag.ContentTime, "TM", time), (DicomTag.StudyDate, "DA", study) })
        {
            if (text is not null)
                elements.Add(TestElement.Text(tag, vr, text));
        }

        var source = DicomSource.Read(TestDicom.Write(TestDicom.Elements([1], changes: [.. elements])));
        Assert.Equal(made, source.Made?.ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Images_beside_which_nothing_can_be_stored_are_refused()
    {
        var png = Path.Combine(Shared.NewFolder(), "film.png");
        File.WriteAllBytes(png, [0x89, 0x50, 0x4E, 0x47, .. new byte[200]]);
        Assert.Equal(ErrorIds.DicomSourceMissing, Assert.Throws<MammoException>(() => DicomSource.Read(png)).ErrorId);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => DicomSource.Read(png + ".dcm")).ErrorId);
        foreach (var tag in new[] { DicomTag.SopClassUid, DicomTag.SopInstanceUid, DicomTag.StudyInstanceUid, DicomTag.SeriesInstanceUid })
        {
            foreach (var uid in new[] { "", "one.two", "1.2." + new string('3', 64), "12" })
            {
                var elements = TestDicom.Elements([1], changes: [.. Identity, TestElement.Text(tag, "UI", uid)]);
                Assert.Equal(ErrorIds.DicomIdentityMissing, Assert.Throws<MammoException>(() => DicomSource.Read(TestDicom.Write(elements))).ErrorId);
            }
        }
    }
}
