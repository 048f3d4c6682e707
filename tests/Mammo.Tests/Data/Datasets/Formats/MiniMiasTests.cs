using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Datasets.Formats;

public sealed class MiniMiasTests
{
    /// <summary>Counts of the list itself: 207 films without, 63 with benign, 51 with malignant and one with both kinds of lesion; 119 circles in 123
    /// lesions.</summary>
    [Fact]
    public void All_films_are_read_from_the_table_and_what_it_has_wrong_is_found()
    {
        var import = MiniMias.Read(Shared.File("data", "mini-mias"));
        Assert.Empty(import.Findings);
        var images = import.Dataset.Images;
        Assert.Equal(322, images.Length);
        Assert.Equal(161, images.Select(image => image.Patient).Distinct().Count());
        Assert.Equal([322 - 52, 52], import.Dataset.ClassCounts);
        Assert.Equal(123, images.Sum(image => image.Rois.Length));
        Assert.Equal(119, images.SelectMany(image => image.Rois).Count(roi => roi.Shape is RoiCircle));
        Assert.Equal([207, 63, 52], MiniMias.Read(Shared.File("data", "mini-mias"), null, ImageLabelling.Pathology).Dataset.ClassCounts);
        Assert.Equal(new RoiCircle(267.5, 299.5, 98.5), images[0].Rois[0].Shape);

        // The list gives one circle beside the breast, mdb212's, and four lesions without a place.
        var findings = new DatasetCheck().Run([import.Dataset]).Findings;
        Assert.Equal(5, findings.Length);
        Assert.All(findings, finding => Assert.Equal(ErrorIds.RoiEmpty, finding.Id));
        var beside = Assert.Single(findings, finding => finding.Message.EndsWith("outside the breast.", StringComparison.Ordinal));
        Assert.Equal("mdb212", Path.GetFileNameWithoutExtension(beside.Subject));
    }

    [Fact]
    public void The_original_list_and_the_table_say_the_same_for_films_of_either_size()
    {
        var root = Shared.File("data", "mini-mias");
        var table = MiniMias.Read(root).Dataset.Images;
        var half = MiniMias.Read(Path.Combine(root, "MIAS-Info.txt"), Path.Combine(root, "png512"));
        Assert.Empty(half.Findings);
        Assert.Equal(table.Select(Describe), half.Dataset.Images.Select(Describe));

        var full = MiniMias.Read(Path.Combine(root, "MIAS-Info.txt"), Path.Combine(root, "png1024"));
        Assert.Equal(24, full.Dataset.Count);
        Assert.Equal(322 - 24, full.Findings.Length);
        Assert.Equal(new RoiCircle(535, 1024 - 425, 197), full.Dataset.Images[0].Rois[0].Shape);
    }

    /// <summary>The list as other programs save it: commas, semicolons with decimal commas, a number before each row, a header, quotes, names of
    /// files.</summary>
    [Theory]
    [InlineData("Info.txt", "REFNUM,BG,CLASS,SEVERITY,X,Y,RADIUS\nmdb001,G,CIRC,B,240,600,80\nmdb003,D,NORM,,,,\n")]
    [InlineData("list.csv", "REFNUM,BG,CLASS,SEVERITY,X,Y,RADIUS\nmdb001,G,CIRC,B,240.0,600.0,80.0\nmdb003,D,NORM,,,,\n")]
    [InlineData("Info.txt", "mdb001;G;CIRC;B;240,0;600,0;80,0\nmdb003;D;NORM;;;;\n")]
    [InlineData("list.csv", ",REFNUM,BG,CLASS,SEVERITY,X,Y,RADIUS\n0,mdb001,G,CIRC,B,240,600,80\n1,mdb003,D,NORM,,,,\n")]
    [InlineData("list.csv", "\"REFNUM\",\"BG\"\n\"mdb001.pgm\",\"G\",\"CIRC\",\"B\",\"240\",\"600\",\"80\"\n\"mdb003.pgm\",\"D\",\"NORM\"\n")]
    [InlineData("Info.txt", "mdb001.pgm G CIRC B 240 600 80\nmdb003.pgm D NORM\n")]
    [InlineData("Info.txt", "mdb001\tG\tCIRC\tB\t240\t600\t80\nmdb003\tD\tNORM\n")]
    public void The_list_is_read_as_other_programs_save_it(string file, string content)
    {
        var root = Shared.NewFolder();
        foreach (var name in new[] { "mdb001", "mdb003" })
            PngWriter.Write(Path.Combine(root, name + ".png"), new GreyImage(512, 512, 8, new ushort[512 * 512]));
        File.WriteAllText(Path.Combine(root, file), content);
        var import = MiniMias.Read(Path.Combine(root, file), null, ImageLabelling.Abnormality);
        Assert.Empty(import.Findings);
        Assert.Equal([1, 0], import.Dataset.Images.Select(image => image.Label));
        Assert.Equal(new RoiCircle(120, 212, 40), Assert.Single(import.Dataset.Images[0].Rois).Shape);
    }

    [Fact]
    public void Commas_of_numbers_between_blanks_are_no_separators()
    {
        var root = Shared.NewFolder();
        PngWriter.Write(Path.Combine(root, "mdb001.png"), new GreyImage(512, 512, 8, new ushort[512 * 512]));
        File.WriteAllText(Path.Combine(root, "Info.txt"), "mdb001 G CIRC B 240,5 600,0 80,0\n");
        var import = MiniMias.Read(root);
        Assert.Null(Assert.Single(import.Dataset.Images[0].Rois).Shape);
        Assert.Equal(ErrorIds.RoiEmpty, Assert.Single(import.Findings).Id);
    }

    [Fact]
    public void What_does_not_fit_is_a_finding_and_the_rest_goes_on()
    {
        var root = Shared.NewFolder();
        foreach (var name in new[] { "mdb001", "mdb002", "mdb003", "mdb005" })
            PngWriter.Write(Path.Combine(root, name + ".png"), new GreyImage(512, 512, 8, new ushort[512 * 512]));
        PngWriter.Write(Path.Combine(root, "mdb006.png"), new GreyImage(512, 300, 8, new ushort[512 * 300]));
        File.WriteAllText(Path.Combine(root, "Info.txt"), """
            INFORMATION: mdb000
            mdb001 G CIRC B 535 425 197
            mdb001 G NORM
            mdb002 G CIRC B 2000 280 69
            mdb003 D NORM 
            mdb004 D NORM 
            mdb005 D CALC M *NOTE 3*
            mdb006 D MISC M 100 100 10
            """);
        var import = MiniMias.Read(root);
        Assert.Equal(["mdb002", "mdb003", "mdb005", "mdb006"], import.Dataset.Images.Select(image => Path.GetFileNameWithoutExtension(image.Path)));
        Assert.Equal([ErrorIds.RowsContradict, ErrorIds.RoiEmpty, ErrorIds.FileNotFound, ErrorIds.RoiEmpty], import.Findings.Select(finding => finding.Id));
        Assert.All(import.Dataset.Images.SelectMany(image => image.Rois), roi => Assert.Null(roi.Shape));
        Assert.Equal(["neg", "neg", "pos", "pos"], import.Dataset.Images.Select(image => image.Class));
    }

    [Fact]
    public void Lines_are_read_as_pandas_and_people_write_them_and_what_is_lost_is_told()
    {
        var root = Shared.NewFolder();
        foreach (var name in Enumerable.Range(1, 7).Select(i => $"mdb00{i}"))
            PngWriter.Write(Path.Combine(root, name + ".png"), new GreyImage(64, 64, 8, new ushort[64 * 64]));
        // The same film in a second format, as converting in place leaves it.
        File.WriteAllText(Path.Combine(root, "mdb001.pgm"), "P2 1 1 255 0");
        File.WriteAllText(Path.Combine(root, "Info.txt"), """
            REFNUM BG CLASS SEVERITY X Y RADIUS
            mdb001 G CIRC B 240.0 600.0 80.0
            mdb002 g circ m 300 400 60
            mdb003 D NORM nan nan nan
            mdb004 G CIRC B 240 600
            mdb005 G CYST B 240 600 80
            mdb006 F CIRC B 200 500 40
            mdb006 F LUMP M 260 380 30
            mdb007 F SPIC M 260 380 30px
            """);
        var import = MiniMias.Read(root);
        Assert.Equal(
            ["mdb001.png", "mdb002.png", "mdb003.png", "mdb004.png", "mdb007.png"], import.Dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal(new RoiCircle(15, 26.5, 5), import.Dataset.Images[0].Rois[0].Shape);
        Assert.Equal(("CIRC", "MALIGNANT"), (import.Dataset.Images[1].Rois[0].Type, import.Dataset.Images[1].Rois[0].Pathology));
        Assert.Equal(["neg", "pos", "neg", "neg", "pos"], import.Dataset.Images.Select(image => image.Class));
        Assert.Equal(
            [ErrorIds.ListIncomplete, ErrorIds.RoiEmpty, ErrorIds.DatasetInvalid, ErrorIds.DatasetInvalid, ErrorIds.RoiEmpty],
            import.Findings.Select(finding => finding.Id));
        Assert.Contains("line 8", import.Findings[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_list_or_a_list_without_films_is_an_error()
    {
        var root = Shared.NewFolder();
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => MiniMias.Read(root)).ErrorId);
        File.WriteAllText(Path.Combine(root, "Info.txt"), "nothing\n");
        Assert.Equal(ErrorIds.DatasetInvalid, Assert.Throws<MammoException>(() => MiniMias.Read(root)).ErrorId);
    }

    private static string Describe(MammoImage image) =>
        $"{Path.GetFileName(image.Path)} {image.Patient} {image.Laterality} {image.Class} {image.Extra["tissue"]} {string.Join("; ", image.Rois)}";
}
