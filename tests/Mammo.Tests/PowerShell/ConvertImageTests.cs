using Mammo.Data.Conversion;
using Mammo.Data.Files;
using Mammo.Data.Images;

namespace Mammo.Tests.PowerShell;

/// <summary>Convert-MammoImage against what it calls, and stopped; the rest is in tests/Pester.</summary>
public sealed class ConvertImageTests
{
    private static readonly string[] Tree = ["neg/a.png", "neg/more/b.png", "pos/a.png"];

    [Fact]
    public void Options_reach_the_pixels()
    {
        using var session = Prepared(out var folder);
        const string Options = "-ImageSize 100, 50 -BitDepth 8 -AutoLevel -CropBreast -SuppressArtifact -FlipToLeft";
        session.Run($"Convert-MammoImage ./in ./out {Options}");
        var conversion = new ImageConversion
        {
            Size = new ImageSize(100, 50),
            BitDepth = 8,
            AutoLevel = true,
            CropBreast = true,
            SuppressArtifact = true,
            FlipToLeft = true,
        };
        var expected = conversion.Apply(ImageReader.Read(Path.Combine(folder, "in", "pos", "a.png"))).Image;
        var written = ImageReader.Read(Path.Combine(folder, "out", "pos", "a.png"));
        Assert.Equal((expected.Size, 8), (written.Size, written.BitDepth));
        Assert.Equal(expected.Pixels, written.Pixels);
    }

    [Fact]
    public void Stopping_leaves_whole_files()
    {
        using var session = Prepared(out var folder);
        var film = Path.Combine(folder, "in", "pos", "a.png");
        for (var number = 0; number < 400; number++)
            File.Copy(film, Path.Combine(folder, "in", "neg", $"{number}.png"));
        var target = Path.Combine(folder, "out");
        session.Stop("Convert-MammoImage ./in ./out -SuppressArtifact -WorkerCount 2", () =>
            Films.Below(target).Any(name => name.EndsWith(".png", StringComparison.Ordinal)));
        var all = Films.Below(target);
        Assert.Contains(UnfinishedMark.Conversion, all);
        string[] written = [.. all.Where(name => name != UnfinishedMark.Conversion)];
        Assert.InRange(written.Length, 1, 390);
        Assert.All(written, name => Assert.EndsWith(".png", name, StringComparison.Ordinal));
        Assert.All(written, name => Assert.Equal(new ImageSize(200, 140), ImageReader.Read(Path.Combine(target, name)).Size));
        Assert.Equal(all, Films.Below(target));
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
