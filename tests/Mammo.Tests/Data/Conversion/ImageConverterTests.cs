using Mammo.Data.Conversion;
using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Tests.Data.Patches;

namespace Mammo.Tests.Data.Conversion;

public sealed class ImageConverterTests
{
    private static readonly ImageConversion Everything = new()
    {
        Size = new ImageSize(120, 90),
        AutoLevel = true,
        CropBreast = true,
        SuppressArtifact = true,
        FlipToLeft = true,
        BitDepth = 8,
    };

    [Fact]
    public void Folders_are_kept_and_the_result_is_the_same_for_any_number_of_workers()
    {
        var root = Shared.NewFolder();
        var source = Source(root, "a/one.png", "a/b/two.png", "three.png");
        foreach (var workers in new[] { 1, 3 })
        {
            var converter = new ImageConverter(Path.Combine(root, $"out{workers}"), Everything) { Workers = workers };
            var records = converter.Convert(converter.Plan([source])).ToArray();
            Assert.Equal(
                ["a/b/two.png", "a/one.png", "three.png"], records.Select(record => Path.GetRelativePath(converter.Folder, record.Target).Replace('\\', '/')));
            Assert.All(
                records,
                record => Assert.Equal((ConversionStatus.Converted, new ImageSize(120, 90), 8), (record.Status, record.Size!.Value, record.BitDepth!.Value)));
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(root, "out1", "three.png")), File.ReadAllBytes(Path.Combine(root, "out3", "three.png")));
        Assert.Equal((0, 255), ImageReader.Read(Path.Combine(root, "out1", "three.png")).Range());
    }

    [Fact]
    public void What_is_there_and_newer_is_skipped_unless_forced()
    {
        var root = Shared.NewFolder();
        var source = Source(root, "one.png", "two.png");
        var converter = new ImageConverter(Path.Combine(root, "out"), new ImageConversion());
        Assert.All(converter.Convert(converter.Plan([source])), record => Assert.Equal(ConversionStatus.Converted, record.Status));
        Assert.All(converter.Convert(converter.Plan([source])), record => Assert.Equal(ConversionStatus.UpToDate, record.Status));
        File.SetLastWriteTimeUtc(Path.Combine(source, "two.png"), File.GetLastWriteTimeUtc(Path.Combine(root, "out", "two.png")).AddHours(1));
        Assert.Equal([ConversionStatus.UpToDate, ConversionStatus.Converted], converter.Convert(converter.Plan([source])).Select(record => record.Status));
        var forced = converter with { Force = true };
        Assert.All(forced.Convert(forced.Plan([source])), record => Assert.Equal(ConversionStatus.Converted, record.Status));
    }

    [Fact]
    public void A_bad_file_is_told_and_the_rest_goes_on()
    {
        var root = Shared.NewFolder();
        var source = Source(root, "one.png", "two.png");
        File.WriteAllText(Path.Combine(source, "bad.png"), "no image");
        PngWriter.Write(Path.Combine(source, "black.png"), new GreyImage(20, 20, 8, new ushort[400]));
        var converter = new ImageConverter(Path.Combine(root, "out"), new ImageConversion { CropBreast = true });
        var records = converter.Convert(converter.Plan([source])).ToArray();
        Assert.Equal([ErrorIds.ImageUnreadable, ErrorIds.BreastNotFound, null, null], records.Select(record => record.Error?.ErrorId));
        Assert.False(File.Exists(Path.Combine(root, "out", "bad.png")));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a")]
    [InlineData("/dev/zero")]
    public void A_row_that_names_no_file_is_a_record_and_nothing_else_is_converted(string row)
    {
        var root = Shared.NewFolder();
        var source = Source(root, "a/one.png", "two.png");
        var converter = new ImageConverter(Path.Combine(root, "out"), Everything) { AreFiles = true };
        var records = converter.Convert(converter.Plan([Path.Combine(source, "two.png"), Path.GetFullPath(row, Path.Combine(source, "a"))])).ToArray();
        Assert.Equal([ConversionStatus.Converted, ConversionStatus.Failed], records.Select(record => record.Status));
        Assert.Contains(records[1].Error!.ErrorId, new[] { ErrorIds.ImageUnreadable, ErrorIds.FileNotFound });
        Assert.Equal(["two.png"], Directory.GetFiles(converter.Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public void A_part_is_marked_and_no_dataset_until_the_rest_is_there()
    {
        var root = Shared.NewFolder();
        var source = Source(root, "set/neg/one.png", "set/pos/two.png", "set/pos/three.png");
        var converter = new ImageConverter(Path.Combine(root, "out"), Everything) { Workers = 1 };
        using (var run = converter.Convert(converter.Plan([source])).GetEnumerator())
        {
            Assert.True(run.MoveNext());
            Assert.Equal(ErrorIds.FolderInUse, Assert.Throws<MammoException>(() => converter.Convert(converter.Plan([source])).Last()).ErrorId);
        }

        Assert.Equal(ErrorIds.FolderUnfinished, Assert.Throws<MammoException>(() => ClassFolders.Read(Path.Combine(root, "out", "set"))).ErrorId);
        Assert.Equal(3, converter.Convert(converter.Plan([source])).Count());
        Assert.Equal(3, ClassFolders.Read(Path.Combine(root, "out", "set")).Count);
        Assert.Equal(["set"], Directory.GetFileSystemEntries(converter.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Two_sources_of_one_target_and_a_source_that_is_its_target_are_errors()
    {
        var root = Shared.NewFolder();
        var source = Source(root, "a/one.png", "b/one.png");
        var converter = new ImageConverter(Path.Combine(root, "out"), new ImageConversion());
        string[] files = [Path.Combine(source, "a", "one.png"), Path.Combine(source, "b", "one.png")];
        Assert.Equal(ErrorIds.ConversionTargetTaken, Assert.Throws<MammoException>(() => converter.Plan(files)).ErrorId);
        Assert.Equal(
            ErrorIds.ConversionTargetTaken,
            Assert.Throws<MammoException>(() => (converter with { Folder = Path.Combine(source, "a") }).Plan([files[0]])).ErrorId);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => converter.Plan([Path.Combine(root, "none")])).ErrorId);
    }

    [Fact]
    public void Results_below_the_sources_are_not_converted_again()
    {
        var root = Shared.NewFolder();
        var source = Source(root, "one.png");
        var converter = new ImageConverter(Path.Combine(source, "out"), new ImageConversion());
        Assert.Single(converter.Convert(converter.Plan([source])));
        Assert.Single(converter.Plan([source]));
    }

    [Fact]
    public void The_chest_wall_comes_to_the_left_and_nowhere_else()
    {
        var left = DefaultSamplerTests.Breast(1);
        var right = Framing.FlipHorizontal(left);
        var flip = new ImageConversion { FlipToLeft = true };
        Assert.Equal(left.Pixels, flip.Apply(right).Image.Pixels);
        Assert.Equal(left.Pixels, flip.Apply(left).Image.Pixels);
        Assert.True(flip.Apply(right).IsFlipped);
        Assert.False(flip.Apply(left).IsFlipped);
    }

    [Fact]
    public void Artefacts_go_before_the_range_is_stretched()
    {
        var image = DefaultSamplerTests.Breast(1);
        var pixels = (ushort[])image.Pixels.Clone();
        for (var y = 10; y < 20; y++)
            pixels.AsSpan(y * 140 + 120, 10).Fill(ushort.MaxValue);
        var labelled = new GreyImage(200, 140, 16, pixels);
        var converted = new ImageConversion { SuppressArtifact = true, AutoLevel = true }.Apply(labelled).Image;
        Assert.Equal(0, converted.Pixels[15 * 140 + 125]);
        Assert.Equal(ushort.MaxValue, converted.Pixels.Max());
        Assert.InRange(converted.Pixels[100 * 140 + 30] / (double)labelled.Pixels[100 * 140 + 30], 1.5, 3);
    }

    [Fact]
    public void A_negative_is_told_and_blanked_in_its_own_white()
    {
        var image = DefaultSamplerTests.Breast(1);
        var negative = new GreyImage(200, 140, 16, Array.ConvertAll(image.Pixels, value => (ushort)(ushort.MaxValue - value)));
        var converted = new ImageConversion { SuppressArtifact = true }.Apply(negative);
        Assert.True(converted.LooksInverted);
        Assert.Single(converted.Warnings);
        Assert.Equal(negative.Pixels.Max(), converted.Image.Pixels[^1]);
    }

    [Theory]
    [InlineData(8, 16)]
    [InlineData(16, 8)]
    [InlineData(16, 16)]
    public void The_bit_depth_is_changed_without_loss_where_there_is_none(int from, int to)
    {
        var image = new GreyImage(1, 256, from, [.. Enumerable.Range(0, 256).Select(i => (ushort)(from == 8 ? i : i * 257))]);
        var converted = new ImageConversion { BitDepth = to }.Apply(image).Image;
        Assert.Equal(to, converted.BitDepth);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => to == 8 ? i : i * 257), converted.Pixels.Select(value => (int)value));
    }

    [Fact]
    public void Twelve_bit_data_are_not_silently_crushed() =>
        Assert.Single(new ImageConversion { BitDepth = 8 }.Apply(new GreyImage(1, 2, 16, [0, 4095])).Warnings);

    [Theory]
    [InlineData(64, 48)]
    [InlineData(100, 77)]
    [InlineData(301, 20)]
    [InlineData(400, 280)]
    [InlineData(1, 1)]
    public void Resizing_keeps_the_mean_shifts_nothing_and_has_the_size_asked_for(int height, int width)
    {
        var image = DefaultSamplerTests.Breast(2);
        var resized = SmoothResize.Apply(image, new ImageSize(height, width));
        Assert.Equal(new ImageSize(height, width), resized.Size);
        Assert.All(
            Framing.FlipHorizontal(resized).Pixels.Paired(SmoothResize.Apply(Framing.FlipHorizontal(image), resized.Size).Pixels),
            pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        if (height > 1)
            Assert.Equal(image.Pixels.Average(value => value), resized.Pixels.Average(value => value), 0.03 * image.Pixels.Average(value => value));
    }

    [Theory]
    [InlineData(12, null, null)]
    [InlineData(null, 0, null)]
    [InlineData(null, null, -1)]
    public void Options_out_of_range_are_errors(int? depth, int? height, int? width)
    {
        var conversion = new ImageConversion { BitDepth = depth, TargetHeight = height, Size = width is null ? null : new ImageSize(5, width.Value) };
        Assert.Equal(ErrorIds.ConversionOptionInvalid, Assert.Throws<MammoException>(() => conversion.Apply(DefaultSamplerTests.Breast(1))).ErrorId);
    }

    private static string Source(string root, params string[] files)
    {
        foreach (var (file, i) in files.Select((file, i) => (file, i)))
            PngWriter.Write(Path.Combine(root, "source", file), DefaultSamplerTests.Breast((uint)i));
        return Path.Combine(root, "source");
    }
}
