using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Data.Rois;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Data.Datasets.Formats;

public sealed class OriginalRoiListsTests
{
    [Fact]
    public void The_originals_list_gives_its_names_in_its_order()
    {
        var root = Shared.NewFolder();
        var csv = Path.Combine(root, "roi_mask_path.csv");
        File.WriteAllText(csv, """
            patient_id,side,view,abn_num,pathology,type
            P_2,RIGHT,MLO,1,BENIGN,mass
            P_1,LEFT,MLO,1,BENIGN_WITHOUT_CALLBACK,calc
            P_1,LEFT,CC,1,MALIGNANT,calc
            P_1,LEFT,CC,2,BENIGN,mass
            ,LEFT,CC,2,BENIGN,mass
            """);
        Touch(root, "full_img/P_1_LEFT_CC.png", "full_img/P_1_LEFT_MLO.png", "full_img/P_2_RIGHT_MLO.png", "full_img/Mass-Training_P_2_RIGHT_MLO.png");
        Touch(root, "roi_mask/Calc-Training_P_1_LEFT_CC_1.png",
            "roi_mask/Mass-Training_P_1_LEFT_CC_2.png", "roi_mask/Calc-Training_P_1_LEFT_MLO_1.png", "roi_mask/Mass-Training_P_2_RIGHT_MLO_1.png");
        var import = OriginalRoiLists.Read(root);
        Assert.Equal(ErrorIds.PatientMissing, Assert.Single(import.Findings).Id);
        Assert.Equal(["P_1_LEFT_CC.png", "P_1_LEFT_MLO.png", "P_2_RIGHT_MLO.png"], import.Dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal(["pos", "neg", "neg"], import.Dataset.Images.Select(image => image.Class));
        Assert.Equal(
            ["Calc-Training_P_1_LEFT_CC_1.png", "Mass-Training_P_1_LEFT_CC_2.png"],
            import.Dataset.Images[0].Rois.Select(roi => Path.GetFileName(Assert.IsType<RoiMaskFile>(roi.Shape).Path)));

        var main = OriginalRoiLists.Read(csv, Path.Combine(root, "full_img"), Path.Combine(root, "roi_mask"), "mass", ["P_2", "P_9", "P_2"]);
        Assert.Equal("Mass-Training_P_2_RIGHT_MLO.png", Path.GetFileName(Assert.Single(main.Dataset.Images).Path));
        Assert.Contains(main.Findings, finding => finding.Patient == "P_9");
        Assert.Equal(["normal", "benign", "malignant"], OriginalRoiLists.Read(csv, labelling: ImageLabelling.Pathology).Dataset.Classes);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => OriginalRoiLists.Read(csv, Path.Combine(root, "nowhere"))).ErrorId);
    }

    [Fact]
    public void A_list_that_a_spreadsheet_saved_is_read()
    {
        var root = Shared.NewFolder();
        File.WriteAllText(
            Path.Combine(root, "roi_mask_path.csv"), "\uFEFFPatient ID;Side;View;Abn Num;Pathology;Type;\r\nP_1;LEFT;CC;1;MALIGNANT;calc;\r\n;;;;;;\r\n");
        Touch(root, "full_img/P_1_LEFT_CC.png", "roi_mask/Calc-Training_P_1_LEFT_CC_1.png");
        var import = OriginalRoiLists.Read(root);
        Assert.Empty(import.Findings);
        Assert.Equal("MALIGNANT", Assert.Single(Assert.Single(import.Dataset.Images).Rois).Pathology);
    }

    [Fact]
    public void What_is_missing_or_contradicts_itself_is_told()
    {
        var root = Shared.NewFolder();
        File.WriteAllText(Path.Combine(root, "roi_mask_path.csv"), """
            patient_id,side,view,abn_num,pathology,type
            P_1,LEFT,CC,1,MALIGNANT,mass
            P_1,LEFT,CC,1,BENIGN,mass
            P_2,LEFT,CC,1,MALIGNANT,mass
            P_3,LEFT,CC,1,MALIGNANT,mass
            P_3,LEFT,CC,1,MALIGNANT,calc
            P_3,LEFT,CC,1,MALIGNANT,calc
            P_4/..,LEFT,CC,1,MALIGNANT,calc
            P_5,LEFT,CC,one,MALIGNANT,calc
            """);
        Touch(root, "full_img/P_1_LEFT_CC.png", "full_img/P_3_LEFT_CC.png",
            "roi_mask/Mass-Training_P_1_LEFT_CC_1.png", "roi_mask/Calc-Training_P_3_LEFT_CC_1.png");
        var import = OriginalRoiLists.Read(root);
        Assert.Equal(
            [(ErrorIds.DatasetInvalid, "P_4/.."), (ErrorIds.DatasetInvalid, "P_5"),
                (ErrorIds.RowsContradict, "P_1"), (ErrorIds.FileNotFound, "P_2"), (ErrorIds.FileNotFound, "P_3")],
            import.Findings.Select(finding => (finding.Id, finding.Patient)));
        Assert.Equal([false, true], Assert.Single(import.Dataset.Images).Rois.Select(roi => roi.Shape is not null));
    }

    [Fact]
    public void A_dataset_with_regions_becomes_the_originals_input_and_back()
    {
        var root = Shared.NewFolder();
        var path = Path.Combine(root, "film.png");
        PngWriter.Write(path, Patches.DefaultSamplerTests.Breast(3));
        var image = new MammoImage(path)
        {
            Patient = "P1",
            Laterality = "LEFT",
            View = "CC",
            Rois =
            [
                new Roi(new RoiCircle(60, 90, 12)) { Number = 1, Type = "CALC", Pathology = "MALIGNANT" },
                new Roi(new RoiBox(new PixelBox(30, 120, 20, 10))) { Number = 2, Type = "CIRC", Pathology = "BENIGN" },
            ],
        };
        var folder = Path.Combine(root, "original");
        MammoImage[] images =
        [
            image,
            image with { Patient = null },
            image with { View = "MLO", Rois = [new Roi(null as RoiShape) { Pathology = "BENIGN" }] },
            image with { View = "ML", Rois = [new Roi(new RoiCircle(-50, -50, 3)) { Pathology = "BENIGN" }] },
            image with { Patient = "../P1" },
            image with { View = "cc" },
            image with { View = "LM", Rois = [] },
        ];
        var done = new List<int>();
        var findings = new OriginalRoiListWriter(folder) { Progress = done.Add }.Write(new MammoDataset("x", ["neg", "pos"], [.. images]));
        Assert.Equal(
            [ErrorIds.RoiEmpty, ErrorIds.PatientMissing, ErrorIds.RoiEmpty, ErrorIds.RoiEmpty, ErrorIds.PatientMissing, ErrorIds.ConversionTargetTaken],
            findings.Select(finding => finding.Id));
        Assert.Equal([1, 2, 3, 4, 5, 6], done);
        Assert.Equal(
            ["full_img/P1_LEFT_CC.png", "pat_lst.txt", "roi_mask/Calc-Training_P1_LEFT_CC_1.png",
                "roi_mask/Mass-Training_P1_LEFT_CC_2.png", "roi_mask_path.csv"],
            Films.Below(folder));
        Assert.Equal(["P1"], PatientList.Read(Path.Combine(folder, "pat_lst.txt")));

        var read = OriginalRoiLists.Read(folder);
        Assert.Empty(read.Findings);
        var back = Assert.Single(read.Dataset.Images);
        Assert.Equal(image.Rois.Select(roi => (roi.Number, roi.Pathology)), back.Rois.Select(roi => (roi.Number, roi.Pathology)));
        Assert.Equal(20 * 10, ImageReader.Read(((RoiMaskFile)back.Rois[1].Shape!).Path).Pixels.Count(value => value == 255));

        // Onto itself: every image would be replaced while it is read, and the list would be left empty.
        var before = Films.Below(folder).ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name)));
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<MammoException>(() => new OriginalRoiListWriter(folder).Write(read.Dataset)).ErrorId);
        Assert.Equal(
            ErrorIds.DatasetInvalid, Assert.Throws<MammoException>(() => new OriginalRoiListWriter(folder) { Force = true }.Write(read.Dataset)).ErrorId);
        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllBytes(Path.Combine(folder, file.Key))));

        var options = new PatchSetOptions
        {
            Compatibility = PatchCompatibility.Numpy12345,
            Labelling = PatchLabelling.TypeAndPathology,
            PatchSize = 32,
            Abnormality = 3,
            Background = 4,
            HardNegative = 2
        };
        var record = Assert.Single(new PatchSetWriter(Path.Combine(root, "patches"), options).Write(read.Dataset));
        Assert.Equal([("background", 4), ("calc_mal", 3), ("mass_ben", 3)], record.Patches.Select(pair => (pair.Key, pair.Value)));
        Assert.True(File.Exists(Path.Combine(root, "patches", "background", "P1_LEFT_CC_1_0003.png")));
    }

    [Fact]
    public void Patient_lists_hold_one_id_a_line()
    {
        var path = Path.Combine(Shared.NewFolder(), "pat_lst.txt");
        PatientList.Write(["P_2", "P_1"], path);
        Assert.Equal("P_2\nP_1\n", File.ReadAllText(path));
        Assert.Equal(["P_2", "P_1"], PatientList.Read(path));
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => PatientList.Read(path + "x")).ErrorId);
    }

    private static void Touch(string root, params string[] names)
    {
        foreach (var path in names.Select(name => Path.Combine(root, name)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
        }
    }
}
