using Mammo.Data.Dicom;
using static Mammo.Tests.Data.Dicom.TestDicom;

namespace Mammo.Tests.Data.Dicom;

/// <summary>What is refused, what is warned of, and which option lifts a refusal.</summary>
public sealed class DicomChecksTests
{
    private const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";

    public static TheoryData<string, bool, uint, string, string> Cases => new()
    {
        { ErrorIds.DicomForProcessing, true, DicomTag.PresentationIntentType, "CS", "FOR PROCESSING" },
        { ErrorIds.DicomForProcessing, true, DicomTag.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.1.2.1" },
        { ErrorIds.DicomModality, true, DicomTag.Modality, "CS", "US" },
        { ErrorIds.DicomModality, true, DicomTag.Modality, "CS", "OT" },
        { ErrorIds.DicomSecondaryCapture, false, DicomTag.SopClassUid, "UI", SecondaryCapture },
        { ErrorIds.DicomSecondaryCapture, true, DicomTag.ImageType, "CS", @"DERIVED\SECONDARY\SCREEN SAVE" },
        { ErrorIds.DicomTomosynthesis, true, DicomTag.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.13.1.3" },
        { ErrorIds.DicomTomosynthesis, true, DicomTag.ImageType, "CS", @"ORIGINAL\PRIMARY\TOMO_PROJ" },
        { ErrorIds.DicomSynthetic, false, DicomTag.ImageType, "CS", @"DERIVED\PRIMARY\TOMOSYNTHESIS\GENERATED_2D" },
        { ErrorIds.DicomSynthetic, false, DicomTag.SeriesDescription, "LO", "L CC C-View" },
        { ErrorIds.DicomView, true, DicomTag.ViewPosition, "CS", "ML" },
        { ErrorIds.DicomView, true, DicomTag.ViewPosition, "CS", "XCCL" },
        { ErrorIds.DicomView, true, DicomTag.ViewPosition, "CS", "AP" },
        { ErrorIds.DicomView, true, DicomTag.ViewPosition, "CS", "CCRL" },
        { ErrorIds.DicomView, true, DicomTag.ImageType, "CS", @"ORIGINAL\PRIMARY\STEREO_SCOUT" },
        { ErrorIds.DicomView, true, DicomTag.ImageType, "CS", @"DERIVED\PRIMARY\\SUBTRACTION" },
        { ErrorIds.DicomMagnification, true, DicomTag.ViewPosition, "CS", "MCC" },
        { ErrorIds.DicomMagnification, true, DicomTag.MagnificationFactor, "DS", "1.8" },
        { ErrorIds.DicomSpotCompression, true, DicomTag.PaddleDescription, "LO", "SPOT_CONTACT" },
        { ErrorIds.DicomSpecimen, true, DicomTag.ViewPosition, "CS", "SPECIMEN" },
        { ErrorIds.DicomImplant, false, DicomTag.BreastImplantPresent, "CS", "YES" },
        { ErrorIds.DicomImplant, false, DicomTag.ViewPosition, "CS", "CCID" },
        { ErrorIds.DicomBurnedInText, false, DicomTag.BurnedInAnnotation, "CS", "YES" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_has_its_id(string id, bool isRefused, uint tag, string vr, string text)
    {
        var path = Write(Elements([0, 4095], 12, false, TestElement.Text(tag, vr, text)));
        var remark = Assert.Single(DicomChecks.Examine(DicomReader.ReadInfo(path), DicomOptions.Default));
        Assert.Equal((id, isRefused), (remark.Id, remark.IsRefusal));
        Assert.NotEmpty(remark.SuggestedFix);
        if (isRefused)
            Assert.Equal(id, Assert.Throws<MammoException>(() => DicomReader.Read(path)).ErrorId);
        // Whoever asks for it gets it, and the remark with it.
        Assert.Equal([id], DicomReader.Read(path, DicomOptions.Anything).Remarks.Select(item => item.Id));
    }

    [Fact]
    public void Nothing_is_said_of_a_plain_mammogram() => Assert.Empty(Read(Elements([0, 4095])).Remarks);

    [Fact]
    public void Digitised_film_is_no_suspicious_capture()
    {
        TestElement[] film =
        [
            TestElement.Text(DicomTag.SopClassUid, "UI", SecondaryCapture),
            TestElement.Text(DicomTag.ConversionType, "CS", "DF"),
            TestElement.Text(DicomTag.Modality, "CS", "RG"),
        ];
        Assert.Empty(Read(Elements([0, 4095], 12, false, film)).Remarks);
    }

    [Fact]
    public void Another_part_of_the_body_is_no_mammogram()
    {
        TestElement[] chest = [TestElement.Text(DicomTag.Modality, "CS", "CR"), TestElement.Text(DicomTag.BodyPartExamined, "CS", "CHEST")];
        Assert.Equal(ErrorIds.DicomModality, Refused(Elements([0, 4095], 12, false, chest)).ErrorId);
    }

    [Fact]
    public void A_slice_that_is_named_is_read()
    {
        var elements = Elements([0, 4095], 12, false, TestElement.Text(DicomTag.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.13.1.3"));
        Assert.Equal([ErrorIds.DicomTomosynthesis], Read(elements, options: new DicomOptions { Frame = 1 }).Remarks.Select(remark => remark.Id));
    }

    [Fact]
    public void Colour_is_refused()
    {
        TestElement[] colours = [TestElement.Text(DicomTag.PhotometricInterpretation, "CS", "PALETTE COLOR"), TestElement.Number(DicomTag.SamplesPerPixel, 3)];
        foreach (var colour in colours)
            Assert.Equal(ErrorIds.DicomColour, Refused(Elements([0, 4095], 12, false, colour)).ErrorId);
    }
}
