using System.Collections.Concurrent;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Scoring.Prediction;
using Mammo.Tests.Support;

namespace Mammo.Tests.PowerShell;

/// <summary>How often films are opened and decoded, and what memory they take, counted: on a network drive what is read twice takes twice as long.</summary>
public sealed class FilmCostTests : IDisposable
{
    private const int Films = 3;
    private readonly string _folder = Shared.NewFolder(nameof(FilmCostTests));
    private readonly ConcurrentQueue<string> _opened = [];
    private readonly ConcurrentQueue<string> _decoded = [];
    private readonly Session _session = new();

    public FilmCostTests()
    {
        for (var film = 0; film < Films; film++)
            PowerShell.Films.Write(_folder, Path.Combine("films", $"film{film}.png"), film + 1);
        _session.SetLocation(_folder);
        _session.Run("""
            $patch = New-PatchModel resnet_small -WidthMultiplier 0.25 -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 60 -Seed 1
            $model = $patch | New-WholeImageModel -ImageSize 160, 128 -Class neg, pos -HeatmapPooling TopK -TopK 3 -AvgPoolSize 2, 2 -Seed 1
            $how = @{ Engine = 'Mammo'; WarningAction = 'Ignore' }
            $null = New-MammoWorklist ./films -Out ./worklist.jsonl
            """);
        InputFile.Opened += CountOpened;
        ImageReader.Decoding += CountDecoded;
    }

    public void Dispose()
    {
        InputFile.Opened -= CountOpened;
        ImageReader.Decoding -= CountDecoded;
        _session.Dispose();
    }

    [Theory]
    [InlineData("Invoke-MammoPredict $model -Path ./films/*.png @how", Films, 1, 1)]
    [InlineData("Invoke-MammoPredict $model -Path ./films/*.png @how -Augment", Films, 1, 1)]
    [InlineData("Invoke-MammoPredict $model, $model -Path ./films/*.png @how -Augment", Films, 1, 1)]
    [InlineData("Get-MammoHeatmap $model -Path ./films/*.png @how", Films, 1, 1)]
    [InlineData("Get-MammoHeatmap $model -Path ./films/*.png @how -Augment", Films, 1, 1)]
    [InlineData("Get-MammoHeatmap $patch -Path ./films/*.png @how -Kind Sweep -TargetHeight 192 -PatchSize 64 -Stride 64", Films, 1, 1)]
    [InlineData("Invoke-MammoWorklist ./worklist.jsonl $model -Out ./shards @how -Augment -LogSeconds 0", 1, 1, 1)]
    [InlineData("Get-MammoImageInfo ./films/*.png", Films, 1, 0)]
    public void A_film_is_read_and_decoded(string script, int records, int opened, int decoded)
    {
        Assert.Equal(records, _session.Run(script).Count);
        AssertCounts(opened, decoded);
    }

    /// <summary>What has a result costs nothing when a shard is started again.</summary>
    [Fact]
    public void A_shard_that_is_complete_opens_no_film()
    {
        const string Score = "Invoke-MammoWorklist ./worklist.jsonl $model -Out ./shards @how -LogSeconds 0";
        Assert.Single(_session.Run(Score));
        AssertCounts(1, 1);
        Assert.Single(_session.Run(Score));
        AssertCounts(1, 1);
    }

    /// <summary>Memory in planes of the network's size: the film is prepared once, and each of the three flips takes one plane more.</summary>
    [Theory]
    [InlineData(false, 1, 6.6)]
    [InlineData(true, 4, 9.6)]
    public void Flips_take_a_plane_each(bool augment, int planes, double allocated)
    {
        var size = new ImageSize(384, 288);
        var film = ImageReader.Read(Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00041_LEFT_CC.png"));
        Preparation[] preparations = [new() { Size = size, RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52 }];
        var plain = LoadedImage.Of(film, preparations, augment);
        var effort = Effort.Of(() => plain = LoadedImage.Of(film, preparations, augment));
        Assert.Equal(planes, plain.Flips[0].Length);
        Assert.Equal(allocated, Math.Round(effort.Allocated / (double)(size.Height * size.Width * sizeof(float)), 1));
    }

    private void AssertCounts(int opened, int decoded)
    {
        string[] films = ["film0.png", "film1.png", "film2.png"];
        Assert.Equal(films.SelectMany(film => Enumerable.Repeat(film, opened)), _opened.Order(StringComparer.Ordinal));
        Assert.Equal(films.SelectMany(film => Enumerable.Repeat(film, decoded)), _decoded.Order(StringComparer.Ordinal));
    }

    private void CountOpened(string path) => Count(_opened, path);

    private void CountDecoded(string path) => Count(_decoded, path);

    // Other tests read films at the same time.
    private void Count(ConcurrentQueue<string> files, string path)
    {
        if (path.StartsWith(_folder, StringComparison.Ordinal) && path.EndsWith(".png", StringComparison.Ordinal))
            files.Enqueue(Path.GetFileName(path));
    }
}
