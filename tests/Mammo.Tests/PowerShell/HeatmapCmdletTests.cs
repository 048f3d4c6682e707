using Mammo.Scoring.Heatmaps;

namespace Mammo.Tests.PowerShell;

/// <summary>Get-MammoHeatmap through the real engine.</summary>
public sealed class HeatmapCmdletTests
{
    private const string Models = """
        $patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Seed 1 -Class background, ben, mal -RescaleFactor 0.003891 -FeaturewiseMean 52.18
        $top = $patch | New-WholeImageModel -ImageSize 288, 256 -HeatmapPooling TopK -Class $patch.Classes
        $conv = $patch | New-WholeImageModel -ImageSize 288, 256 -TopDepth 8 -TopRepetition 1
        """;

    private static readonly string Images = Shared.Data("oracle", "images");

    [Fact]
    public void A_patch_classifier_and_a_whole_image_model_give_the_same_heatmap()
    {
        using var session = Start();
        var made = Heatmap(session, "$image | Get-MammoHeatmap $patch -ImageSize 288, 256");
        Assert.Contains(session.Verbose, text => text.Contains("average pool of 7x7", StringComparison.Ordinal));
        var own = Heatmap(session, "$set | Get-MammoHeatmap $top");
        Assert.Equal(made.Values, own.Values);
        Assert.Equal((3, 2, 3, HeatmapKind.Forward), (own.Rows, own.Columns, own.Classes.Length, own.Kind));
        Assert.Equal(own.Values, Heatmap(session, "$top | Get-MammoHeatmap -Dataset $set").Values);
        session.Set("h", own);
        Assert.Equal(own.At(1, 1, 2), Assert.Single(session.Run("$h.At(1, 1, 'mal')")));
        Assert.Equal(own.Peaks[2], Assert.Single(session.Run("$h.Peak('mal')")));
        Assert.Equal(own.Peaks, session.Run("$h.Peaks"));

        // The image is stored at 288x224 and given at 288x256: a patch of 224 begins at the upper left corner.
        Assert.Equal((97.5, 111.5), Assert.IsType<HeatmapPlace>(Assert.Single(session.Run("$h.Place(0, 0)"))) is var place ? (place.X, place.Y) : default);
    }

    [Fact]
    public void A_sweep_has_its_own_options_and_each_model_its_own_heatmap()
    {
        using var session = Start();
        var sweep = Heatmap(session, "Get-MammoHeatmap $patch -LiteralPath $image -Kind Sweep -TargetHeight 288 -PatchSize 64 -Stride 48 -TargetScale 255 -BatchSize 8");
        Assert.Equal((HeatmapKind.Sweep, 64.0, 48.0), (sweep.Kind, sweep.Geometry.PatchHeight, sweep.Geometry.ColumnStride));
        Assert.Equal(sweep.Rows * sweep.Columns * 3, sweep.Values.Length);
        Assert.All(sweep.Values.Chunk(3), position => Assert.Equal(1, position.Sum(), 1e-5f));
        var both = session.Run("Get-MammoHeatmap $patch, $top -Path $image -ImageSize 288, 256").Cast<MammoHeatmap>().ToArray();
        Assert.Equal(session.Run("$patch.Name; $top.Name"), both.Select(heatmap => heatmap.Model));
    }

    [Fact]
    public void Bad_images_are_errors_and_the_next_go_on()
    {
        using var session = Start();
        session.Set("images", new[] { "img08_u16_zero_70x60.png", "img00_u16_288x224.png" }.Select(name => Path.Combine(Images, name)).Append(Path.Combine(Images, "images.json")).ToArray());
        Assert.Single(session.Run("$images | Get-MammoHeatmap $patch -Kind Sweep -PatchSize 64"));
        Assert.Equal([ErrorIds.BreastNotFound, ErrorIds.ImageUnreadable], session.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(2, session.Run("$images | Get-MammoHeatmap $patch -ImageSize 224, 224").Count);
        Assert.Single(session.Warnings, warning => warning.EndsWith($"[{ErrorIds.ImageConstant}]", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using var session = Start();
        session.Fails("$image | Get-MammoHeatmap $conv", ErrorIds.HeatmapImpossible);
        session.Fails("$image | Get-MammoHeatmap $patch -ImageSize 128, 128", ErrorIds.ModelOptionConflict);
        session.Fails("$image | Get-MammoHeatmap $patch -PatchSize 64", ErrorIds.HeatmapImpossible);
        session.Fails("$image | Get-MammoHeatmap $top -ImageSize 64, 64", ErrorIds.ModelInputMismatch);
        session.Fails("$image | Get-MammoHeatmap $top -HeatmapStride 2", ErrorIds.HeatmapImpossible);
        session.Fails("Get-MammoHeatmap $patch -LiteralPath ./missing.png -ErrorAction Stop", ErrorIds.FileNotFound);
        session.Fails("$image | Get-MammoHeatmap $patch -Kind Sweep -PatchSize 64 -TargetHeight 8 -Stride 10000 -ErrorAction Stop", ErrorIds.SweepImpossible);
        session.Fails("Remove-MammoModel $conv, $patch; $image | Get-MammoHeatmap $patch", ErrorIds.ModelRemoved);
    }

    private static Session Start()
    {
        var session = new Session();
        session.Run(Models);
        var folder = Shared.NewFolder();
        File.WriteAllText(Path.Combine(folder, "list.csv"), $"path,label\n{Path.Combine(Images, "img00_u16_288x224.png")},pos\n");
        session.Set("csv", Path.Combine(folder, "list.csv"));
        session.Set("image", Path.Combine(Images, "img00_u16_288x224.png"));
        session.Run("$VerbosePreference = 'Continue'; $set = Import-MammoDataset $csv -Class neg, pos");
        return session;
    }

    private static MammoHeatmap Heatmap(Session session, string script) => Assert.IsType<MammoHeatmap>(Assert.Single(session.Run(script)));
}
