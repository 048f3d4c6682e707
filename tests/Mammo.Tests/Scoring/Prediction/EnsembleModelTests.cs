using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Evaluation;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Inputs;
using Mammo.Scoring.Managed;
using Mammo.Scoring.Prediction;
using Mammo.Tests.Scoring.Engines;
using Mammo.Tests.Scoring.Heatmaps;

namespace Mammo.Tests.Scoring.Prediction;

/// <summary>An ensemble's scores and heatmaps are the means of its parts'.</summary>
public sealed class EnsembleModelTests
{
    private const double Tolerance = 1e-7;

    private static readonly ImageSize Size = new(288, 224);

    [Theory]
    [InlineData(EngineKind.Mammo, false)]
    [InlineData(EngineKind.Mammo, true)]
    [InlineData(EngineKind.Onnx, false)]
    [InlineData(EngineKind.Torch, true)]
    public void Its_probability_is_the_mean_of_the_parts(EngineKind engine, bool augment)
    {
        MammoModel[] parts = [Whole("vgg16", 1), Whole("resnet50", 2), Whole("vgg16", 3)];
        using var joined = Ensemble.Join(parts, "three");
        var options = HeatmapRuns.Images(engine) with { Augment = augment };
        var own = parts.Select(part => Score([part], options)).ToArray();
        var mean = own.Average(prediction => prediction.Score!.Value);
        var score = Score([joined], options);
        Assert.Equal(mean, score.Score!.Value, Tolerance);
        Assert.Equal(Score(parts, options).Score!.Value, score.Score.Value, Tolerance);
        Assert.True(own.Max(prediction => prediction.Score!.Value) - own.Min(prediction => prediction.Score!.Value) > 1e-3);
        Assert.Equal(WeightHash.Of(joined)[..InferenceOptions.HashDigits], InferenceOptions.Read(score.Inference)[InferenceOptions.Weights]);
        Assert.Equal(["three"], score.ModelScore.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Skipping_the_background_changes_no_bit(int threads)
    {
        using var joined = Ensemble.Join([Whole("vgg16", 1), Whole("resnet50", 2)], "two");
        var film = ImageReader.Read(Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00041_LEFT_CC.png"));
        var plane = new Preparation { Size = Size, RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52 }.Apply(film).Plane;
        var scores = new[] { (false, 2), (true, threads) }.Select(run =>
        {
            using var engine = new ManagedEngine(joined.Graph, joined.Weights, new ManagedOptions { Threads = run.Item2, SkipBackground = run.Item1 });
            var (computed, all) = (0L, 0L);
            engine.Observe = (step, pass) =>
            {
                if (step is TileStep tiles)
                    (computed, all) = (computed + (pass.WorkOf(step)?.Tiles.Length ?? tiles.Grid.Count), all + tiles.Grid.Count);
            };
            var values = engine.Run(new PlaneBatch(Size.Height, Size.Width, [plane.Values]), TestContext.Current.CancellationToken).Values;
            return (Values: values, Share: (double)computed / all);
        }).ToArray();
        Assert.Equal(scores[0].Values.Select(BitConverter.DoubleToInt64Bits), scores[1].Values.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(1, scores[0].Share);
        Assert.InRange(scores[1].Share, 0.1, 0.95);
    }

    [Fact]
    public void Its_feature_maps_take_no_more_memory_than_those_of_the_largest_part()
    {
        using var part = Whole("vgg16", 1);
        using var joined = Ensemble.Join([part, Whole("vgg16", 2), Whole("vgg16", 3)], "three");
        var lengths = new[] { part, joined }.Select(model =>
        {
            using var engine = new ManagedEngine(model.Graph, model.Weights, new ManagedOptions { Threads = 1 });
            engine.Run(new PlaneBatch(Size.Height, Size.Width, [new float[Size.Height * Size.Width]]), TestContext.Current.CancellationToken);
            return engine.MemoryLength;
        }).ToArray();

        // The input is kept until the last part has read it.
        Assert.InRange(lengths[1], lengths[0], lengths[0] + (4L * Size.Height * Size.Width));
    }

    [Fact]
    public void An_ONNX_file_gives_the_mean()
    {
        MammoModel[] parts = [Whole("vgg16", 1), Whole("vgg16", 2)];
        using var joined = Ensemble.Join(parts, "two");
        var image = Values.Random(5, 1, Size.Height, Size.Width, 3);
        var own = parts.Select(part => OnnxRunner.Run(part.Graph, part.Weights, [image]).Items).ToArray();
        var mean = own[0].Zip(own[1], (first, second) => (first + second) / 2).ToArray();
        var found = OnnxRunner.Run(joined.Graph, joined.Weights, [image]).Items;
        for (var label = 0; label < mean.Length; label++)
            Assert.Equal(mean[label], found[label], Tolerance);
    }

    [Theory]
    [InlineData(HeatmapKind.Forward, true)]
    [InlineData(HeatmapKind.Forward, false)]
    [InlineData(HeatmapKind.Sweep, false)]
    [InlineData(HeatmapKind.GradCam, true)]
    public void Its_heatmap_is_the_mean_of_the_parts(HeatmapKind kind, bool isTopK)
    {
        MammoModel[] parts = [.. Enumerable.Range(1, 3).Select(seed => isTopK ? TopK(seed) : Patch(seed))];
        using var joined = Ensemble.Join(parts, "three");
        var options = new HeatmapOptions { Kind = kind, Images = HeatmapRuns.Images(size: isTopK ? null : Size) };
        if (kind == HeatmapKind.Sweep)
            options = options with { PatchSize = 64, Stride = 32 };
        if (kind == HeatmapKind.Forward && !isTopK)
            options = options with { AvgPoolSize = new Size2D(2, 2) };
        var own = parts.Select(part => HeatmapRuns.One(part, options, HeatmapRuns.Portrait)).ToArray();
        var mean = HeatmapRuns.One(joined, options, HeatmapRuns.Portrait);
        Assert.Equal((own[0].Geometry, own[0].IsProbability, own[0].ImageSize), (mean.Geometry, mean.IsProbability, mean.ImageSize));
        Assert.Equal(own[0].Classes, mean.Classes);
        Assert.Equal(own[0].Values.Length, mean.Values.Length);

        // Grad-CAM has no bound, so that the tolerance goes by the largest value.
        var tolerance = kind == HeatmapKind.GradCam ? 1e-6 * Math.Max(1, own.Max(heatmap => heatmap.Values.Max())) : Tolerance;
        for (var place = 0; place < mean.Values.Length; place++)
            Assert.Equal(own.Average(heatmap => (double)heatmap.Values[place]), mean.Values[place], tolerance);
        Assert.True(mean.Values.Max() > mean.Values.Min());
    }

    [Fact]
    public void Parts_with_heatmaps_of_other_positions_have_none_together()
    {
        using var joined = Ensemble.Join([TopK(1), TopK(2, pool: 2)], "two");
        var failure = Assert.Throws<MammoException>(() => HeatmapRuns.One(joined, new HeatmapOptions { Images = HeatmapRuns.Images() }, HeatmapRuns.Portrait));
        Assert.Equal(ErrorIds.HeatmapImpossible, failure.ErrorId);
    }

    [Fact]
    public void Inputs_are_compared_with_the_training_images_of_all_parts()
    {
        using var joined = Ensemble.Join([Whole("vgg16", 1), Whole("vgg16", 2)], "two");
        var test = new InputTest(joined, HeatmapRuns.Images(EngineKind.Onnx));
        Assert.Contains(test.Run([new MammoImage(HeatmapRuns.Portrait)]), difference => difference.Id == ErrorIds.InputUnknown);
    }

    private static MammoPrediction Score(IReadOnlyList<MammoModel> models, PredictorOptions options)
    {
        using var predictor = new Predictor(models, options);
        return Assert.Single(predictor.Add(new MammoImage(HeatmapRuns.Portrait)).Concat(predictor.Finish())).Prediction!;
    }

    private static MammoModel Whole(string architecture, long seed)
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = architecture, WidthMultiplier = 1.0 / 16, Classes = ["a", "b"] }, seed);
        return ModelFactory.WholeImage(patch, new WholeImageOptions { ImageSize = Size, TopDepth = [8, 8], Classes = ["neg", "pos"] }, seed, out _);
    }

    private static MammoModel Patch(long seed) =>
        ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1.0 / 16, Classes = ["background", "ben", "mal"] }, seed);

    private static MammoModel TopK(long seed, int pool = 3)
    {
        using var patch = Patch(seed);
        return ModelFactory.WholeImage(
            patch,
            new WholeImageOptions
            {
                ImageSize = Size,
                HeatmapPooling = HeatmapPooling.TopK,
                TopK = 2,
                AvgPoolSize = Size2D.Square(pool),
                Classes = ["background", "ben", "mal"],
            },
            seed,
            out _);
    }
}
