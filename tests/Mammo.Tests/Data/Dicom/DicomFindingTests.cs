using Mammo.Data.Conversion;
using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using static Mammo.Tests.Data.Dicom.TestDicom;

namespace Mammo.Tests.Data.Dicom;

/// <summary>What a file says against being scored reaches everything that reads it.</summary>
public sealed class DicomFindingTests
{
    private static string Film() => Write(Elements([0, 1000, 4095], 12, false, TestElement.Text(DicomTag.BurnedInAnnotation, "CS", "YES")));

    [Fact]
    public void Predictions_heatmaps_training_and_tests_of_datasets_take_it_from_the_film()
    {
        var path = Film();
        var facts = FilmFacts.Of(ImageReader.Read(path));
        var finding = Assert.Single(
            new FilmExamination(new Preparation()).Examine(new MammoImage(path) { Patient = "P1" }, facts),
            finding => finding.Id == ErrorIds.DicomBurnedInText);
        Assert.StartsWith("'image.dcm': Text is burned", finding.Message, StringComparison.Ordinal);
        Assert.Equal((path, "P1"), (finding.Subject, finding.Patient));
        Assert.NotNull(finding.SuggestedFix);
    }

    [Fact]
    public void Conversions_have_it_in_their_record()
    {
        var converted = new ImageConversion { BitDepth = 8 }.Apply(ImageReader.Read(Film()));
        Assert.Contains(converted.Warnings, finding => finding.Id == ErrorIds.DicomBurnedInText);
        Assert.Equal([ErrorIds.DicomBurnedInText], converted.Image.Findings.Select(finding => finding.Id));
    }

    [Fact]
    public void Estimates_tell_it_once()
    {
        var noticed = new List<Finding>();
        var options = new ScanOptions { Noticed = noticed.Add };
        RescaleFactorEstimate.Measure([Film(), Film()], options);
        Assert.Equal([ErrorIds.DicomBurnedInText], noticed.Select(finding => finding.Id));
        FeaturewiseMeanEstimate.Measure([Film(), Film()], new Preparation(), options);
        Assert.Equal(2, noticed.Count);
    }

    [Fact]
    public void What_is_read_in_spite_of_a_refusal_keeps_it_as_a_warning()
    {
        var path = Write(Elements([0, 4095], 12, false, TestElement.Text(DicomTag.PresentationIntentType, "CS", "FOR PROCESSING")));
        var image = ImageReader.Read(path, dicom: new DicomOptions { AllowForProcessing = true, Orient = true });
        Assert.Equal([ErrorIds.DicomForProcessing, ErrorIds.DicomOrientation], image.Findings.Select(finding => finding.Id));
    }
}
