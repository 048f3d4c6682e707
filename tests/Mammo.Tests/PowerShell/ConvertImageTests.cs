using Mammo.Data.Conversion;
using Mammo.Data.Files;
using Mammo.Data.Images;

namespace Mammo.Tests.PowerShell;

/// <summary>Convert-MammoImage through the engine: what is bound, written, passed over and refused. The pixels are tested below it.</summary>
public sealed class ConvertImageTests
{
    private static readonly string[] Tree = ["neg/a.png", "neg/more/b.png", "pos/a.png"];

    [Theory]
    [InlineData("Convert-MammoImage ./in ./out")]
    [InlineData("'./in' | Convert-MammoImage -Destination ./out -WorkerCount 1")]
    [InlineData("Convert-MammoImage ./in/*/*.png, ./in/neg/more/b.png ./out")]
    [InlineData("Convert-MammoImage ./in, ./in/pos/a.png ./out")]
    [InlineData("Convert-MammoImage -LiteralPath ./in -Destination ./out -WorkerCount 3")]
    [InlineData("$files | Convert-MammoImage -Destination ./out")]
    [InlineData("Import-MammoDataset ./in | Convert-MammoImage -Destination ./out")]
    [InlineData("Convert-MammoImage -Dataset (Import-MammoDataset ./in) -Destination ./out")]
    [InlineData("(Import-MammoDataset ./in).Images | Convert-MammoImage -Destination ./out")]
    public void Folders_files_and_datasets_keep_their_folders(string script)
    {
        using var session = Prepared(out var folder);
        session.Set("files", Tree.Select(name => new FileInfo(Path.Combine(folder, "in", name))).ToArray());
        var records = session.Run(script).Cast<ConversionRecord>().ToArray();
        Assert.Equal(Tree, Films.Below(Path.Combine(folder, "out")));
        Assert.Equal(Tree.Select(name => Path.Combine(folder, "in", name)), records.Select(record => record.Source).Order(StringComparer.Ordinal));
        Assert.All(records, record => Assert.Equal((ConversionStatus.Converted, new ImageSize(200, 140), 16), (record.Status, record.Size!.Value, record.BitDepth!.Value)));
        Assert.Empty(session.Errors);
    }

    [Fact]
    public void Folders_named_together_keep_their_names()
    {
        using var session = Prepared(out var folder);
        session.Run("Convert-MammoImage ./in/neg, ./in/pos ./out");
        Assert.Equal(Tree, Films.Below(Path.Combine(folder, "out")));
        session.Run("Convert-MammoImage ./in/neg ./only");
        Assert.Equal(["a.png", "more/b.png"], Films.Below(Path.Combine(folder, "only")));
    }

    [Fact]
    public void Options_reach_the_pixels()
    {
        using var session = Prepared(out var folder);
        const string Options = "-ImageSize 100, 50 -BitDepth 8 -AutoLevel -CropBreast -SuppressArtifact -FlipToLeft";
        session.Run($"Convert-MammoImage ./in ./out {Options}");
        var conversion = new ImageConversion { Size = new ImageSize(100, 50), BitDepth = 8, AutoLevel = true, CropBreast = true, SuppressArtifact = true, FlipToLeft = true };
        var expected = conversion.Apply(ImageReader.Read(Path.Combine(folder, "in", "pos", "a.png"))).Image;
        var written = ImageReader.Read(Path.Combine(folder, "out", "pos", "a.png"));
        Assert.Equal((expected.Size, 8), (written.Size, written.BitDepth));
        Assert.Equal(expected.Pixels, written.Pixels);
        session.Fails("Convert-MammoImage ./in/pos ./tall -TargetHeight 50 -ImageSize 60, 50", ErrorIds.ConversionOptionInvalid);
        File.WriteAllText(Path.Combine(folder, "file"), "kept");
        session.Fails("Convert-MammoImage ./in/pos ./file", ErrorIds.FolderUnwritable);
        var tall = (ConversionRecord)session.Run("Convert-MammoImage ./in/pos ./tall -TargetHeight 50 -BitDepth 16")[0];
        Assert.Equal((new ImageSize(50, 35), 16), (tall.Size!.Value, tall.BitDepth!.Value));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        using var session = Prepared(out var folder);
        Assert.Empty(session.Run("Convert-MammoImage ./in ./out -WhatIf"));
        Assert.False(Directory.Exists(Path.Combine(folder, "out")));
        session.Run("Convert-MammoImage ./in/pos ./out/pos");
        var record = (ConversionRecord)Assert.Single(session.Run("Convert-MammoImage ./in ./out -WhatIf"));
        Assert.Equal(ConversionStatus.UpToDate, record.Status);
        Assert.Equal(["pos/a.png"], Films.Below(Path.Combine(folder, "out")));
    }

    [Fact]
    public void What_is_there_and_newer_is_passed_over_unless_forced()
    {
        using var session = Prepared(out var folder);
        session.Run("Convert-MammoImage ./in ./out");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "in", "pos", "a.png"), DateTime.UtcNow.AddHours(1));
        Assert.Equal(
            [ConversionStatus.UpToDate, ConversionStatus.UpToDate, ConversionStatus.Converted],
            session.Run("Convert-MammoImage ./in ./out -Verbose").Cast<ConversionRecord>().Select(record => record.Status));
        Assert.Contains("1 converted, 2 up to date, 0 failed", session.Verbose);
        Assert.All(session.Run("Convert-MammoImage ./in ./out -Force").Cast<ConversionRecord>(), record => Assert.Equal(ConversionStatus.Converted, record.Status));
    }

    [Fact]
    public void Each_faulty_film_is_told_and_the_rest_goes_on()
    {
        using var session = Prepared(out var folder);
        Films.WriteFaulty(folder);
        File.WriteAllText(Path.Combine(folder, "empty.png"), "no image");
        File.Delete(Path.Combine(folder, "other.png"));
        var records = session.Run("Import-MammoDataset ./list.csv -Class neg, pos | Convert-MammoImage -Destination ./out -CropBreast").Cast<ConversionRecord>().ToDictionary(
            record => Path.GetFileNameWithoutExtension(record.Source), record => record.Status);
        Assert.Contains(session.Warnings, warning => warning.EndsWith($"[{ErrorIds.RowsContradict}]", StringComparison.Ordinal));
        Assert.Equal(["black", "empty", "good", "nobody", "outside"], records.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["black", "empty"], records.Where(pair => pair.Value == ConversionStatus.Failed).Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            new Dictionary<string, string> { ["black.png"] = ErrorIds.BreastNotFound, ["empty.png"] = ErrorIds.ImageUnreadable, ["other.png"] = ErrorIds.FileNotFound },
            session.Errors.ToDictionary(error => Path.GetFileName((string)error.TargetObject), error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(["good.png", "nobody.png", "outside.png"], Films.Below(Path.Combine(folder, "out")));

        var black = (ConversionRecord)Assert.Single(session.Run("Convert-MammoImage ./black.png ./whole"));
        Assert.Equal("The image has the same grey everywhere.", Assert.Single(black.Warnings).Message);
    }

    [Fact]
    public void What_cannot_be_done_is_refused_before_anything_is_written()
    {
        using var session = Prepared(out var folder);
        Films.Write(folder, "in/neg/a.bmp.png", 1);
        File.Move(Path.Combine(folder, "in", "neg", "a.bmp.png"), Path.Combine(folder, "in", "neg", "a.bmp"));
        session.Fails("Convert-MammoImage ./in ./out", ErrorIds.ConversionTargetTaken);
        session.Fails("Convert-MammoImage ./in/pos ./in/pos", ErrorIds.ConversionTargetTaken);
        session.Fails("Convert-MammoImage ./none ./out", ErrorIds.FileNotFound);
        Assert.Equal([.. Tree.Prepend("neg/a.bmp")], Films.Below(Path.Combine(folder, "in")));
        Assert.False(Directory.Exists(Path.Combine(folder, "out")));
        session.Fails("Convert-MammoImage ./in ./out -BitDepth 12", "ParameterArgumentValidationError");
    }

    [Fact]
    public void Stopping_leaves_whole_files()
    {
        using var session = Prepared(out var folder);
        var film = Path.Combine(folder, "in", "pos", "a.png");
        for (var number = 0; number < 400; number++)
            File.Copy(film, Path.Combine(folder, "in", "neg", $"{number}.png"));
        var target = Path.Combine(folder, "out");
        session.Stop("Convert-MammoImage ./in ./out -SuppressArtifact -WorkerCount 2", () => Films.Below(target).Length > 0);
        var written = Films.Below(target);
        Assert.InRange(written.Length, 1, 390);
        Assert.All(written, name => Assert.EndsWith(".png", name, StringComparison.Ordinal));
        Assert.All(written, name => Assert.Equal(new ImageSize(200, 140), ImageReader.Read(Path.Combine(target, name)).Size));
        Assert.Equal(written, Films.Below(target));
    }

    private static Session Prepared(out string folder)
    {
        folder = Shared.NewFolder();
        foreach (var (name, seed) in Tree.Select((name, seed) => (name, seed)))
            Films.Write(Path.Combine(folder, "in"), name, seed);
        var session = new Session();
        session.SetLocation(folder);
        return session;
    }
}
