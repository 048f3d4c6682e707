using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Patches;

namespace Mammo.Tests.Patches;

public sealed class RoiMaskCsvTests
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
        var import = RoiMaskCsv.Read(csv, "/full", "/masks");
        Assert.Equal(ErrorIds.PatientMissing, Assert.Single(import.Findings).Id);
        Assert.Equal(["P_1_LEFT_CC.png", "P_1_LEFT_MLO.png", "P_2_RIGHT_MLO.png"], import.Dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal(["pos", "neg", "neg"], import.Dataset.Images.Select(image => image.Class));
        Assert.Equal(
            ["Calc-Training_P_1_LEFT_CC_1.png", "Mass-Training_P_1_LEFT_CC_2.png"],
            import.Dataset.Images[0].Rois.Select(roi => Path.GetFileName(Assert.IsType<RoiMask>(roi.Shape).Path)));

        var main = RoiMaskCsv.Read(csv, "/full", "/masks", "Mass", ["P_2", "P_9"]);
        Assert.Equal("Mass-Training_P_2_RIGHT_MLO.png", Path.GetFileName(Assert.Single(main.Dataset.Images).Path));
        Assert.Contains(main.Findings, finding => finding.Patient == "P_9");
    }

    [Fact]
    public void A_dataset_with_regions_becomes_the_originals_input_and_back()
    {
        var root = Shared.NewFolder();
        var path = Path.Combine(root, "film.png");
        PngWriter.Write(path, DefaultSamplerTests.Breast(3));
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
        var findings = RoiMaskCsv.Write(new MammoDataset("x", ["neg", "pos"], [image, image with { Patient = null }, image with { View = "MLO", Rois = [new Roi(null as RoiShape) { Pathology = "BENIGN" }] }]), folder);
        Assert.Equal([ErrorIds.PatientMissing, ErrorIds.RoiEmpty], findings.Select(finding => finding.Id));
        Assert.Equal(["P1"], PatientList.Read(Path.Combine(folder, "pat_lst.txt")));

        var read = RoiMaskCsv.Read(Path.Combine(folder, "roi_mask_path.csv"), Path.Combine(folder, "full_img"), Path.Combine(folder, "roi_mask"));
        Assert.Empty(read.Findings);
        var back = Assert.Single(read.Dataset.Images);
        Assert.Equal(image.Rois.Select(roi => (roi.Number, roi.Pathology)), back.Rois.Select(roi => (roi.Number, roi.Pathology)));
        Assert.Equal(20 * 10, ImageReader.Read(((RoiMask)back.Rois[1].Shape!).Path).Pixels.Count(value => value == 255));

        var options = new PatchSetOptions { Compatibility = PatchCompatibility.Numpy12345, Labelling = PatchLabelling.TypeAndPathology, PatchSize = 32, Abnormality = 3, Background = 4, HardNegative = 2 };
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
}
