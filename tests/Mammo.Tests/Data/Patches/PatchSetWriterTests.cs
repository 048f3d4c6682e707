using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data;
using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Data.Preparations;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Patches;

public sealed class PatchSetWriterTests
{
    private static readonly PatchSetOptions Small = new() { PatchSize = 32, Abnormality = 3, Background = 4, HardNegative = 2, Seed = 7 };

    [Fact]
    public void The_set_is_the_same_whatever_the_number_of_workers()
    {
        var root = Shared.NewFolder();
        var dataset = Dataset(root, 6);
        foreach (var workers in new[] { 1, 4 })
            Assert.All(
                new PatchSetWriter(Path.Combine(root, $"set{workers}"), Small) { Workers = workers }.Write(dataset), record => Assert.Null(record.Error));
        string[] files = [.. Files(Path.Combine(root, "set1"))];
        Assert.Equal(files, Files(Path.Combine(root, "set4")));
        Assert.Equal((6 * (4 + 3)) + 1, files.Length);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(root, "set1", file)), File.ReadAllBytes(Path.Combine(root, "set4", file))));
    }

    [Fact]
    public void Patches_of_local_contrast_are_cut_of_what_a_network_is_given_of_the_film()
    {
        var root = Shared.NewFolder();
        var dataset = Dataset(root, 3);
        var size = new ImageSize(150, 120);
        foreach (var workers in new[] { 1, 2 })
        {
            var writer = new PatchSetWriter(Path.Combine(root, $"set{workers}"), Small with { LocalContrast = 5, Size = size }) { Workers = workers };
            Assert.All(writer.Write(dataset), record => Assert.Null(record.Error));
        }

        Assert.All(
            Files(Path.Combine(root, "set1")),
            file => Assert.Equal(File.ReadAllBytes(Path.Combine(root, "set1", file)), File.ReadAllBytes(Path.Combine(root, "set2", file))));

        var table = CsvTable.Read(Path.Combine(root, "set1", "patches.csv"), "path");
        foreach (var row in table.Rows)
        {
            var patch = ImageReader.Read(Path.Combine(root, "set1", row["path"]!));
            var plane = new Preparation { Size = size, LocalContrast = 5 }.Apply(ImageReader.Read(row["image"]!)).Plane;
            var (left, top) = (int.Parse(row["x"]!, CultureInfo.InvariantCulture) - 16, int.Parse(row["y"]!, CultureInfo.InvariantCulture) - 16);
            Assert.Equal((8, 5.0), (patch.BitDepth, patch.LocalContrast));
            Assert.Equal(Enumerable.Range(0, 32 * 32).Select(at => At(plane, left + (at % 32), top + (at / 32))), patch.Pixels.Select(value => (float)value));
        }

        static float At(Plane plane, int x, int y) => x >= 0 && x < plane.Width && y >= 0 && y < plane.Height ? plane.Values[(y * plane.Width) + x] : 0;
    }

    [Fact]
    public void The_set_is_a_dataset_of_class_folders_and_of_its_table()
    {
        var root = Shared.NewFolder();
        var folder = Path.Combine(root, "set");
        var records = new PatchSetWriter(folder, Small with { ClassNames = ImmutableDictionary<string, string>.Empty.Add("benign", "ben") })
            .Write(Dataset(root, 2)).ToArray();
        Assert.Equal(["P0_L_CC", "P1_L_CC"], records.Select(record => record.Name));
        Assert.All(records, record => Assert.Equal(7, record.Count));
        Assert.All(records, record => Assert.Empty(record.Warnings));
        var folders = ClassFolders.Read(folder);
        Assert.Equal(["background", "ben", "malignant"], folders.Classes);
        Assert.Equal([8, 3, 3], folders.ClassCounts);
        Assert.Equal(
            folders.Images.Select(image => image.Path).Order(),
            DatasetCsv.Read(Path.Combine(folder, "patches.csv")).Dataset.Images.Select(image => image.Path).Order());
        Assert.All(
            folders.Images,
            image =>
                Assert.Equal((32, 32, 16), (ImageReader.Read(image.Path).Height, ImageReader.Read(image.Path).Width, ImageReader.Read(image.Path).BitDepth)));
        Assert.Contains("P0_L_CC_1_0000.png", folders.Images.Select(image => Path.GetFileName(image.Path)));
    }

    [Fact]
    public void A_set_is_replaced_only_when_forced_and_foreign_files_stay()
    {
        var root = Shared.NewFolder();
        var folder = Path.Combine(root, "set");
        var dataset = Dataset(root, 2);
        Assert.Equal(2, new PatchSetWriter(folder, Small).Write(dataset).Count());
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<MammoException>(() => new PatchSetWriter(folder, Small).Write(dataset)).ErrorId);
        Assert.Equal(2, new PatchSetWriter(folder, Small with { Background = 2 }) { Force = true }.Write(dataset).Count());
        Assert.Equal(4, Directory.GetFiles(Path.Combine(folder, "background")).Length);

        var foreign = Path.Combine(folder, "background", "mine.png");
        File.WriteAllText(foreign, "mine");
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<MammoException>(() => new PatchSetWriter(folder, Small) { Force = true }.Write(dataset)).ErrorId);
        Assert.True(File.Exists(foreign));

        // No table: -Force is no cure, and is not told as one.
        var cure = Assert.Throws<MammoException>(() => new PatchSetWriter(folder, Small).Write(dataset)).SuggestedFix;
        Assert.DoesNotContain("-Force", cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_was_broken_off_is_no_dataset_and_can_be_replaced()
    {
        var root = Shared.NewFolder();
        var folder = Path.Combine(root, "set");
        var dataset = Dataset(root, 6);
        _ = new PatchSetWriter(folder, Small) { Workers = 1 }.Write(dataset).First();
        Assert.False(File.Exists(Path.Combine(folder, "patches.csv")));
        Assert.Equal(ErrorIds.FolderUnfinished, Assert.Throws<MammoException>(() => ClassFolders.Read(folder)).ErrorId);
        Assert.Equal(6, new PatchSetWriter(folder, Small) { Force = true }.Write(dataset).Count());
        Assert.Equal(24, Directory.GetFiles(Path.Combine(folder, "background")).Length);
        Assert.Equal(42, ClassFolders.Read(folder).Count);
        Assert.DoesNotContain(Directory.GetFiles(folder), file => Path.GetFileName(file).StartsWith('.'));
    }

    [Fact]
    public void Two_runs_do_not_mix_their_patches()
    {
        var root = Shared.NewFolder();
        var folder = Path.Combine(root, "set");
        var dataset = Dataset(root, 3);
        using (var first = new PatchSetWriter(folder, Small).Write(dataset).GetEnumerator())
        {
            Assert.True(first.MoveNext());
            var error = Assert.Throws<MammoException>(() => new PatchSetWriter(folder, Small) { Force = true }.Write(dataset));
            Assert.Equal(ErrorIds.FolderInUse, error.ErrorId);
            Assert.Contains($"process {Environment.ProcessId} ", error.Message, StringComparison.Ordinal);
            while (first.MoveNext())
            {
            }
        }

        Assert.Equal(21, ClassFolders.Read(folder).Count);
    }

    [Fact]
    public void Patches_that_vanish_meanwhile_are_no_success()
    {
        var root = Shared.NewFolder();
        var folder = Path.Combine(root, "set");
        using var run = new PatchSetWriter(folder, Small) { Workers = 1 }.Write(Dataset(root, 3)).GetEnumerator();
        Assert.True(run.MoveNext());
        Directory.Delete(Path.Combine(folder, "background"), recursive: true);
        var error = Assert.Throws<MammoException>(() =>
        {
            while (run.MoveNext())
            {
            }
        });
        Assert.Equal(ErrorIds.FileNotFound, error.ErrorId);
    }

    [Fact]
    public void A_set_whose_process_was_killed_can_be_replaced()
    {
        var root = Shared.NewFolder();
        var folder = Path.Combine(root, "set");
        string left = Path.Combine(folder, "background", "left.png"), unfinished = Path.Combine(folder, "patches.unfinished.txt");
        using (var killed = new PatchTable(folder))
        {
            killed.MakeFolder("background");
            killed.Add(0, [new PatchRow("background/left.png", "background", PatchSource.Background, "x.png", "0", new PixelPoint(1, 2))]);
            PngWriter.Write(left, new GreyImage(32, 32, 8, new ushort[1024]));
        }

        File.AppendAllText(unfinished, "background/");
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<MammoException>(() => new PatchSetWriter(folder, Small).Write(Dataset(root, 1))).ErrorId);
        Assert.Single(new PatchSetWriter(folder, Small) { Force = true }.Write(Dataset(root, 1)));
        Assert.False(File.Exists(left));
        Assert.False(File.Exists(unfinished));
    }

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("link/2.png")]
    [InlineData("pos/linked.png")]
    [InlineData("notes.txt")]
    [InlineData("pos/notes.txt")]
    [InlineData("top.png")]
    [InlineData("pos/../top.png")]
    [InlineData("pos/a\0b.png")]
    public void A_table_removes_nothing_but_patches(string row)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        var root = Shared.NewFolder();
        var folder = Path.Combine(root, "set");
        string[] mine = [Path.Combine(root, "outside.png"),
            Path.Combine(root, "other", "2.png"), Path.Combine(folder, "notes.txt"), Path.Combine(folder, "pos", "notes.txt"), Path.Combine(folder, "top.png")];
        foreach (var file in mine)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "mine");
        }

        Directory.CreateSymbolicLink(Path.Combine(folder, "link"), Path.Combine(root, "other"));
        File.CreateSymbolicLink(Path.Combine(folder, "pos", "linked.png"), mine[0]);
        File.WriteAllText(Path.Combine(folder, "patches.csv"), $"path,label\n{row},background\n");
        File.WriteAllText(Path.Combine(folder, "patches.unfinished.txt"), row + "\n");
        Assert.Single(new PatchSetWriter(folder, Small) { Force = true }.Write(Dataset(root, 1)));
        Assert.All(mine, file => Assert.True(File.Exists(file), file));
        Assert.True(File.Exists(Path.Combine(folder, "pos", "linked.png")));
    }

    [Fact]
    public void Bad_images_and_regions_are_told_and_the_rest_goes_on()
    {
        var root = Shared.NewFolder();
        var good = Dataset(root, 1).Images[0];
        string Png(string name, GreyImage image)
        {
            PngWriter.Write(Path.Combine(root, name + ".png"), image);
            return Path.Combine(root, name + ".png");
        }

        var empty = Png("empty_mask", new GreyImage(200, 140, 8, new ushort[28000]));
        var other = Png("other_mask", new GreyImage(100, 140, 8, [.. Enumerable.Repeat((ushort)255, 14000)]));
        var black = Png("black", new GreyImage(200, 140, 8, new ushort[28000]));
        MammoImage With(RoiShape? shape) => good with { Rois = [new Roi(shape) { Pathology = "MALIGNANT" }], Patient = null };

        MammoImage[] images =
        [
            With(new RoiMaskFile(empty)), With(new RoiMaskFile(other)), With(new RoiMaskFile(Path.Combine(root, "none.png"))), With(new RoiCircle(136, 5, 3)),
            With(new RoiCircle(900, 900, 3)),
            new MammoImage(black), new MammoImage(Path.Combine(root, "none.png")), good,
        ];
        var dataset = new MammoDataset("bad", ["neg", "pos"], [.. images]);
        var records = new PatchSetWriter(Path.Combine(root, "set"), Small).Write(dataset).ToArray();
        Assert.Equal(8, records.Length);
        string[] reasons = ["no pixel in the image", "its image 200x140", "does not exist", "none inside the breast", "no pixel in the image"];
        Assert.All(records.Take(5).Paired(reasons), pair =>
        {
            Assert.Null(pair.First.Error);
            Assert.Equal(0, pair.First.Count);
            Assert.Contains(pair.Second, pair.First.Warnings[0].Message, StringComparison.Ordinal);
        });
        Assert.Equal(ErrorIds.BreastNotFound, records[5].Error!.ErrorId);
        Assert.Contains(black, records[5].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.FileNotFound, records[6].Error!.ErrorId);
        Assert.Equal(7, records[7].Count);
    }

    [Theory]
    [InlineData("foo", "lesion", "foo")]
    [InlineData("malignant", "../out", "../out")]
    [InlineData("malignant", "a\\b", "a\\b")]
    [InlineData("malignant", "..", "..")]
    [InlineData("malignant", " ", "' '")]
    public void Names_of_classes_are_of_classes_and_stay_in_the_folder(string patchClass, string name, string told)
    {
        var root = Shared.NewFolder();
        var options = Small with { ClassNames = ImmutableDictionary<string, string>.Empty.Add(patchClass, name) };
        var error = Assert.Throws<MammoException>(() => new PatchSetWriter(Path.Combine(root, "set"), options).Write(Dataset(root, 1)));
        Assert.Equal(ErrorIds.PatchOptionInvalid, error.ErrorId);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(root, "set")));
    }

    [Fact]
    public void A_type_from_a_table_does_not_lead_out_of_the_folder()
    {
        var root = Shared.NewFolder();
        var image = Dataset(root, 1).Images[0];
        var dataset = new MammoDataset("x", ["neg", "pos"], [image with { Rois = [image.Rois[0] with { Type = "../../out" }] }]);
        Assert.Equal(
            ErrorIds.PatchOptionInvalid,
            Assert.Throws<MammoException>(
                () => new PatchSetWriter(Path.Combine(root, "set"), Small with { Labelling = PatchLabelling.Type }).Write(dataset)).ErrorId);
    }

    [Fact]
    public void A_mask_that_the_original_stretches_is_told()
    {
        var root = Shared.NewFolder();
        var mask = Path.Combine(root, "mask.png");
        PngWriter.Write(
            mask,
            new GreyImage(
                100, 100, 8, [.. Enumerable.Range(0, 10000).Select(i => i / 100 is > 40 and < 60 && i % 100 is > 40 and < 60 ? (ushort)255 : (ushort)0)]));
        var dataset = new MammoDataset(
            "x", ["neg", "pos"], [Dataset(root, 1).Images[0] with { Rois = [new Roi(new RoiMaskFile(mask)) { Pathology = "MALIGNANT" }] }]);
        var record = Assert.Single(new PatchSetWriter(Path.Combine(root, "set"), Small with { Compatibility = PatchCompatibility.Numpy12345 }).Write(dataset));
        Assert.Contains(record.Warnings, warning => warning.Message.Contains("its mask is 100x100", StringComparison.Ordinal));
        Assert.Equal(3, record.Patches["malignant"]);
    }

    [Fact]
    public void A_mask_that_was_exchanged_with_its_crop_is_taken_by_its_size()
    {
        var root = Shared.NewFolder();
        var good = Dataset(root, 1).Images[0];
        string crop = Path.Combine(root, "crop.png"), mask = Path.Combine(root, "mask.png");
        PngWriter.Write(crop, new GreyImage(20, 20, 16, [.. Enumerable.Repeat((ushort)999, 400)]));
        PngWriter.Write(
            mask,
            new GreyImage(
                200, 140, 8, [.. Enumerable.Range(0, 28000).Select(i => i / 140 is > 90 and < 110 && i % 140 is > 50 and < 70 ? (ushort)255 : (ushort)0)]));
        var dataset = new MammoDataset(
            "x", ["neg", "pos"], [good with { Rois = [new Roi(new RoiMaskFile(crop) { Alternative = mask }) { Pathology = "MALIGNANT" }] }]);
        var record = Assert.Single(new PatchSetWriter(Path.Combine(root, "set"), Small).Write(dataset));
        Assert.Empty(record.Warnings);
        Assert.Equal(3, record.Patches["malignant"]);
    }

    [Theory]
    [InlineData(1, 3, 4, 2, 0.75)]
    [InlineData(32, -1, 4, 2, 0.75)]
    [InlineData(32, 3, 4, 5, 0.75)]
    [InlineData(32, 3, 10000, 5, 0.75)]
    [InlineData(32, 3, 4, 2, 0.0)]
    [InlineData(32, 3, 4, 2, double.NaN)]
    public void Options_out_of_range_are_errors(int patch, int abnormality, int background, int hardNegative, double cutoff)
    {
        var options = new PatchSetOptions
        { PatchSize = patch, Abnormality = abnormality, Background = background, HardNegative = hardNegative, PositiveCutoff = cutoff };
        var failure = Assert.Throws<MammoException>(() => new PatchSetWriter(Shared.NewFolder(), options).Write(new MammoDataset("x", ["a"], [])));
        Assert.Equal(ErrorIds.PatchOptionInvalid, failure.ErrorId);
    }

    [Fact]
    public void All_films_of_mini_MIAS_are_sampled()
    {
        var dataset = MiniMias.Read(Shared.File("data", "mini-mias")).Dataset;
        var folder = Path.Combine(Shared.NewFolder(), "set");
        var options = new PatchSetOptions { PatchSize = 64, Abnormality = 10, Background = 10, HardNegative = 5, Seed = 1 };
        var records = new PatchSetWriter(folder, options).Write(dataset).ToArray();
        Assert.Equal(322, records.Length);
        Assert.All(records, record => Assert.Null(record.Error));
        // 119 circles, of which all are sampled; 4 films with a lesion of unknown place give no background.
        Assert.Equal(1190, records.Sum(record => record.Count - record.Patches.GetValueOrDefault("background")));
        Assert.Equal(318, records.Count(record => record.Patches.GetValueOrDefault("background") > 0));
        Assert.Equal(ClassFolders.Read(folder).ClassCounts.Sum(), records.Sum(record => record.Count));
    }

    private static MammoDataset Dataset(string root, int count) => new("test", ["neg", "pos"], [.. Enumerable.Range(0, count).Select(i =>
    {
        var path = Path.Combine(root, $"image{i}.png");
        PngWriter.Write(path, DefaultSamplerTests.Breast((uint)i));
        return new MammoImage(path)
        {
            Patient = $"P{i}",
            Laterality = "L",
            View = "CC",
            Rois = [new Roi(new RoiCircle(60, 90, 15)) { Pathology = i % 2 == 0 ? "MALIGNANT" : "BENIGN", Type = "mass" }],
        };
    })]);

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
}
