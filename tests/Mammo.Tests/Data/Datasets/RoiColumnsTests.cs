using System.Collections.Immutable;
using CsCheck;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Datasets;

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
        var import = DatasetCsv.Read(csv, ["neg", "pos"], new Dictionary<string, string> { ["roi_x"] = "x" });
        Assert.Equal(["a.png", "b.png", "c.png", "d.png"], import.Dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal([ErrorIds.RoiEmpty, ErrorIds.RowsContradict], import.Findings.Select(finding => finding.Id));
        Assert.EndsWith("its label is pos and neg.", import.Findings[1].Message, StringComparison.Ordinal);
        var rois = import.Dataset.Images.Select(image => image.Rois).ToArray();
        Assert.Equal([new RoiMaskFile(Path.Combine(root, "masks", "a1.png")), new RoiCircle(10.5, 20, 3)], rois[0].Select(roi => roi.Shape!));
        Assert.Equal([(1, "mass", true), (2, "calc", false)], rois[0].Select(roi => (roi.Number, roi.Type!, roi.IsMalignant!.Value)));
        Assert.Equal(new RoiBox(new PixelBox(10, 20, 5, 6)), Assert.Single(rois[1]).Shape);
        Assert.Empty(rois[2]);
        Assert.Null(Assert.Single(rois[3]).Shape);
        Assert.Equal("S1", import.Dataset.Images[0].Extra["scanner"]);
        Assert.DoesNotContain("pathology", import.Dataset.Images[0].Extra.Keys);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var root = Shared.NewFolder();
        var csv = Path.Combine(root, "lists", "set.csv");
        var text = Gen.String[Gen.Char["aZ09 ,;\t\"'\n\r#äµ乳=-+"], 1, 10].Where(value => value.Trim().Length > 0).Select(value => value.Trim());
        var known = Gen.OneOf(text.Select(value => (string?)value), Gen.Const((string?)null));
        var path = Gen.Select(Gen.OneOf(Gen.Const("a/"), Gen.Const("lists/b/"), Gen.Const("")), text, (folder, name) => Path.Combine(root, folder + name));
        var shape = Gen.OneOf<RoiShape?>(
            Gen.Const((RoiShape?)null),
            Gen.Select(
                path,
                Gen.OneOf(path.Select(value => (string?)value), Gen.Const((string?)null)),
                (mask, other) => (RoiShape?)new RoiMaskFile(mask) { Alternative = other }),
            Gen.Select(Gen.Double[-1e4, 1e5], Gen.Double[-1e4, 1e5], Gen.Double[0, 1e4], (x, y, radius) => (RoiShape?)new RoiCircle(x, y, radius)),
            Gen.Select(
                Gen.Int[-50, 5000],
                Gen.Int[-50, 5000],
                Gen.Int[1, 900],
                Gen.Int[1, 900],
                (x, y, width, height) => (RoiShape?)new RoiBox(new PixelBox(x, y, width, height))));
        var roi = Gen.Select(
            shape,
            Gen.Int[-2, 99],
            known,
            Gen.OneOf(known, Gen.Const((string?)"MALIGNANT"), Gen.Const((string?)"BENIGN")),
            (place, number, type, pathology) => new Roi(place)
            {
                Number = number,
                Type = type,
                Pathology = pathology,
            });
        var extra = Gen.Dictionary(Gen.String[Gen.Char['a', 'f'], 1, 2], text)[0, 3];
        var image = Gen.Select(
            path, Gen.Int[0, 2], known, Gen.Double[0, 9], extra, roi.Array[0, 4], (file, label, patient, weight, columns, rois) => new MammoImage(file)
            {
                Class = "abc"[label].ToString(),
                Label = label,
                Patient = patient,
                Laterality = patient,
                SampleWeight = weight,
                Extra = columns.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase),
                Rois = [.. rois],
            });
        image.Array[1, 6].Sample(images =>
        {
            var dataset = new MammoDataset("set", ["a", "b", "c"], [.. images.DistinctBy(one => one.Path)]);
            Assert.All(DatasetCsv.Write(dataset, csv), finding => Assert.Equal(ErrorIds.ListIncomplete, finding.Id));
            var read = DatasetCsv.Read(csv, dataset.Classes);
            Assert.Empty(read.Findings);
            Assert.Equal(dataset.Images.Select(Comparable), read.Dataset.Images.Select(Comparable));
            Assert.Equal(dataset.Images.SelectMany(one => one.Rois), read.Dataset.Images.SelectMany(one => one.Rois));
        }, iter: 150, threads: 1);
    }

    [Fact]
    public void Masks_below_the_list_move_with_it()
    {
        var root = Shared.NewFolder();
        var csv = Path.Combine(root, "set.csv");
        Roi[] rois = [
            new Roi(new RoiMaskFile(Path.Combine(root, "masks", "m.png")) { Alternative = Path.Combine(root, "masks", "n.png") }) { Pathology = "BENIGN" }];
        Assert.Empty(
            DatasetCsv.Write(
                new MammoDataset("set", ["pos"], [new MammoImage(Path.Combine(root, "a.png")) { Class = "pos", Label = 0, Rois = [.. rois] }]), csv));
        Assert.Equal("path,label,pathology,roi_mask,roi_mask_alternative,roi_number\na.png,pos,BENIGN,masks/m.png,masks/n.png,1\n", File.ReadAllText(csv));
    }

    [Fact]
    public void What_a_list_cannot_say_is_told()
    {
        var root = Shared.NewFolder();
        var csv = Path.Combine(root, "set.csv");
        var image = new MammoImage(
            Path.Combine(root, "a.png"))
        { Class = "normal", Label = 0, Extra = Extra(("label", "old"), ("pathology", "NORMAL"), ("ROI_X", "7")) };
        var abnormal = image with { Path = Path.Combine(root, "b.png"), Class = "benign", Label = 1, Rois = [new Roi(new RoiCircle(1, 2, 3)) { Number = 4 }] };
        var dataset = new MammoDataset("set", ["normal", "benign"], [image, abnormal, abnormal with { Rois = [] }]);
        var findings = DatasetCsv.Write(dataset, csv);
        Assert.Equal([ErrorIds.ImageTwice, .. Enumerable.Repeat(ErrorIds.ListIncomplete, 4)], findings.Select(finding => finding.Id));
        Assert.Contains("-Class normal, benign", findings[^1].Message, StringComparison.Ordinal);
        var read = DatasetCsv.Read(csv, dataset.Classes);
        Assert.Empty(read.Findings);
        Assert.Equal([0, 1], read.Dataset.Images.Select(one => one.Rois.Length));
        Assert.All(read.Dataset.Images, one => Assert.Equal(("old", "7"), (one.Extra["other_label"], one.Extra["other_roi_x"])));
        // The one image's NORMAL is read as its own again, the other's would be taken for its region's.
        Assert.Equal(["NORMAL", "NORMAL"], [read.Dataset.Images[0].Extra["pathology"], read.Dataset.Images[1].Extra["other_pathology"]]);
    }

    [Theory]
    [InlineData("NORMAL", "", "", false)]
    [InlineData("Normal", "", "1", false)]
    [InlineData("", "NORM", "", false)]
    [InlineData("BENIGN", "", "", false)]
    [InlineData("N/A", "", "", false)]
    [InlineData("", "", "", false)]
    [InlineData("BENIGN", "mass", "", true)]
    [InlineData("BENIGN", "", "2", true)]
    [InlineData("", "ARCH", "", true)]
    [InlineData("MALIGNANT", "", "", true)]
    public void A_film_without_a_place_has_an_abnormality_only_if_its_row_speaks_of_one(string pathology, string type, string number, bool isAbnormal)
    {
        var csv = Path.Combine(Shared.NewFolder(), "set.csv");
        File.WriteAllText(
            csv,
            $"path,label,pathology,roi_type,roi_number,roi_x,roi_y,roi_radius\na.png,neg,{pathology},{type},{number},,,\nb.png,pos,MALIGNANT,mass,1,5,5,2\n");
        var import = DatasetCsv.Read(csv, ["neg", "pos"]);
        Assert.Empty(import.Findings);
        var film = import.Dataset.Images[0];
        Assert.Equal(isAbnormal ? 1 : 0, film.Rois.Length);
        Assert.Single(import.Dataset.Images[1].Rois);
        if (!isAbnormal && pathology.Length > 0)
            Assert.Equal(pathology, film.Extra["pathology"]);
    }

    [Fact]
    public void A_column_may_tell_of_image_and_region_at_once_but_only_if_it_is_named_for_both()
    {
        var csv = Path.Combine(Shared.NewFolder(), "set.csv");
        File.WriteAllText(csv, "path,pathology,roi x,roi_y,roi_radius\na.png,MALIGNANT,5,5,2\n");
        Assert.Null(Region(new() { ["label"] = "pathology" }).Pathology);
        Assert.True(Region(new() { ["label"] = "pathology", ["pathology"] = "pathology" }).IsMalignant);
        foreach (var wrong in new Dictionary<string, string>[] { new() { ["label"] = "pathology", ["roi_z"] = "z" }, new() { ["label"] = "pathology", [
            "roi_mask"] = "z" } })
            Assert.Equal(ErrorIds.DatasetInvalid, Assert.Throws<MammoException>(() => Region(wrong)).ErrorId);

        Roi Region(Dictionary<string, string> columns) => Assert.Single(Assert.Single(DatasetCsv.Read(csv, null, columns).Dataset.Images).Rois);
    }

    private static string Comparable(MammoImage image) => string.Join(
        '|', image.Path, image.Class, image.Label, image.Patient, image.Laterality, image.SampleWeight, image.Rois.Length, string.Join('&', image.Extra));

    private static ImmutableSortedDictionary<string, string> Extra(params (string Name, string Value)[] columns) =>
        columns.ToImmutableSortedDictionary(column => column.Name, column => column.Value, StringComparer.OrdinalIgnoreCase);
}
