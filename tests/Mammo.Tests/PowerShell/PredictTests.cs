using System.Globalization;
using System.Text.Json.Nodes;
using Mammo.Data.Datasets;
using Mammo.Evaluation;
using Mammo.Scoring;

namespace Mammo.Tests.PowerShell;

/// <summary>The first pipeline that a user types, through the real engine, on the original's own files.</summary>
public sealed class PredictTests
{
    private static readonly string Images = Shared.Data("oracle", "images");

    [Theory]
    [InlineData("onnx")]
    [InlineData("torch")]
    public void Scores_equal_the_originals_with_flips_and_from_the_pipeline(string engine)
    {
        using var session = new Session();
        var oracle = JsonNode.Parse(File.ReadAllText(Shared.Data("oracle", "models", "predictions.json")))!["vgg16_whole_vgg32x1_d16"]!;
        session.Set("h5", Shared.Data("oracle", "models", "vgg16_whole_vgg32x1_d16.h5"));
        session.Set("images", Images);
        session.Set("engine", engine);
        session.Run("$m = Import-MammoModel -LiteralPath $h5 -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52.18");
        foreach (var row in oracle["images"]!.AsArray().Where(row => row!["rescale_factor"] is { } factor && (double)factor == 0.003891))
        {
            session.Set("name", (string)row!["image"]!);
            var plain = Assert.IsType<MammoPrediction>(Assert.Single(session.Run("[IO.Path]::Combine($images, $name) | Invoke-MammoPredict -Model $m -Engine $engine")));
            var flipped = Assert.IsType<MammoPrediction>(Assert.Single(session.Run("Invoke-MammoPredict $m -Path ([IO.Path]::Combine($images, $name)) -Augment -Engine $engine")));
            AssertClose(row["float64"]!, plain);
            AssertClose(row["float64_flip4"]!, flipped);
            Assert.StartsWith(engine, plain.Engine, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Averages_models_keeps_their_scores_and_goes_on_after_a_bad_file()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        File.WriteAllText(Path.Combine(folder, "bad[1].png"), "no picture");
        File.Copy(Path.Combine(Images, "img00_u16_288x224.png"), Path.Combine(folder, "good é.png"));
        File.WriteAllText(Path.Combine(folder, "list.csv"), "path,label,patient\nbad[1].png,neg,1\ngood é.png,pos,2\n");
        session.SetLocation(folder);
        session.Run(SmallModels);
        var result = session.Run("$set = Import-MammoDataset ./list.csv -Class neg, pos; $set | Invoke-MammoPredict -Model $a, $b");
        var prediction = Assert.IsType<MammoPrediction>(Assert.Single(result));
        Assert.Equal("pos", prediction.Class);
        Assert.Equal("2", prediction.Patient);
        Assert.Equal(prediction.Score, prediction.ModelScore.Values.Average(), 1e-12);
        Assert.Equal(2, prediction.ModelScore.Count);
        var error = Assert.Single(session.Errors);
        Assert.StartsWith(ErrorIds.ImageUnreadable + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.IsType<MammoImage>(error.TargetObject is System.Management.Automation.PSObject wrapped ? wrapped.BaseObject : error.TargetObject);
    }

    [Fact]
    public void A_model_from_the_pipeline_predicts_a_dataset_and_is_measured()
    {
        using var session = new Session();
        session.Run(SmallModels);
        session.Set("csv", Path.Combine(Shared.Repository, "examples", "data", "images.csv"));
        var measured = Assert.IsType<MammoMeasurement>(Assert.Single(session.Run(
            "$set = Import-MammoDataset $csv -Class neg, pos; $a | Invoke-MammoPredict -Dataset $set | Measure-MammoPrediction")));
        Assert.Equal((6, 4), (measured.Count, measured.Positives));
        Assert.InRange(measured.Auc, 0, 1);
        session.Fails("$a | Invoke-MammoPredict -Dataset $set -ImageSize 128, 96", ErrorIds.ModelInputMismatch);
    }

    [Theory]
    [InlineData(0.3, true)]
    [InlineData(0.9, false)]
    public void An_interval_without_width_is_explained(double highestNegative, bool isWarned)
    {
        using var session = new Session();
        MammoPrediction Of(int label, double score) => new()
        {
            Path = "x.png",
            Label = label,
            Score = score,
            Probability = NamedTable.Of(["neg", "pos"], [1 - score, score]),
            ModelScore = NamedTable.Of(["m"], [score]),
            Engine = "torch cpu float32",
        };
        session.Set("scores", new[] { Of(0, 0.1), Of(0, highestNegative), Of(1, 0.8), Of(1, 0.9) });
        Assert.Single(session.Run("$scores | Measure-MammoPrediction"));
        Assert.Equal(isWarned, session.Warnings.Any(warning => warning.Contains("no width", StringComparison.Ordinal)));
    }

    [Fact]
    public void Wrong_input_is_warned_about_once_and_stands_in_the_records()
    {
        using var session = new Session();
        session.Run(SmallModels);
        session.Set("images", Images);
        var result = session.Run("'img07_u16_max4095_333x250.png', 'img09_u16_const_64x51.png', 'img06_u16_200x331.png', 'img04_u8_301x217.png', 'img03_u8_224x224.png' | ForEach-Object { [IO.Path]::Combine($images, $_) } | Invoke-MammoPredict -Model $a")
            .Cast<MammoPrediction>().ToArray();
        Assert.Contains(ErrorIds.MaximumNot255, result[0].Warning, StringComparison.Ordinal);
        Assert.Contains(ErrorIds.ImageConstant, result[1].Warning, StringComparison.Ordinal);
        Assert.Contains(ErrorIds.ImageSizeDiffers, result[2].Warning, StringComparison.Ordinal);
        Assert.Contains(ErrorIds.BitDepthMismatch, result[3].Warning, StringComparison.Ordinal);
        Assert.Contains(ErrorIds.BitDepthMixed, result[4].Warning, StringComparison.Ordinal);
        foreach (var id in result.SelectMany(prediction => prediction.Warning.Split(';', StringSplitOptions.RemoveEmptyEntries)).Distinct())
            Assert.Single(session.Warnings, warning => warning.EndsWith($"[{id}]", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_doubtful_about_model_or_dataset_stands_in_every_record()
    {
        using var session = new Session();
        session.Run(SmallModels);
        session.Set("csv", Path.Combine(Shared.Repository, "examples", "data", "images.csv"));
        var result = session.Run("$bare = New-PatchModel resnet50 -WidthMultiplier 0.07 -Class neg, pos; Import-MammoDataset $csv -Class pos, neg | Invoke-MammoPredict -Model $bare -ImageSize 197, 197")
            .Cast<MammoPrediction>().ToArray();
        Assert.Equal(6, result.Length);
        Assert.All(result, prediction => Assert.Contains(ErrorIds.ClassOrderReversed, prediction.Warning, StringComparison.Ordinal));
        Assert.All(result, prediction => Assert.Contains(ErrorIds.PreparationAssumed, prediction.Warning, StringComparison.Ordinal));
        Assert.Single(session.Warnings, warning => warning.EndsWith($"[{ErrorIds.ClassOrderReversed}]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_literal_path_is_no_pattern()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        File.Copy(Path.Combine(Images, "img00_u16_288x224.png"), Path.Combine(folder, "a1.png"));
        session.SetLocation(folder);
        session.Run(SmallModels);
        Assert.Single(session.Run("Invoke-MammoPredict $a -Path 'a[1].png'"));
        session.Fails("Invoke-MammoPredict $a -LiteralPath 'a[1].png'", ErrorIds.FileNotFound);
        session.Fails("Get-RescaleFactor -LiteralPath 'a[1].png' -ErrorAction Stop", ErrorIds.FileNotFound);
        Assert.Single(session.Run("[IO.FileInfo]::new([IO.Path]::Combine($PWD.Path, 'a1.png')) | Invoke-MammoPredict $a"));
        Assert.Single(session.Run("[pscustomobject]@{ Path = 'a1.png' } | Invoke-MammoPredict $a"));
    }

    [Fact]
    public void Refuses_what_contradicts_itself()
    {
        using var session = new Session();
        session.Run(SmallModels);
        session.Set("image", Path.Combine(Images, "img00_u16_288x224.png"));
        session.Fails("$image | Invoke-MammoPredict -Model $a -Engine Onnx -Precision Float64 -ErrorAction Stop", ErrorIds.EngineConflict);
        session.Fails("$image | Invoke-MammoPredict -Model $a -Device cuda:7 -ErrorAction Stop", ErrorIds.DeviceUnavailable);
        session.Fails("$c = New-PatchModel resnet50 -WidthMultiplier 0.07 -Class x, y; $image | Invoke-MammoPredict -Model $a, $c", ErrorIds.ModelsDiffer);
        session.Fails("Remove-MammoModel $b; $image | Invoke-MammoPredict -Model $b", ErrorIds.ModelRemoved);
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("torch")]
    public void A_model_that_is_removed_while_it_predicts_ends_the_pipeline(string engine)
    {
        using var session = new Session();
        session.Run(SmallModels);
        session.Set("image", Path.Combine(Images, "img00_u16_288x224.png"));
        session.Set("engine", engine);
        session.Fails("($image, $image, $image, $image) * 4 | Invoke-MammoPredict -Model $a -Engine $engine | ForEach-Object { Remove-MammoModel $a }", ErrorIds.ModelRemoved);
    }

    [Fact]
    public void Scores_do_not_depend_on_culture_and_survive_as_text()
    {
        using var session = new Session();
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            session.Run(SmallModels);
            session.Set("image", Path.Combine(Images, "img00_u16_288x224.png"));
            var prediction = Assert.IsType<MammoPrediction>(Assert.Single(session.Run("$image | Invoke-MammoPredict -Model $a")));
            session.Run("$image | Invoke-MammoPredict -Model $a -RescaleFactor 0.01");
            Assert.Contains(session.Warnings, warning => warning.Contains("-RescaleFactor 0.003", StringComparison.Ordinal));
            var parts = prediction.Probability.ToString().Split(';').Select(part => part.Split('=')).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
            Assert.Equal(prediction.Probability["pos"], parts["pos"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private const string SmallModels = """
        $patch = New-PatchModel resnet50 -WidthMultiplier 0.07 -Seed 1 -RescaleFactor 0.003891 -FeaturewiseMean 52.18
        $a = $patch | New-WholeImageModel -ImageSize 224, 192 -TopDepth 8 -TopRepetition 1 -Seed 1
        $b = $patch | New-WholeImageModel -ImageSize 224, 192 -TopDepth 8 -TopRepetition 1 -Seed 2
        """;

    private static void AssertClose(JsonNode expected, MammoPrediction prediction)
    {
        foreach (var (value, score) in expected.AsArray().Zip(prediction.Probability.Values))
            Assert.Equal((double)value!, score, 5e-4);
    }
}
