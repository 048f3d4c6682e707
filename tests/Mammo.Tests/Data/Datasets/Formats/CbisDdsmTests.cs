using Mammo.Data;
using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Datasets.Formats;

public sealed class CbisDdsmTests
{
    private const string Header = "patient_id,breast_density,left or right breast,image view,abnormality id,abnormality type,mass shape,mass "
        + "margins,assessment,pathology,subtlety,image file path,cropped image file path,ROI mask file path";
    private static readonly string[] Names = [
        "mass_case_description_train_set.csv", "mass_case_description_test_set.csv",
        "calc_case_description_train_set.csv", "calc_case_description_test_set.csv"];

    /// <summary>Rows and pathologies as the collection's page states them; images are the distinct image paths, counted by hand beside the files.</summary>
    [Theory]
    [InlineData("mass_case_description_train_set.csv", 1318, 1231, 637, 577, 104)]
    [InlineData("mass_case_description_test_set.csv", 378, 361, 147, 194, 37)]
    [InlineData("calc_case_description_train_set.csv", 1546, 1227, 544, 528, 474)]
    [InlineData("calc_case_description_test_set.csv", 326, 284, 129, 130, 67)]
    public void The_official_lists_have_their_known_counts(string name, int rows, int images, int malignant, int benign, int withoutCallback)
    {
        var list = Shared.Data("cbis-ddsm", name);
        var findings = new List<Finding>();
        var read = CbisDdsmList.Read(list, CsvTable.Read(list), findings);
        Assert.Empty(findings);
        Assert.Equal(rows, read.Length);
        Assert.Equal(malignant, read.Count(row => row.Pathology == "MALIGNANT"));
        Assert.Equal(benign, read.Count(row => row.Pathology == "BENIGN"));
        Assert.Equal(withoutCallback, read.Count(row => row.Pathology == "BENIGN_WITHOUT_CALLBACK"));
        Assert.Equal(images, read.Select(row => row.ImagePath).Distinct().Count());
        Assert.Equal(name.Contains("test", StringComparison.Ordinal), read.All(row => row.IsTest == true));
        Assert.All(read, row => Assert.DoesNotContain('\n', row.MaskPath! + row.CropPath));
        Assert.Equal(images, CbisDdsm.Read([list]).Dataset.Count);
    }

    [Fact]
    public void Patients_in_training_and_test_are_told()
    {
        var import = CbisDdsm.Read([.. Names.Select(name => Shared.Data("cbis-ddsm", name))]);
        // 1566 patients; 31 on both sides once mass and calc are joined: 13 of mass-train and calc-test, 18 of calc-train and mass-test.
        Assert.Equal(1566, import.Dataset.Images.Select(image => image.Patient).Distinct().Count());
        var leaks = import.Findings.Where(finding => finding.Id == ErrorIds.DataLeakage).ToArray();
        Assert.Equal(31, leaks.Length);
        Assert.Equal(13, leaks.Count(leak => leak.Message.Contains("training list (mass) and in the test list (calcification)", StringComparison.Ordinal)));
        Assert.Equal(18, leaks.Count(leak => leak.Message.Contains("training list (calcification) and in the test list (mass)", StringComparison.Ordinal)));
        Assert.All(import.Dataset.Images, image => Assert.Equal(image.Rois.Any(roi => roi.Pathology == "MALIGNANT") ? "pos" : "neg", image.Class));
        Assert.Equal(["neg", "pos"], import.Dataset.Classes);
    }

    /// <summary>The numbers were counted from the lists by a script of its own.</summary>
    [Theory]
    [InlineData(OfficialSplit.AsPublished, 2420, 31)]
    [InlineData(OfficialSplit.Repaired, 2356, 0)]
    public void The_official_split_names_its_31_patients_on_both_sides_and_repaired_drops_them_from_training(OfficialSplit split, int training, int shared)
    {
        var parts = CbisDdsm.ReadSplit([.. Names.Select(name => Shared.Data("cbis-ddsm", name))], split);
        Assert.Equal((training, 641), (parts.Training.Count, parts.Test.Count));
        Assert.Equal(shared, Leakage.Patients([parts.Training, parts.Test]).Count());
        var finding = Assert.Single(parts.Findings, finding => finding.Id == ErrorIds.DataLeakage);
        Assert.StartsWith("31 patients are in the training and in the test set (83 and 60 lesions, counted in each view): ",
            finding.Message, StringComparison.Ordinal);
        Assert.Equal(31, finding.Message.Split("P_").Length - 1);
        // An image with a mass of one set and calcifications of the other is in both, in each with its own lesions.
        Assert.Equal(1318 + 1546, parts.Training.Images.Sum(image => image.Rois.Length) + (split == OfficialSplit.Repaired ? 83 : 0));
        Assert.Equal(parts.Training.Splits, parts.Test.Splits);
        Assert.Equal(["neg", "pos"], parts.Training.Classes);
    }

    [Fact]
    public void An_official_split_needs_lists_of_both_sets() => Assert.Equal(
        ErrorIds.ListIncomplete,
        Assert.Throws<MammoException>(() => CbisDdsm.ReadSplit([Shared.Data("cbis-ddsm", Names[0])], OfficialSplit.Repaired)).ErrorId);

    [Fact]
    public void The_six_images_are_found_under_the_archives_names()
    {
        var import = CbisDdsm.Read([Shared.Data("cbis-ddsm", Names[3])], Path.Combine(Shared.Repository, "examples", "data"));
        Assert.Equal(6, import.Dataset.Count);
        Assert.Equal(4, import.Dataset.Images.Count(image => image.Class == "pos"));
        Assert.Equal(284 - 6, import.Findings.Count(finding => finding.Message.StartsWith("The image of", StringComparison.Ordinal)));
        Assert.All(import.Dataset.Images.SelectMany(image => image.Rois), roi => Assert.Null(roi.Shape));
    }

    [Theory]
    [InlineData("Mass-Training_P_1_LEFT_CC/1.2/3.4/000000.png", "Mass-Training_P_1_LEFT_CC_1/5.6/7.8/000001.png")]
    [InlineData("Mass-Training_P_1_LEFT_CC/1-full mammogram images-1/1-1.png", "Mass-Training_P_1_LEFT_CC_1/1-ROI mask images-9/1-2.png")]
    [InlineData("full/Mass-Training_P_1_LEFT_CC.png", "masks/Mass-Training_P_1_LEFT_CC_1.png")]
    [InlineData("P_1_LEFT_CC.png", "roi/Mass-Training_P_1_LEFT_CC_1.png")]
    public void Images_and_masks_are_found_in_the_archive_and_after_conversion(string image, string mask)
    {
        var root = Shared.NewFolder();
        foreach (var file in new[] { image, mask })
        {
            PngWriter.Write(Path.Combine(root, file), new GreyImage(1, 1, 8, [1]));

            // What it was converted from stays beside it in many archives.
            File.WriteAllText(Path.ChangeExtension(Path.Combine(root, file), ".dcm"), "DICM");
        }

        var list = Write(root, Row(pathology: "MALIGNANT"));
        var import = CbisDdsm.Read([list], root);
        Assert.Empty(import.Findings);
        var found = Assert.Single(import.Dataset.Images);
        Assert.Equal(Path.Combine(root, image), found.Path);
        Assert.Equal(("P_1", "LEFT", "CC", "pos"), (found.Patient, found.Laterality, found.View, found.Class));
        var roi = Assert.Single(found.Rois);
        Assert.Equal(Path.Combine(root, mask), Assert.IsType<RoiMaskFile>(roi.Shape).Path);
        Assert.Equal((1, "mass", true), (roi.Number, roi.Type, roi.IsMalignant));
    }

    /// <summary>Kaggle's JPEG edition and TCIA's downloads by series: folders are named by the UID, crop and mask are in one series.</summary>
    [Theory]
    [InlineData(
        "Mass-Training_P_1_LEFT_CC/1.3.6.1.4.1.9590.1/1.3.6.1.4.1.9590.2/000000.dcm",
        "Mass-Training_P_1_LEFT_CC_1/1.3.6.1.4.1.9590.3/1.3.6.1.4.1.9590.4/00000", "training")]
    [InlineData("CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.2/1-001.jpg", "CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.4/", "training")]
    [InlineData("CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.2/1-001.jpg", "CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.4/", null, "mine.csv")]
    [InlineData("CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.2/1-001.jpg", "CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.4/", "test", "cleaned_mass_case_description_test_set (1).csv")]
    public void Files_are_found_by_the_uid_of_their_series_and_the_set_is_not_made_up(
        string image, string masks, string? set, string name = "mass_case_description_train_set.csv")
    {
        var root = Shared.NewFolder();
        var files = new[] { "1.3.6.1.4.1.9590.2/1-249.png", "1.3.6.1.4.1.9590.4/1-207.png", "1.3.6.1.4.1.9590.4/2-112.png" }.Select(
            file => Path.Combine(root, "jpeg", file)).ToArray();
        foreach (var file in files)
            PngWriter.Write(file, new GreyImage(1, 1, 8, [1]));
        var list = Path.Combine(root, name);
        File.WriteAllText(list, $"{Header}\nP_1,3,LEFT,CC,1,mass,ROUND,N/A,4,MALIGNANT,4,{image},{masks}1.jpg,{masks}0.jpg\n");
        var import = CbisDdsm.Read([list], root);
        Assert.Equal(set is null ? [ErrorIds.ListIncomplete] : Array.Empty<string>(), import.Findings.Select(finding => finding.Id));
        var found = Assert.Single(import.Dataset.Images);
        Assert.Equal(files[0], found.Path);
        Assert.Equal(set, found.Extra.GetValueOrDefault("official_set"));
        Assert.Equal(new RoiMaskFile(files[1]) { Alternative = files[2] }, Assert.Single(found.Rois).Shape);
    }

    /// <summary>Kaggle's edition as it lies on disk: series whose folders hold several files, which dicom_info.csv tells apart by their descriptions.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_of_Kaggles_edition_are_told_apart_by_its_index(bool isNamed)
    {
        var root = Path.Combine(Shared.NewFolder(), "CBIS-DDSM");
        string[] files = ["1.3.6.1.4.1.9590.2/1-249.jpg",
            "1.3.6.1.4.1.9590.2/2-001.jpg", "1.3.6.1.4.1.9590.4/1-207.jpg", "1.3.6.1.4.1.9590.4/2-112.jpg", "1.3.6.1.4.1.9590.4/3-9.jpg"];
        foreach (var file in files)
        {
            var path = Path.Combine(root, "jpeg", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
        }

        var folder = Directory.CreateDirectory(Path.Combine(root, "csv")).FullName;
        var list = Path.Combine(folder, "mass_case_description_train_set.csv");
        File.WriteAllText(list,
            $"{Header}\nP_1,3,LEFT,CC,1,mass,ROUND,N/A,4,MALIGNANT,4,Mass-Training_P_1_LEFT_CC/1.3.6.1.4.1.9590.1/1.3.6.1.4.1.9590.2/000000.dcm,"
            + "Mass-Training_P_1_LEFT_CC_1/1.3.6.1.4.1.9590.3/1.3.6.1.4.1.9590.4/000000.dcm,Mass-Training_P_1_LEFT_CC_1/1.3.6.1.4.1.9590.3/"
            + "1.3.6.1.4.1.9590.4/000001.dcm\n");
        var index = Path.Combine(folder, "dicom_info.csv");
        File.WriteAllText(index, "file_path,image_path,PatientID,SeriesDescription,SeriesInstanceUID\n"
            + "x,CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.2/1-249.jpg,Mass-Training_P_1_LEFT_CC,full mammogram images,1.3.6.1.4.1.9590.2\n"
            + "x,CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.2/2-001.jpg,Mass-Training_P_1_LEFT_CC,,1.3.6.1.4.1.9590.2\n"
            + "x,CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.4/1-207.jpg,Mass-Training_P_1_LEFT_CC_1,cropped images,1.3.6.1.4.1.9590.4\n"
            + "x,CBIS-DDSM/jpeg/1.3.6.1.4.1.9590.4/2-112.jpg,Mass-Training_P_1_LEFT_CC_1,ROI mask images,1.3.6.1.4.1.9590.4\n");
        var meta = Path.Combine(folder, "meta.csv");
        File.WriteAllText(meta, "SeriesInstanceUID,StudyInstanceUID,Modality,SeriesDescription\n1.3.6.1.4.1.9590.2,1,MG,full mammogram images\n");
        var (dataset, findings) = CbisDdsm.Read(isNamed ? [list, index, meta] : [list], root);
        Assert.Empty(findings);
        var image = Assert.Single(dataset.Images);
        Assert.Equal(Path.Combine(root, "jpeg", files[0].Replace('/', Path.DirectorySeparatorChar)), image.Path);
        var mask = Assert.IsType<RoiMaskFile>(Assert.Single(image.Rois).Shape);
        Assert.EndsWith("2-112.jpg", mask.Path, StringComparison.Ordinal);
        Assert.NotNull(mask.Alternative);
        Assert.EndsWith("1-207.jpg", mask.Alternative, StringComparison.Ordinal);
        Assert.Throws<MammoException>(() => CbisDdsm.Read([index, meta], root));
    }

    [Fact]
    public void Patients_of_both_lists_are_told_though_the_paths_are_rewritten()
    {
        var root = Shared.NewFolder();
        string[] lists = [.. new[] { "train", "test" }.Select(set => Path.Combine(root, $"cleaned_mass_case_description_{set}_set.csv"))];
        foreach (var list in lists)
            File.WriteAllText(list, $"{Header}\nP_1;3;LEFT;CC;1;mass;ROUND;N/A;4;MALIGNANT;4;jpeg\\1.3.6.1.4.1.9590.2\\1.jpg;;\n".Replace(';', ','));
        var import = CbisDdsm.Read(lists);
        Assert.Equal(ErrorIds.DataLeakage, Assert.Single(import.Findings).Id);
        var image = Assert.Single(import.Dataset.Images);
        Assert.Equal(Path.Combine(root, "jpeg", "1.3.6.1.4.1.9590.2", "1.jpg"), image.Path);
        Assert.Equal("test, training", image.Extra["official_set"]);
    }

    [Fact]
    public void An_image_is_positive_if_any_abnormality_is_malignant_and_benign_without_callback_is_benign()
    {
        var root = Shared.NewFolder();
        var list = Write(
            root,
            Row(number: 1, pathology: "BENIGN_WITHOUT_CALLBACK"),
            Row(number: 2, pathology: "MALIGNANT"),
            Row(patient: "P_2", pathology: "BENIGN_WITHOUT_CALLBACK"));
        var images = CbisDdsm.Read([list]).Dataset.Images;
        Assert.Equal(["pos", "neg"], images.Select(image => image.Class));
        Assert.Equal(["malignant", "benign"], CbisDdsm.Read([list], null, ImageLabelling.Pathology).Dataset.Images.Select(image => image.Class));
    }

    [Fact]
    public void What_does_not_fit_is_a_finding_and_the_rest_goes_on()
    {
        var root = Shared.NewFolder();
        var list = Write(
            root, Row(pathology: "MALIGNANT"), Row(pathology: "BENIGN"), Row(patient: string.Empty), Row(patient: "P_3", pathology: "PERHAPS"),
            Row(patient: "P_4"));
        var import = CbisDdsm.Read([list]);
        Assert.Equal("P_4", Assert.Single(import.Dataset.Images).Patient);
        Assert.Equal([ErrorIds.PatientMissing, ErrorIds.DatasetInvalid, ErrorIds.RowsContradict], import.Findings.Select(finding => finding.Id));
        Assert.Contains("Row 4", import.Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_table_is_refused()
    {
        var root = Shared.NewFolder();
        File.WriteAllText(Path.Combine(root, "x.csv"), "path,label\na,b\n");
        Assert.Equal(ErrorIds.DatasetInvalid, Assert.Throws<MammoException>(() => CbisDdsm.Read([Path.Combine(root, "x.csv")])).ErrorId);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => CbisDdsm.Read([Path.Combine(root, "y.csv")])).ErrorId);
    }

    private static string Row(string patient = "P_1", int number = 1, string pathology = "BENIGN") =>
        $"{patient},3,LEFT,CC,{number},mass,ROUND,N/A,4,{pathology},4,Mass-Training_{patient}_LEFT_CC/1.2/3.4/000000.dcm,"
            + $"Mass-Training_{patient}_LEFT_CC_{number}/5.6/7.8/000000.dcm,\"Mass-Training_{patient}_LEFT_CC_{number}/5.6/7.8/000001.dcm\n\"";

    private static string Write(string folder, params string[] rows)
    {
        var path = Path.Combine(folder, "mass_case_description_train_set.csv");
        File.WriteAllText(path, string.Join('\n', [Header, .. rows]) + "\n");
        return path;
    }
}
