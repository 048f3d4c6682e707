using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Mammo.Data.Datasets;
using Mammo.PowerShell.Common;

namespace Mammo.Tests.Data.Datasets;

public sealed class DatasetCsvTests
{
    [Fact]
    public void All_columns_are_understood_in_any_case_and_order()
    {
        var dataset = Read(
            "View,PATH,density,Label,Patient,laterality,Sample_Weight\nCC,a/1.png,3,pos,P_1,L,0.25\nMLO,/abs/2.png,,neg,P_2,R,\n", out var folder);
        Assert.Equal(["neg", "pos"], dataset.Classes);
        Assert.Equal("list", dataset.Name);
        var (first, second) = (dataset.Images[0], dataset.Images[1]);
        Assert.Equal(Path.Combine(folder, "a", "1.png"), first.Path);
        Assert.Equal(Path.GetFullPath("/abs/2.png"), second.Path);
        Assert.Equal(("pos", 1, "P_1", "L", "CC", 0.25), (first.Class, first.Label, first.Patient, first.Laterality, first.View, first.SampleWeight));
        Assert.Equal(("neg", 0, "P_2", "R", "MLO", 1.0), (second.Class, second.Label, second.Patient, second.Laterality, second.View, second.SampleWeight));
        Assert.Equal("3", first.Extra["Density"]);
        Assert.Empty(second.Extra);
    }

    [Theory]
    [InlineData("path,label\r\na.png,x\r\n\r\nb.png,y\r\n\r\n")]
    [InlineData("path;label\na.png;x\nb.png;y")]
    [InlineData("path\tlabel\na.png\tx\nb.png\ty\n")]
    [InlineData("\uFEFFpath,label\na.png,x\nb.png,y\n")]
    [InlineData("\"path\",\"label\"\n\"a.png\",\"x\"\n\"b.png\",\"y\"\n")]
    [InlineData(" path , label \na.png, x\nb.png , y\n")]
    public void Separators_marks_quotes_and_blanks(string content)
    {
        var dataset = Read(content, out _);
        Assert.Equal(["x", "y"], dataset.Classes);
        Assert.Equal(["a.png", "b.png"], dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal(["x", "y"], dataset.Images.Select(image => image.Class));
    }

    [Fact]
    public void Quoted_fields_may_hold_separators_quotes_and_line_feeds()
    {
        var dataset = Read("path,label,note\n\"a,b.png\",x,\"he said \"\"no\"\",\nthen yes\"\nc.png,y,#1\n#d.png,y,\n", out _);
        Assert.Equal(["a,b.png", "c.png", "#d.png"], dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal("he said \"no\",\nthen yes", dataset.Images[0].Extra["note"]);
    }

    [Fact]
    public void Utf16_with_a_mark_is_read_and_other_encodings_are_refused()
    {
        var path = Path.Combine(Shared.NewFolder(), "list.csv");
        File.WriteAllText(path, "path,label\nä.png,x\n", Encoding.Unicode);
        Assert.EndsWith("ä.png", DatasetCsv.Read(path).Dataset.Images[0].Path, StringComparison.Ordinal);
        File.WriteAllText(path, "path,label\nä.png,x\n", Encoding.Latin1);
        AssertInvalid("UTF-8", () => DatasetCsv.Read(path));
    }

    [Fact]
    public void Labels_are_names_first_and_indices_second()
    {
        const string content = "path,label\na.png,1\nb.png,neg\nc.png,0\nd.png,\n";
        Assert.Equal([1, 0, 0, null], Labels(Read(content, out _, ["neg", "pos"])));
        Assert.Equal([0, 2, 1, null], Labels(Read(content, out _, ["1", "0", "neg"])));
    }

    [Fact]
    public void Whole_numbers_without_a_list_are_indices()
    {
        var dataset = Read("path,label\na.png,1\nb.png,1\n", out _);
        Assert.Equal(["0", "1"], dataset.Classes);
        Assert.Equal([0, 2], dataset.ClassCounts);
        AssertInvalid("12345", () => Read("path,label\na.png,12345\n", out _));
    }

    [Fact]
    public void Columns_may_have_other_names()
    {
        var columns = new Dictionary<string, string> { ["Path"] = "File", ["label"] = "cancer", ["patient"] = "id" };
        var dataset = Read("id,file,CANCER,label\n7,a.png,1,whatever\n", out _, ["no", "yes"], columns);
        Assert.Equal(("yes", "7", "whatever"), (dataset.Images[0].Class, dataset.Images[0].Patient, dataset.Images[0].Extra["label"]));
        AssertInvalid("'id'", () => Read("file,cancer\na.png,1\n", out _, null, columns));
        AssertInvalid("'colour'", () => Read("path,label\na.png,1\n", out _, null, new Dictionary<string, string> { ["colour"] = "x" }));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a.png,pos\n", "'path'")]
    [InlineData("path,lable\na.png,pos\n", "path, lable")]
    [InlineData("path,label,Label\na.png,pos,neg\n", "twice")]
    [InlineData("path,label\na.png,pos\nb.png\n", "row 3 has 1 fields")]
    [InlineData("path,label\na.png,pos,more\n", "row 2 has 3 fields")]
    [InlineData("path,label\na.png,pos\n,pos\n", "row 3 has no usable path")]
    [InlineData("path,label\na\0.png,pos\n", "row 2 has no usable path")]
    [InlineData("path,label\n\"a.png,pos\n", "row 2")]
    [InlineData("path,label\na.png,pos\n\"b\"c.png,pos\n", "row 3")]
    [InlineData("path,label,sample_weight\na.png,pos,1\nb.png,pos,much\n", "row 3: the sample weight 'much'")]
    [InlineData("path,label,sample_weight\na.png,pos,\"0,5\"\n", "row 2: the sample weight '0,5'")]
    [InlineData("path;label;sample_weight\na.png;pos;1.000,5\n", "row 2: the sample weight '1.000,5'")]
    [InlineData("path,label,sample_weight\na.png,pos,-1\n", "'-1'")]
    [InlineData("path,label,sample_weight\na.png,pos,NaN\n", "'NaN'")]
    public void Errors_name_the_row(string content, string reason) => AssertInvalid(reason, () => Read(content, out _));

    [Theory]
    [InlineData(
        "#TYPE System.Management.Automation.PSCustomObject\r\n\"path\",\"label\",\"sample_weight\"\r\n\"a.png\",\"neg\",\"1\"\r\n\"b.png\",\"pos\","
            + "\"0.5\"\r\n")]
    [InlineData("sep=;\r\npath;label;sample_weight\r\na.png;neg;\r\nb.png;pos;0,5\r\n")]
    [InlineData("sep=,\npath,label,sample_weight\na.png,neg,1\nb.png,pos,0.5\n")]
    [InlineData("\"SEP=;\"\npath;label;sample_weight\na.png;neg;1\nb.png;pos;0.5\n")]
    [InlineData("path,label,sample_weight\na.png,neg,1,\nb.png,pos,0.5,,\n")]
    [InlineData("path,label,sample_weight,\na.png,neg,1,\nb.png,pos,0.5,\n")]
    [InlineData("path\tlabel\tsample_weight\na.png\t0.0\t\nb.png\t1.0\t0,5\n")]
    public void Lists_are_read_as_other_programs_write_them(string content)
    {
        var import = Import(content, out var folder, ["neg", "pos"]);
        Assert.Empty(import.Findings);
        Assert.Equal(
            [(Path.Combine(folder, "a.png"), 0, 1.0), (Path.Combine(folder, "b.png"), 1, 0.5)],
            import.Dataset.Images.Select(image => (image.Path, image.Label!.Value, image.SampleWeight)));
    }

    [Fact]
    public void Labels_that_became_decimals_are_indices()
    {
        var dataset = Read("path,label\na.png,0.0\nb.png,1.0\nc.png,\nd.png,nan\n", out _);
        Assert.Equal(["0", "1"], dataset.Classes);
        Assert.Equal([0, 1, null, null], Labels(dataset));
        AssertInvalid("'0.5'", () => Read("path,label\na.png,0.5\n", out _, ["neg", "pos"]));
        Assert.Equal([1], Labels(Read("path,label\na.png,NA\n", out _, ["neg", "NA"])));
    }

    [Theory]
    [InlineData("-1,+1,-1", "-1 +1", "0 1 0")]
    [InlineData("1,-1,1.0", "-1 1", "1 0 1")]
    [InlineData("2,-1,10,0.5", "-1 0.5 2 10", "2 0 3 1")]
    public void Numbers_that_are_no_indices_are_in_the_order_of_their_values(string labels, string classes, string expected)
    {
        var dataset = Read("path,label\n" + string.Concat(labels.Split(',').Select((label, i) => $"{i}.png,{label}\n")), out _);
        Assert.Equal(classes, string.Join(' ', dataset.Classes));
        Assert.Equal(expected, string.Join(' ', Labels(dataset)));
    }

    [Fact]
    public void A_number_is_no_index_where_classes_are_numbers()
    {
        Assert.Equal([0, 1, 0], Labels(Read("path,label\na.png,1\nb.png,2.0\nc.png,1\n", out _, ["1", "2"])));
        AssertInvalid("row 2: the label '0'", () => Read("path,label\na.png,0\n", out _, ["1", "2"]));
    }

    [Theory]
    [InlineData("None")]
    [InlineData("unknown")]
    [InlineData("?")]
    [InlineData("nan")]
    public void Words_for_nothing_known_are_no_class_unless_they_are_named(string word)
    {
        var content = $"path,label\na.png,{word}\nb.png,neg\nc.png,pos\n";
        var import = Import(content, out _);
        Assert.Equal(["neg", "pos"], import.Dataset.Classes);
        Assert.Equal([null, 0, 1], Labels(import.Dataset));
        var finding = Assert.Single(import.Findings);
        Assert.Equal(ErrorIds.LabelMissing, finding.Id);
        Assert.Contains($"'{word}'", finding.Message, StringComparison.Ordinal);
        Assert.Contains("-Class", finding.SuggestedFix, StringComparison.Ordinal);
        Assert.Equal([0, 1, 2], Labels(Read(content, out _, [word, "neg", "pos"])));
    }

    [Fact]
    public void A_header_alone_is_told() => Assert.Equal(ErrorIds.ClassEmpty, Assert.Single(Import("path,label\n", out _).Findings).Id);

    [Fact]
    public void Addresses_of_files_are_paths()
    {
        var path = Path.Combine(Shared.NewFolder(), "a film.png");
        var image = Assert.Single(Read($"path,label\n{new Uri(path)},pos\n", out _).Images);
        Assert.Equal(path, image.Path);
    }

    [Fact]
    public void Rows_mean_what_they_mean_in_a_file()
    {
        MammoImage[] rows =
        [
            new("/a.png") { Class = "neg", Patient = "nan" }, new("/b.png") { Class = "None", Patient = "removed" }, new("/c.png") { Class = "neg" },
            new("/c.png") { Class = "pos" }, new("/d.png") { Class = "pos", Patient = "7", View = "NA" },
            new("/d.png") { Class = "pos", Patient = "7", View = "NA" },
            new("/e.png") { Class = "POS", Patient = "007" },
        ];
        var import = DatasetRows.Of("rows", rows);
        Assert.Equal(["neg", "pos"], import.Dataset.Classes);
        Assert.Equal(["/a.png", "/b.png", "/d.png", "/d.png", "/e.png"], import.Dataset.Images.Select(image => image.Path));
        Assert.Equal([0, null, 1, 1, 1], Labels(import.Dataset));
        Assert.Equal([null, null, "7", "7", "007"], import.Dataset.Images.Select(image => image.Patient));
        Assert.All(import.Dataset.Images, image => Assert.Null(image.View));
        Assert.Equal(
            [ErrorIds.LabelMissing, ErrorIds.RowsContradict, ErrorIds.ImageTwice, ErrorIds.PatientMissing, ErrorIds.PatientSpellings],
            import.Findings.Select(finding => finding.Id));
    }

    [Fact]
    public void Short_rows_are_read_and_told()
    {
        var import = Import("path,label,patient,age\na.png,neg,P1,54\nb.png,pos,P2\nc.png,pos\n", out _);
        Assert.Equal(["P1", "P2", null], import.Dataset.Images.Select(image => image.Patient));
        Assert.Contains("2 rows (3, 4)", Assert.Single(import.Findings, finding => finding.Id == ErrorIds.ListIncomplete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backslashes_separate_folders_on_every_system()
    {
        var content = "path,label,roi_mask\nsub\\c.png,pos,masks\\c.png\n";
        var image = Assert.Single(Read(content, out var folder).Images);
        Assert.Equal(Path.Combine(folder, "sub", "c.png"), image.Path);
        Assert.Equal(Path.Combine(folder, "masks", "c.png"), Assert.IsType<Mammo.Data.Rois.RoiMaskFile>(Assert.Single(image.Rois).Shape).Path);
    }

    [Fact]
    public void One_image_with_two_labels_is_left_out_and_twice_the_same_is_told()
    {
        var import = Import("path,label,patient\na.png,neg,P1\nc.png,neg,P3\na.png,pos,P1\nb.png,pos,P2\nc.png,neg,P3\n", out _);
        Assert.Equal(["c.png", "b.png", "c.png"], import.Dataset.Images.Select(image => Path.GetFileName(image.Path)));
        Assert.Equal([ErrorIds.RowsContradict, ErrorIds.ImageTwice], import.Findings.Select(finding => finding.Id));
        Assert.Contains("label is neg and pos", import.Findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("2, 4", import.Findings[0].SuggestedFix, StringComparison.Ordinal);
    }

    [Fact]
    public void Patients_are_what_is_meant()
    {
        var import = Import("path,label,patient\na.png,x,120\nb.png,x,120.0\nc.png,x,00120\nd.png,x,nan\ne.png,x,removed\nf.png,x,121\n", out _);
        Assert.Equal(["120", "120.0", "00120", null, null, "121"], import.Dataset.Images.Select(image => image.Patient));
        Assert.Equal(3, import.Dataset.Images.Select(image => image.Patient).Distinct(PatientIds.Comparer).Count());
        Assert.Equal([ErrorIds.PatientMissing, ErrorIds.PatientSpellings], import.Findings.Select(finding => finding.Id));
        Assert.Contains("00120, 120, 120.0", import.Findings[1].Message, StringComparison.Ordinal);
        var constant = Import("path,label,patient\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"{i}.png,x,HOSPITAL\n")), out _);
        Assert.Contains("'HOSPITAL'", Assert.Single(constant.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Letter_case_makes_no_other_class()
    {
        const string content = "path,label\na.png,pos\nb.png,POS\nc.png,Neg\nd.png,pos\n";
        var dataset = Read(content, out _);
        Assert.Equal(["Neg", "pos"], dataset.Classes);
        Assert.Equal([1, 1, 0, 1], Labels(dataset));
        Assert.Equal([1, 1, 0, 1], Labels(Read(content, out _, ["neg", "pos"])));
        AssertInvalid("'pos' is named twice", () => Read(content, out _, ["neg", "pos", "POS"]));
    }

    [Fact]
    public void Unknown_labels_are_errors()
    {
        AssertInvalid("row 3: the label 'maybe'", () => Read("path,label\na.png,pos\nb.png,maybe\n", out _, ["neg", "pos"]));
        AssertInvalid("row 2: the label '2'", () => Read("path,label\na.png,2\n", out _, ["neg", "pos"]));
        AssertInvalid("row 2: the label '-1'", () => Read("path,label\na.png,-1\n", out _, ["neg", "pos"]));
    }

    [Fact]
    public void An_endless_field_is_refused() => AssertInvalid("row 2", () => Read("path,label\n\"" + new string('x', 5_000_000), out _));

    [Fact]
    public void A_missing_file_is_not_found() =>
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => DatasetCsv.Read("/no/such.csv")).ErrorId);

    [Fact]
    public void Numbers_have_a_decimal_point_in_every_culture() => Culture.German(() =>
    {
        var dataset = Read("path,label,sample_weight\na.png,pos,0.5\n", out var folder);
        Assert.Equal(0.5, dataset.Images[0].SampleWeight);
        var path = Path.Combine(folder, "again.csv");
        DatasetCsv.Write(dataset, path);
        Assert.Equal("path,label,sample_weight\na.png,pos,0.5\n", File.ReadAllText(path));
    });

    [Fact]
    public void Writing_keeps_paths_short_and_replaces_the_file_whole()
    {
        var folder = Shared.NewFolder();
        var path = Path.Combine(folder, "sub", "list.csv");
        var inside = Path.Combine(folder, "sub", "x", "..y.png");
        var outside = Path.Combine(folder, "out.png");
        var dataset = new MammoDataset("list", ["a"], [new MammoImage(inside) { Class = "a", Label = 0 }, new MammoImage(outside)]);
        DatasetCsv.Write(dataset, path);
        DatasetCsv.Write(dataset, path);
        Assert.Equal($"path,label\nx/..y.png,a\n{outside},\n", File.ReadAllText(path));
        Assert.Equal(["list.csv"], Directory.GetFiles(Path.Combine(folder, "sub")).Select(Path.GetFileName));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var text = Gen.String[Gen.Char["aZ09 ,;\t\"'\n\r#äµ乳=-+"], 1, 12].Where(value => value.Trim().Length > 0).Select(value => value.Trim());
        var name = Gen.String[Gen.Char["af;,\t\"\n"], 1, 3].Where(value => value.Trim().Length == value.Length);
        var extra = Gen.Dictionary(name, text)[0, 3];
        var image = Gen.Select(
            text, text, Gen.Int[0, 2], Gen.Double[0, 1e6], extra, (file, patient, label, weight, columns) => new MammoImage(file.Replace('\0', '_'))
            {
                Class = "abc"[label].ToString(),
                Label = label,
                // Numbers written in two ways are one patient when they are read.
                Patient = "a" + patient,
                SampleWeight = weight,
                Extra = columns.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase),
            });
        var folder = Shared.NewFolder();
        image.Array[0, 8].Sample(images =>
        {
            // An image with two labels would be left out.
            ImmutableArray<MammoImage> rooted = [.. images.Select(one => one with { Path = Path.GetFullPath(one.Path, folder) }).DistinctBy(one => one.Path)];
            var path = Path.Combine(folder, "list.csv");
            DatasetCsv.Write(new MammoDataset("list", ["a", "b", "c"], rooted), path);
            var read = DatasetCsv.Read(path, ["a", "b", "c"]).Dataset.Images;
            Assert.Equal(rooted.Select(Comparable), read.Select(Comparable));
        }, iter: 60, threads: 1);
    }

    private static string Comparable(MammoImage image) =>
        string.Join('|', image.Path, image.Class, image.Label, image.Patient, image.View, image.SampleWeight, string.Join('&', image.Extra));

    private static int?[] Labels(MammoDataset dataset) => [.. dataset.Images.Select(image => image.Label)];

    private static void AssertInvalid(string reason, Func<object> act)
    {
        var error = Assert.Throws<MammoException>(act);
        Assert.Equal(ErrorIds.DatasetInvalid, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static MammoDataset Read(string content, out string folder, string[]? classes = null, Dictionary<string, string>? columns = null) =>
        Import(content, out folder, classes, columns).Dataset;

    private static DatasetImport Import(string content, out string folder, string[]? classes = null, Dictionary<string, string>? columns = null)
    {
        folder = Shared.NewFolder();
        var path = Path.Combine(folder, "list.csv");
        File.WriteAllText(path, content);
        return DatasetCsv.Read(path, classes, columns);
    }
}
