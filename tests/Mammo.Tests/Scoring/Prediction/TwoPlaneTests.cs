using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Architectures;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Managed;
using Mammo.Scoring.Prediction;
using Mammo.Tests.Scoring.Heatmaps;
using Mammo.Tests.Torch;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Tests.Scoring.Prediction;

/// <summary>Networks of two channels, which are given z-score and local contrast.</summary>
public sealed class TwoPlaneTests
{
    private const double Sigma = 6;
    private static readonly ImageSize Size = new(160, 128);
    private static readonly string Film = Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00127_RIGHT_CC.png");
    private static readonly FeaturewiseMean Means = new(20, 35);

    [Theory]
    [InlineData(EngineKind.Torch, Precision.Float64, 1e-6)]
    [InlineData(EngineKind.Torch, Precision.Float32, 2e-5)]
    [InlineData(EngineKind.Onnx, Precision.Float32, 2e-5)]
    [InlineData(EngineKind.Mammo, Precision.Float32, 2e-5)]
    public void Each_channel_is_given_its_plane_by_every_engine(EngineKind engine, Precision precision, double tolerance)
    {
        using var model = Whole(2);
        foreach (var (card, augment) in new[] { (model.Card, false), (model.Card, true), (model.Card with { FeaturewiseMean = Means }, false) })
        {
            using var said = model.WithCard(card);
            var expected = ByHand(said, augment);
            Assert.Equal(expected, Score(said, engine, precision, augment), tolerance);
            Assert.NotEqual(expected, ByHand(said, augment, swapped: true), 10 * tolerance);
        }
    }

    [Theory]
    [InlineData(EngineKind.Torch, Precision.Float64, 1e-12)]
    [InlineData(EngineKind.Torch, Precision.Float32, 1e-6)]
    [InlineData(EngineKind.Onnx, Precision.Float32, 1e-6)]
    [InlineData(EngineKind.Mammo, Precision.Float32, 0.0)]
    public void Without_weights_for_the_z_score_it_is_the_network_of_local_contrast(EngineKind engine, Precision precision, double tolerance)
    {
        using var one = Whole(1);
        using var two = WithoutZScore(one);
        Assert.Equal(Score(one, engine, precision), Score(two, engine, precision), tolerance);
        Assert.Equal(Score(one, engine, precision, augment: true), Score(two, engine, precision, augment: true), tolerance);
    }

    [Theory]
    [InlineData(HeatmapKind.Forward, false)]
    [InlineData(HeatmapKind.Forward, true)]
    [InlineData(HeatmapKind.GradCam, false)]
    [InlineData(HeatmapKind.Sweep, false)]
    public void So_are_its_heatmaps(HeatmapKind kind, bool augment)
    {
        using var patch = Patch(1);
        using var one = kind == HeatmapKind.Sweep ? Patch(1) : Whole(1);
        using var two = WithoutZScore(one);
        var options = new HeatmapOptions
        {
            Kind = kind,
            PatchSize = kind == HeatmapKind.Sweep ? 32 : null,
            Images = new() { Augment = augment, Preparation = new() { ImageSize = kind == HeatmapKind.Sweep ? Size : null } },
        };
        var (expected, found) = (HeatmapRuns.One(one, options, Film), HeatmapRuns.One(two, options, Film));
        Assert.InRange(NetworkRuns.Distance([.. expected.Values.Select(Value)], [.. found.Values.Select(Value)]), 0, 1e-5);
        Assert.True(expected.Values.Distinct().Count() > 3);

        static double Value(float value) => value;
    }

    [Fact]
    public void Background_is_skipped_where_both_planes_are_it_and_no_bit_depends_on_it()
    {
        using var model = Patch(2);
        var plane = ModelPreparation.For(model, new PreparationWishes { ImageSize = Size }).Preparation.Apply(ImageReader.Read(Film)).Plane;
        Assert.Equal(2, plane.Count);
        double[] Values(bool skips, out double share, float[] values)
        {
            using var engine = new ManagedEngine(model.Graph, model.Weights, new ManagedOptions { Threads = 2, SkipBackground = skips });
            var (computed, all) = (0L, 0L);
            engine.Observe = (step, pass) =>
            {
                if (step is TileStep tiles)
                {
                    all += tiles.Grid.Count;
                    computed += pass.WorkOf(step)?.Tiles.Length ?? tiles.Grid.Count;
                }
            };
            var output = engine.Run(new PlaneBatch(Size.Height, Size.Width, [values]), TestContext.Current.CancellationToken).Values;
            share = (double)computed / all;
            return output;
        }

        var expected = Values(false, out var whole, plane.Values);
        Assert.Equal(expected, Values(true, out var share, plane.Values));
        Assert.Equal(1, whole);
        Assert.InRange(share, 0.2, 0.9);

        // Noise in one of the planes: no tile equals another.
        var random = new Random(1);
        float[] noise = [.. plane.Values.Select((value, at) => at < plane.Values.Length / 2 ? value : random.NextSingle())];
        Assert.Equal(Values(false, out _, noise), Values(true, out share, noise));
        Assert.Equal(1, share);
    }

    [Fact]
    public void Are_the_same_through_every_file()
    {
        using var model = Whole(2);
        var folder = Shared.NewFolder();
        ModelFiles.Export(model, Path.Combine(folder, "m.safetensors"));
        using var again = ModelFiles.Import(Path.Combine(folder, "m.safetensors")).Model;
        Assert.Equal((2, Sigma), (again.Card.Channels, again.Card.LocalContrast));
        Assert.Equal(Score(model, EngineKind.Mammo, Precision.Float32), Score(again, EngineKind.Mammo, Precision.Float32));

        OnnxFile.Write(model, Path.Combine(folder, "m.onnx"));
        using var session = new InferenceSession(Path.Combine(folder, "m.onnx"));
        Assert.Equal(2, session.InputMetadata.Values.Single().Dimensions[1]);
        var planes = Plane(model).Values;
        using var input = OrtValue.CreateTensorValueFromMemory(planes, [1, 2, Size.Height, Size.Width]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, session.InputNames, [input], session.OutputNames);
        Assert.Equal(Score(model, EngineKind.Torch, Precision.Float64), outputs[0].GetTensorDataAsSpan<float>()[^1], 2e-5);
    }

    [Fact]
    public void Are_scored_beside_networks_of_one_channel_but_are_no_ensemble_with_them()
    {
        using var one = Whole(1);
        using var two = Whole(2);
        var refused = Assert.Throws<MammoException>(() => Ensemble.Join([one, two], "mixed"));
        Assert.Equal(ErrorIds.ModelsDiffer, refused.ErrorId);
        Assert.Contains("channels of the network's input (1 and 2)", refused.Message, StringComparison.Ordinal);
        using var predictor = new Predictor([one, two], new PredictorOptions { Device = "cpu", Engine = EngineKind.Mammo });
        var mean = Assert.Single([.. predictor.Add(new MammoImage(Film)), .. predictor.Finish()]).Prediction!.Score!.Value;
        Assert.Equal((Score(one, EngineKind.Mammo, Precision.Float32) + Score(two, EngineKind.Mammo, Precision.Float32)) / 2, mean, 1e-9);

        using var other = Whole(2, seed: 9);
        using var joined = Ensemble.Join([two, other], "both");
        Assert.Equal(
            (Score(two, EngineKind.Onnx, Precision.Float32) + Score(other, EngineKind.Onnx, Precision.Float32)) / 2,
            Score(joined, EngineKind.Onnx, Precision.Float32),
            1e-6);
    }

    [Fact]
    public void Without_local_contrast_both_channels_are_given_the_same_plane_and_that_is_reported()
    {
        using var model = Whole(2);
        using var plain = model.WithCard(model.Card with { LocalContrast = null, RescaleFactor = 255.0 / 65535 });
        var prepared = ModelPreparation.For(plain, PreparationWishes.None);
        Assert.Equal(1, prepared.Preparation.Apply(ImageReader.Read(Film)).Plane.Count);
        Assert.Contains("two input channels", Assert.Single(prepared.Findings).Message, StringComparison.Ordinal);
        Assert.Equal(Score(plain, EngineKind.Torch, Precision.Float64), Score(plain, EngineKind.Mammo, Precision.Float32), 2e-5);
        var asked = ModelPreparation.For(plain, new PreparationWishes { LocalContrast = Sigma, RescaleFactor = 1 });
        Assert.True(asked.Preparation.ZScore);
        Assert.Empty(asked.Findings);
        using var three = Whole(3);
        Assert.False(ModelPreparation.For(three, PreparationWishes.None).Preparation.ZScore);
    }

    private static MammoModel Patch(int channels, int seed = 1)
    {
        using var patch = ModelFactory.Patch(
            new PatchOptions { Architecture = "resnet_small", WidthMultiplier = 0.25, Classes = ["background", "lesion"], Channels = channels }, seed);
        return patch.WithCard(patch.Card with { RescaleFactor = 1, FeaturewiseMean = 30, LocalContrast = Sigma });
    }

    private static MammoModel Whole(int channels, int seed = 1)
    {
        using var patch = Patch(channels, seed);
        var options = new WholeImageOptions
        { ImageSize = Size, HeatmapPooling = HeatmapPooling.TopK, TopK = 3, AvgPoolSize = new Size2D(2, 2), Classes = ["neg", "pos"] };
        return ModelFactory.WholeImage(patch, options, seed, out _);
    }

    /// <summary>The network with a channel more before its own, whose weights are 0.</summary>
    private static MammoModel WithoutZScore(MammoModel one)
    {
        var input = one.Graph[one.Graph.Inputs[0]];
        var shape = ((LayerKind.Input)input.Kind).Shape;
        var wide = new LayerGraph(
            one.Graph.Name,
            [.. one.Graph.Layers.Select(layer => layer != input ? layer
                : layer with { Kind = new LayerKind.Input(TensorShape.Of(shape.Sizes[0], shape.Sizes[1], 2)) })],
            one.Graph.Outputs);
        var first = one.Graph.Layers.First(layer => layer.Kind is LayerKind.Conv2D);
        var weights = one.Weights.ToDictionary(StringComparer.Ordinal);
        var kernel = weights[$"{first.Name}/kernel"];
        var area = kernel.Shape[2] * kernel.Shape[3];
        weights[$"{first.Name}/kernel"] = new Weight(
            kernel.Shape.SetItem(1, 2), [.. kernel.Values.Chunk(area).SelectMany(values => new float[area].Concat(values))]);
        return new MammoModel(one.Name, wide, weights, one.Card with { Channels = 2 });
    }

    private static Plane Plane(MammoModel model) => ModelPreparation.For(model, PreparationWishes.None).Preparation.Apply(ImageReader.Read(Film)).Plane;

    /// <summary>In float64, from planes that are made and laid side by side here.</summary>
    private static double ByHand(MammoModel model, bool augment, bool swapped = false)
    {
        var stored = ImageReader.Read(Film);
        var both = LocalContrast.Apply(CubicResize.Apply(stored, Size), Sigma, stored, zScore: true);
        var mean = model.Card.FeaturewiseMean!.Value;
        var scores = from horizontal in augment ? new[] { false, true } : [false]
                     from vertical in augment ? new[] { false, true } : [false]
                     let first = Framing.Flip(both.ZScore!.Pixels, Size.Width, horizontal, vertical)
                     let second = Framing.Flip(both.Pixels, Size.Width, horizontal, vertical)
                     let planes = swapped ? (second, first) : (first, second)
                     let values = planes.Item1.Zip(planes.Item2)
                         .SelectMany(pair => new[] { pair.First - (float)mean.Values[0], pair.Second - (float)mean.Values[^1] })
                     select NetworkRuns.Infer(model.Graph, model.Weights, [.. values], [1, Size.Height, Size.Width, 2])[^1];
        return scores.Average();
    }

    private static double Score(MammoModel model, EngineKind engine, Precision precision, bool augment = false)
    {
        using var predictor = new Predictor([model], new PredictorOptions { Engine = engine, Device = "cpu", Precision = precision, Augment = augment });
        var result = Assert.Single([.. predictor.Add(new MammoImage(Film)), .. predictor.Finish()]);
        Assert.Null(result.Failure);
        return result.Prediction!.Score!.Value;
    }
}
