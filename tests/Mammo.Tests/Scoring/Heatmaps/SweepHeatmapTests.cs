using System.Text.Json;
using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;
using Mammo.Tests.Torch;

using static Mammo.Tests.Scoring.Heatmaps.HeatmapRuns;
using TestGraph = Mammo.Tests.Torch.TestGraph;

namespace Mammo.Tests.Scoring.Heatmaps;

/// <summary>Sweeps against the original's heatmaps, from the file to the values.</summary>
public sealed class SweepHeatmapTests
{
    private static readonly string Folder = Shared.Data("oracle", "image", "sweep");

    private static readonly JsonElement Oracle = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "heatmap_end_to_end.json"))).RootElement;

    public static TheoryData<int, EngineKind> Cases =>
        [.. Enumerable.Range(0, 3).SelectMany(item => new[] { EngineKind.Torch, EngineKind.Onnx, EngineKind.Mammo }.Select(engine => (item, engine)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Heatmaps_are_the_originals(int index, EngineKind engine)
    {
        var item = Oracle.GetProperty("cases")[index];
        using var toy = Toy();
        var heatmap = One(toy, Options(item) with { Images = Prepared(item) with { Engine = engine, BatchSize = 7 } }, Input(item));
        Assert.Equal([.. Ints(item, "heatmap_shape")], new[] { heatmap.Rows, heatmap.Columns, heatmap.Classes.Length });
        double[] expected = [.. item.GetProperty("heatmap").EnumerateArray().SelectMany(row => row.EnumerateArray()).SelectMany(Doubles)];
        Assert.Equal(expected.Length, heatmap.Values.Length);
        for (var place = 0; place < expected.Length; place++)
            Assert.Equal(expected[place], heatmap.Values[place], 2e-3);
        Assert.True(heatmap.IsProbability);
        Assert.StartsWith(engine.ToString(), heatmap.Engine, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(new ImageSize(Ints(item, "resized_shape")[0], Ints(item, "resized_shape")[1]), heatmap.ImageSize);
    }

    [Fact]
    public void Places_and_peaks_are_those_of_the_patches_in_the_stored_image()
    {
        var item = Oracle.GetProperty("cases")[1];
        using var toy = Toy();
        var heatmap = One(toy, Options(item), Input(item));
        var (stored, patchSize) = (ImageReader.Read(Input(item)), (int)heatmap.Geometry.PatchHeight);
        var frame = SweepFrame.Of(stored, heatmap.ImageSize, patchSize, (int)heatmap.Geometry.RowStride);
        for (var row = 0; row < heatmap.Rows; row++)
        {
            for (var column = 0; column < heatmap.Columns; column++)
            {
                // A patch's corner in the frame, whose margin is half a patch, is its middle in the cut image.
                var (patch, place) = (frame.Geometry.Patch(row, column), heatmap.Place(row, column));
                Assert.Equal(((patch.X + frame.Breast.X) * (double)stored.Width / heatmap.ImageSize.Width) - 0.5, place.X, 1e-9);
                Assert.Equal(((patch.Y + frame.Breast.Y) * (double)stored.Height / heatmap.ImageSize.Height) - 0.5, place.Y, 1e-9);
            }
        }

        Assert.All(heatmap.Peaks, peak =>
        {
            var values = Enumerable.Range(0, heatmap.Geometry.Count).Select(place => heatmap.At(place / heatmap.Columns, place % heatmap.Columns, peak.Class))
                .ToArray();
            Assert.Equal(values.Max(), peak.Value);
            Assert.Equal(Array.IndexOf(values, values.Max()), (peak.Row * heatmap.Columns) + peak.Column);
            Assert.Equal(heatmap.Place(peak.Row, peak.Column), new HeatmapPlace(peak.X, peak.Y));
        });
        Assert.Equal(ErrorIds.ModelClassMismatch, Assert.Throws<MammoException>(() => heatmap.Peak("d")).ErrorId);
        Assert.Throws<ArgumentOutOfRangeException>(() => heatmap.At(heatmap.Rows, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => heatmap.Place(0, -1));
    }

    /// <summary>What a network is that was trained with a rescale factor must get it in a sweep too: a bright patch and a dark one keep their
    /// difference.</summary>
    [Fact]
    public void The_rescale_factor_of_the_card_is_used()
    {
        using var toy = Toy();
        var item = Oracle.GetProperty("cases")[1];
        var scaled = toy.WithCard(toy.Card with { RescaleFactor = 0.5, FeaturewiseMean = 10 });
        var heatmap = One(scaled, new HeatmapOptions { Kind = HeatmapKind.Sweep, PatchSize = 40, Stride = 24, TargetHeight = 200 }, Input(item));
        var frame = SweepFrame.Of(ImageReader.Read(Input(item)), heatmap.ImageSize, 40, 24);
        for (var column = 0; column < heatmap.Columns; column++)
        {
            float[] plane = [.. frame.Cut(3, column).Pixels.Select(pixel => (pixel * 0.5f) - 10)];
            var expected = NetworkRuns.Infer(toy.Graph, toy.Weights, plane, [1, 40, 40, 1]);
            Assert.All(Enumerable.Range(0, 3), label => Assert.Equal(expected[label], heatmap.At(3, column, label), 1e-5));
        }
    }

    [Fact]
    public void Each_patch_is_told_and_no_tensors_are_left()
    {
        using var toy = Toy();
        var item = Oracle.GetProperty("cases")[0];
        var told = new List<(int Done, int Count)>();
        using var maker = new HeatmapMaker(
            toy,
            Options(item) with { Images = Prepared(item) with { Engine = EngineKind.Torch, BatchSize = 20 } })
        {
            PatchesDone = (done, count) =>
                told.Add((done, count))
        };
        var first = maker.Add(new MammoImage(Input(item))).Concat(maker.Finish()).Single();
        var tensors = Live();
        var again = Enumerable.Repeat(new MammoImage(Input(item)), 5).SelectMany(maker.Add).Concat(maker.Finish()).ToArray();
        Assert.Equal(tensors, Live());
        Assert.All(again, result => Assert.Equal(first.Heatmap!.Values, result.Heatmap!.Values));
        Assert.Equal([(20, 48), (40, 48), (48, 48)], told.Take(3));
        Assert.Equal(18, told.Count);

        static long Live() => TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
    }

    [Fact]
    public void An_image_without_a_breast_is_told_and_the_next_goes_on()
    {
        using var toy = Toy();
        var item = Oracle.GetProperty("cases")[0];
        var results = Run(toy, Options(item), Shared.Data("oracle", "images", "img08_u16_zero_70x60.png"), Input(item));
        Assert.Equal(ErrorIds.BreastNotFound, results[0].Failure!.ErrorId);
        Assert.NotNull(results[1].Heatmap);

        // Less than a hundredth of a stride besides the patch: the original's rounding finds no place.
        var impossible = Run(toy, Options(item) with { TargetHeight = 4, PatchSize = 32, Stride = 5000 }, Input(item));
        Assert.Equal(ErrorIds.SweepImpossible, impossible[0].Failure!.ErrorId);
    }

    [Fact]
    public void It_can_be_ended_within_an_image()
    {
        using var toy = Toy();
        var item = Oracle.GetProperty("cases")[0];
        using var stop = new CancellationTokenSource();
        var told = 0;
        using var maker = new HeatmapMaker(toy, Options(item) with { Images = Prepared(item) with { BatchSize = 10 } }, stop.Token)
        {
            PatchesDone = (_, _) =>
            {
                told++;
                stop.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => maker.Add(new MammoImage(Input(item))).Concat(maker.Finish()).ToArray());
        Assert.Equal(1, told);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using var patch = Patch();
        using var whole = ModelFactory.WholeImage(patch, new WholeImageOptions { ImageSize = new(288, 256), HeatmapOnly = true }, 1, out _);
        using var classifier = ModelFactory.WholeImage(
            patch, new WholeImageOptions { ImageSize = new(224, 224), TopDepth = [4], TopRepetition = [1] }, 1, out _);
        var sweep = new HeatmapOptions { Kind = HeatmapKind.Sweep };
        Assert.Equal(ErrorIds.HeatmapImpossible, Assert.Throws<MammoException>(() => new HeatmapMaker(whole, sweep)).ErrorId);
        Assert.Equal(ErrorIds.HeatmapImpossible, Assert.Throws<MammoException>(() => new HeatmapMaker(patch, sweep with { AvgPoolSize = new(3, 3) })).ErrorId);
        var mismatch = Assert.Throws<MammoException>(() => new HeatmapMaker(classifier, sweep with { PatchSize = 64 }));
        Assert.Equal((ErrorIds.ModelInputMismatch, "Leave out -PatchSize."), (mismatch.ErrorId, mismatch.SuggestedFix));
        using var own = new HeatmapMaker(classifier, sweep);
        Assert.Contains(own.Decisions, decision => decision.Contains("patches of 224x224 at steps of 112", StringComparison.Ordinal));
    }

    private static HeatmapOptions Options(JsonElement item) => new()
    {
        Kind = HeatmapKind.Sweep,
        PatchSize = item.GetProperty("patch").GetInt32(),
        Stride = item.GetProperty("stride").GetInt32(),
        TargetHeight = item.GetProperty("target_height").GetInt32(),
        Images = Prepared(item),
    };

    private static PredictorOptions Prepared(JsonElement item) => new() { Preparation = Wishes(item) };

    private static PreparationWishes Wishes(JsonElement item) => new()
    {
        TargetScale = item.GetProperty("target_scale").ValueKind == JsonValueKind.Null ? null : item.GetProperty("target_scale").GetDouble(),
        EqualizeHistogram = item.GetProperty("equalize_hist").GetBoolean(),
        FeaturewiseMean = item.GetProperty("featurewise_mean").GetDouble(),
    };

    private static string Input(JsonElement item) => Path.Combine(Folder, item.GetProperty("input").GetString()!);

    /// <summary>The oracle's model as a network: mean and maximum of the plane, a dense layer, softmax.</summary>
    private static MammoModel Toy()
    {
        var toy = Oracle.GetProperty("toy_model");
        var graph = new TestGraph(null, null, 1)
            .Then("mean", new LayerKind.GlobalAveragePooling2D(), "input")
            .Then("maximum", new LayerKind.GlobalMaxPooling2D(), "input")
            .Then("features", new LayerKind.Concatenate(-1), "mean", "maximum")
            .Then("dense", new LayerKind.Dense(3, UseBias: true, Activation.Softmax))
            .Graph();
        var weights = new Dictionary<string, Weight>
        {
            ["dense/kernel"] = new([3, 2], [.. toy.GetProperty("W").EnumerateArray().SelectMany(Doubles).Select(value => (float)value)]),
            ["dense/bias"] = new([3], [.. Doubles(toy.GetProperty("b")).Select(value => (float)value)]),
        };
        return new MammoModel("toy", graph, weights, new ModelCard { Classes = ["a", "b", "c"], Channels = 1 });
    }

    private static IEnumerable<double> Doubles(JsonElement item) => item.EnumerateArray().Select(value => value.GetDouble());

    private static int[] Ints(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
