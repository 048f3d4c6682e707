using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Data.Rois;
using Mammo.Tests.Data.Dicom;

namespace Mammo.Tests.Data.Datasets.Formats;

/// <summary>Film, mask and crop of CBIS-DDSM's DICOM files, told apart by what they are.</summary>
public sealed class CbisDicomTests
{
    private const string Case = "Mass-Training_P_00001_LEFT_CC";
    private const string Header = "patient_id,breast_density,left or right breast,image view,abnormality id,abnormality type,mass shape,mass "
        + "margins,assessment,pathology,subtlety,image file path,cropped image file path,ROI mask file path";

    private static readonly ImageSize Film = new(40, 30);

    private readonly string _folder = Shared.NewFolder();

    [Theory]
    [InlineData("1-1.dcm", "1-2.dcm")]
    [InlineData("1-2.dcm", "1-1.dcm")]
    public void In_the_archives_folders_the_mask_is_the_file_of_the_films_size(string mask, string crop)
    {
        Write($"{Case}/study/series/1-1.dcm", Film, 16);
        Write($"{Case}_1/study/series/{mask}", Film, 8);
        Write($"{Case}_1/study/series/{crop}", new ImageSize(12, 10), 16);
        var image = Read();
        Assert.EndsWith("1-1.dcm", image.Path, StringComparison.Ordinal);
        var shape = Assert.IsType<RoiMaskFile>(Assert.Single(image.Rois).Shape);
        Assert.EndsWith(mask, shape.Path, StringComparison.Ordinal);
        Assert.EndsWith(crop, shape.Alternative, StringComparison.Ordinal);
        Assert.Equal(Film.Height * Film.Width / 2, RoiRaster.Draw(shape, Film, Film).Count);
    }

    [Theory]
    [InlineData("film", "mask", "crop")]
    [InlineData("crop", "film", "mask")]
    public void In_one_folder_series_and_sizes_tell_them_apart(string first, string second, string third)
    {
        foreach (var (kind, i) in new[] { first, second, third }.Select((kind, i) => (kind, i)))
        {
            Write($"{Case}/1-{i + 1}.dcm", kind == "crop" ? new ImageSize(12, 10) : Film, kind == "mask" ? 8 : 16,
                kind switch { "film" => "full mammogram images", "mask" => "ROI mask images", _ => "cropped images" });
        }

        var image = Read();
        Assert.EndsWith($"1-{Array.IndexOf([first, second, third], "film") + 1}.dcm", image.Path, StringComparison.Ordinal);
        Assert.EndsWith($"1-{Array.IndexOf([first, second, third], "mask") + 1}.dcm",
            Assert.IsType<RoiMaskFile>(Assert.Single(image.Rois).Shape).Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_of_the_films_proportions_is_scaled()
    {
        Write($"{Case}/1-1.dcm", Film, 16);
        Write($"{Case}_1/1-1.dcm", new ImageSize(12, 10), 16);
        Write($"{Case}_1/1-2.dcm", new ImageSize(80, 60), 8);
        var shape = Assert.IsType<RoiMaskFile>(Assert.Single(Read().Rois).Shape);
        Assert.EndsWith("1-2.dcm", shape.Path, StringComparison.Ordinal);
        Assert.Equal(Film.Height * Film.Width / 2, RoiRaster.Draw(shape, Film, Film).Count);
    }

    [Fact]
    public void Where_they_cannot_be_told_apart_the_image_is_left_out()
    {
        Write($"{Case}/1-1.dcm", Film, 16);
        Write($"{Case}/1-2.dcm", Film, 16);
        var import = CbisDdsm.Read([List()], _folder);
        Assert.Empty(import.Dataset.Images);
        Assert.Equal([ErrorIds.FileNotFound], import.Findings.Select(finding => finding.Id));
    }

    [Theory]
    [InlineData("Mass-Training_P_00001_LEFT_CC_1", "P_00001")]
    [InlineData("Calc-Test_P_00077_RIGHT_MLO", "P_00077")]
    [InlineData("P_00001", "P_00001")]
    public void The_patient_of_a_folder_of_these_files_is_the_cases(string id, string patient)
    {
        Write("any/1-1.dcm", Film, 16, patient: id);
        Assert.Equal(patient, Assert.Single(DicomFolder.Read(_folder, cancellationToken: TestContext.Current.CancellationToken).Dataset.Images).Patient);
    }

    private MammoImage Read()
    {
        var import = CbisDdsm.Read([List()], _folder);
        Assert.Empty(import.Findings);
        return Assert.Single(import.Dataset.Images);
    }

    private string List()
    {
        var path = Path.Combine(_folder, "mass_case_description_train_set.csv");
        File.WriteAllLines(path, [Header, $"P_00001,3,LEFT,CC,1,mass,OVAL,CIRCUMSCRIBED,4,MALIGNANT,4,{Case}/1.3.6/1.3.7/000000.dcm,{Case}_1/1.3.6/1.3.8/"
            + $"000001.dcm,{Case}_1/1.3.6/1.3.8/000000.dcm"]);
        return path;
    }

    // The upper half is white.
    private void Write(string name, ImageSize size, int bits, string? series = null, string patient = Case)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var pixels = new byte[size.Height * size.Width * bits / 8];
        pixels.AsSpan(0, pixels.Length / 2).Fill(255);
        TestElement[] elements =
        [
            TestElement.Number(DicomTag.Rows, size.Height),
            TestElement.Number(DicomTag.Columns, size.Width),
            TestElement.Number(DicomTag.BitsAllocated, bits),
            TestElement.Number(DicomTag.BitsStored, bits),
            TestElement.Number(DicomTag.HighBit, bits - 1),
            TestElement.Text(DicomTag.PatientId, "LO", patient),
            TestElement.Text(DicomTag.SopInstanceUid, "UI", FormattableString.Invariant($"1.2.{name.Length}.{size.Height}.{bits}")),
            new TestElement(DicomTag.PixelData, "OW", pixels),
            .. series is null ? Array.Empty<TestElement>() : [TestElement.Text(DicomTag.SeriesDescription, "LO", series)],
        ];
        File.WriteAllBytes(path, DicomWriter.File(DicomWriter.Explicit, TestDicom.Elements([], bits, false, elements)));
    }
}
