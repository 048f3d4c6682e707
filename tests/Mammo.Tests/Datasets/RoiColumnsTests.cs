using Mammo.Data.Datasets;
using Mammo.Data.Images;

namespace Mammo.Tests.Datasets;

public sealed class RoiColumnsTests
{
    [Fact]
    public void Masks_circles_and_boxes_are_read_from_a_general_table()
    {
        var root = Shared.NewFolder();
        var csv = Path.Combine(root, "set.csv");
        File.WriteAllText(csv, """
            path,label,patient,roi_mask,x,roi_y,roi_radius,roi_width,roi_height,roi_type,pathology,scanner
            a.png,pos,P1,masks/a1.png,,,,,,mass,MALIGNANT,S1
            a.png,pos,P1,,10.5,20,3,,,calc,BENIGN,S1
            b.png,pos,P2,,10,20,,5,6,mass,MALIGNANT,S2
            c.png,neg,P3,,,,,,,,,S2
            d.png,pos,P4,,10,,,,,mass,MALIGNANT,S2
            e.png,pos,P5,,1,1,1,,,mass,MALIGNANT,S2
            e.png,neg,P5,,1,1,1,,,mass,BENIGN,S2
            """);
        var import = RoiColumns.Apply(DatasetCsv.Read(csv, ["neg", "pos"]), root, new Dictionary<string, string> { ["roi_x"] = "x" });
        Assert.Equal(["a.png", "b.png", "c.png", "d.png"], import.Dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal([ErrorIds.RoiEmpty, ErrorIds.RowsContradict], import.Findings.Select(finding => finding.Id));
        var rois = import.Dataset.Images.Select(image => image.Rois).ToArray();
        Assert.Equal([new RoiMask(Path.Combine(root, "masks", "a1.png")), new RoiCircle(10.5, 20, 3)], rois[0].Select(roi => roi.Shape!));
        Assert.Equal([(1, "mass", true), (2, "calc", false)], rois[0].Select(roi => (roi.Number, roi.Type!, roi.IsMalignant!.Value)));
        Assert.Equal(new RoiBox(new PixelBox(10, 20, 5, 6)), Assert.Single(rois[1]).Shape);
        Assert.Empty(rois[2]);
        Assert.Null(Assert.Single(rois[3]).Shape);
        Assert.Equal("S1", import.Dataset.Images[0].Extra["scanner"]);
        Assert.DoesNotContain("pathology", import.Dataset.Images[0].Extra.Keys);
    }

    [Fact]
    public void Regions_survive_a_table()
    {
        var root = Shared.NewFolder();
        var image = new MammoImage(Path.Combine(root, "a.png")) { Class = "pos", Label = 1, Patient = "P1" };
        Roi[] rois =
        [
            new Roi(new RoiMask(Path.Combine(root, "m.png"))) { Number = 1, Type = "mass", Pathology = "MALIGNANT" },
            new Roi(new RoiCircle(1.25, 1 / 3.0, 7)) { Number = 2, Type = "calc", Pathology = "BENIGN" },
            new Roi(new RoiBox(new PixelBox(1, 2, 3, 4))) { Number = 5 },
            new Roi(null as RoiShape) { Number = 6, Pathology = "BENIGN" },
        ];
        var dataset = new MammoDataset("set", ["neg", "pos"], [image with { Rois = [.. rois] }, image with { Path = Path.Combine(root, "b.png") }]);
        var csv = Path.Combine(root, "set.csv");
        DatasetCsv.Write(RoiColumns.ToColumns(dataset), csv);
        var read = RoiColumns.Apply(DatasetCsv.Read(csv, dataset.Classes), root);
        Assert.Empty(read.Findings);
        Assert.Equal(dataset.Images.Select(item => item.Path), read.Dataset.Images.Select(item => item.Path));
        Assert.Equal(rois, read.Dataset.Images[0].Rois);
        Assert.Empty(read.Dataset.Images[1].Rois);
    }

    [Fact]
    public void An_unknown_meaning_is_an_error() => Assert.Equal(
        ErrorIds.DatasetInvalid,
        Assert.Throws<MammoException>(() => RoiColumns.Apply(new MammoDataset("x", ["a"], []), ".", new Dictionary<string, string> { ["roi_z"] = "z" })).ErrorId);
}
