using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Prediction;
using Mammo.Tests.Torch;
using Mammo.Torch;

using static Mammo.Tests.Scoring.Heatmaps.HeatmapRuns;
using TestGraph = Mammo.Tests.Torch.TestGraph;

namespace Mammo.Tests.Scoring.Heatmaps;

/// <summary>Forward heatmaps against the networks that they come from.</summary>
public sealed class ForwardHeatmapTests
{
    [Theory]
    [InlineData(EngineKind.Torch)]
    [InlineData(EngineKind.Onnx)]
    [InlineData(EngineKind.Mammo)]
    public void On_one_patch_it_is_the_patch_classifiers_answer(EngineKind engine)
    {
        using var patch = Patch();
        var images = Images(engine, rescaleFactor: 1, size: new ImageSize(224, 224));
        using var predictor = new Predictor([patch], images);
        var expected = Assert.Single(predictor.Add(new MammoImage(Square)).Concat(predictor.Finish())).Prediction!.Probability;
        var heatmap = One(patch, new HeatmapOptions { Images = images }, Square);
        Assert.Equal((1, 1, true), (heatmap.Rows, heatmap.Columns, heatmap.IsProbability));
        Assert.Equal(["background", "ben", "mal"], heatmap.Classes);
        Assert.All(heatmap.Classes, name => Assert.Equal(expected[name], heatmap.At(0, 0, name), 1e-6));
        Assert.True(expected.Values.Max() - expected.Values.Min() > 1e-4);
        Assert.StartsWith(engine.ToString(), heatmap.Engine, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Without padding in the network the heatmap is exactly the patch classifier slid over the image, at the places that the geometry
    /// tells.</summary>
    [Fact]
    public void It_is_the_patch_classifier_at_the_places_of_the_geometry()
    {
        using var patch = WithoutPadding();
        var images = Images(size: new ImageSize(96, 80));
        var options = new HeatmapOptions { Images = images, AvgPoolSize = new Size2D(4, 3), HeatmapStride = new Size2D(2, 1) };
        var heatmap = One(patch, options, Portrait);
        Assert.Equal((5, 8), (heatmap.Rows, heatmap.Columns));
        Assert.Equal(
            (32.0, 24.0, 16.0, 8.0), (heatmap.Geometry.PatchHeight, heatmap.Geometry.PatchWidth, heatmap.Geometry.RowStride, heatmap.Geometry.ColumnStride));
        var plane = ModelPreparation.For(patch, images.Preparation).Preparation.Apply(ImageReader.Read(Portrait)).Plane;
        for (var row = 0; row < heatmap.Rows; row++)
        {
            for (var column = 0; column < heatmap.Columns; column++)
            {
                var (x, y) = heatmap.Geometry.Centre(row, column);
                float[] cut = [
                    .. Enumerable.Range(0, 32 * 24).Select(pixel => plane.Values[(((int)y - 16 + (pixel / 24)) * plane.Width) + (int)x - 12 + (pixel % 24)])];
                var expected = NetworkRuns.Infer(patch.Graph, patch.Weights, cut, [1, 32, 24, 1]);
                Assert.Equal(expected[0], heatmap.At(row, column, 0), 1e-6);
                Assert.Equal(expected[1], heatmap.At(row, column, 1), 1e-6);
            }
        }

        Assert.True(heatmap.Values.Max() - heatmap.Values.Min() > 1e-3);
    }

    [Fact]
    public void With_flips_it_is_the_mean_of_the_heatmaps_flipped_back()
    {
        using var patch = Patch();
        var (plain, folder) = (Images(size: new ImageSize(288, 256)), Shared.NewFolder());
        var film = ImageReader.Read(Portrait);
        var expected = new double[2 * 3 * 3];
        foreach (var (horizontal, vertical) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var pixels = new ushort[film.Pixels.Length];
            for (var i = 0; i < pixels.Length; i++)
            {
                var (y, x) = Math.DivRem(i, film.Width);
                pixels[i] = film.Pixels[((vertical ? film.Height - 1 - y : y) * film.Width) + (horizontal ? film.Width - 1 - x : x)];
            }

            var path = Path.Combine(folder, $"{horizontal}{vertical}.png");
            PngWriter.Write(path, new GreyImage(film.Height, film.Width, film.BitDepth, pixels));
            var heatmap = One(patch, new HeatmapOptions { Images = plain }, path);
            Assert.Equal((3, 2), (heatmap.Rows, heatmap.Columns));
            for (var i = 0; i < expected.Length; i++)
            {
                var (row, column) = (i / 6, i / 3 % 2);
                expected[i] += heatmap.At(vertical ? 2 - row : row, horizontal ? 1 - column : column, i % 3) / 4;
            }
        }

        var mean = One(patch, new HeatmapOptions { Images = plain with { Augment = true } }, Portrait);
        Assert.All(expected.Zip(mean.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Contains("augment=true", mean.Inference, StringComparison.Ordinal);
        Assert.Equal(
            ErrorIds.HeatmapImpossible,
            Assert.Throws<MammoException>(() =>
                new HeatmapMaker(patch, new HeatmapOptions { Kind = HeatmapKind.Sweep, Images = plain with { Augment = true } }))
                .ErrorId);
    }

    [Fact]
    public void Top_k_pooling_is_the_mean_of_its_positions()
    {
        using var patch = Patch();
        using var top = ModelFactory.WholeImage(
            patch,
            new WholeImageOptions { ImageSize = new(288, 256), HeatmapPooling = HeatmapPooling.TopK, TopK = 2, Classes = ["background", "ben", "mal"] },
            1,
            out _);
        using var predictor = new Predictor([top], Images());
        var scores = Assert.Single(predictor.Add(new MammoImage(Portrait)).Concat(predictor.Finish())).Prediction!.Probability;
        var heatmap = One(top, new HeatmapOptions { Images = Images() }, Portrait);
        Assert.Equal(["background", "ben", "mal"], heatmap.Classes);
        Assert.Equal((3, 2, true), (heatmap.Rows, heatmap.Columns, heatmap.IsProbability));
        var suspicious = heatmap.Values.Chunk(3).OrderBy(position => position[0]).Take(2).ToArray();
        for (var label = 0; label < 3; label++)
            Assert.Equal(scores.Values.ElementAt(label), suspicious.Average(position => (double)position[label]), 1e-6);
    }

    /// <summary>Under a head the heatmap has the layer's own values, not probabilities, and the head's class names are not the patches'.</summary>
    [Fact]
    public void The_heatmap_under_a_head_has_the_layers_values()
    {
        using var patch = Patch();
        var options = new WholeImageOptions
        {
            ImageSize = new(320, 288),
            AddHeatmap = true,
            AddConv = false,
            FcInitUnit = 4,
            FcLayer = 1,
            HeatmapPoolSize = new(
            2, 2),
            HiddenDropout = 0.5
        };
        using var model = ModelFactory.WholeImage(patch, options, 1, out _);
        AssertLayersValues(model, new ImageSize(320, 288), One(model, new HeatmapOptions { Images = Images() }, Portrait));
    }

    /// <summary>The same in a file of the original's, whose layers are compared with the recorded ones one by one elsewhere.</summary>
    [Theory]
    [InlineData(EngineKind.Torch)]
    [InlineData(EngineKind.Onnx)]
    [InlineData(EngineKind.Mammo)]
    public void The_heatmap_in_a_model_of_the_originals_is_found(EngineKind engine)
    {
        var file = ModelOracle.Read("vgg16_whole_heatmap_fc_shortcut");
        using var model = new MammoModel("keras", file.Graph, file.Weights, new ModelCard { Classes = ["neg", "pos"] });
        var heatmap = One(model, new HeatmapOptions { Images = Images(engine) }, Portrait);
        Assert.Equal((12, 8, 5), (heatmap.Rows, heatmap.Columns, heatmap.Classes.Length));
        Assert.StartsWith(engine.ToString(), heatmap.Engine, StringComparison.OrdinalIgnoreCase);
        AssertLayersValues(model, new ImageSize(288, 224), heatmap);
    }

    [Fact]
    public void A_heatmap_network_runs_as_it_is_and_the_model_stays_usable()
    {
        using var patch = Patch();
        using var whole = ModelFactory.WholeImage(patch, new WholeImageOptions { ImageSize = new(288, 256), HeatmapOnly = true }, 1, out _);
        var own = One(whole, new HeatmapOptions { Images = Images() }, Portrait);
        var made = One(patch, new HeatmapOptions { Images = Images(size: new ImageSize(288, 256)) }, Portrait);
        Assert.Equal(own.Values, made.Values);
        Assert.Equal((whole.Name, patch.Name), (own.Model, made.Model));
        Assert.Equal(own.Values, One(whole, new HeatmapOptions { Images = Images() }, Portrait).Values);
        Assert.Equal(
            ErrorIds.ModelInputMismatch,
            Assert.Throws<MammoException>(() => new HeatmapMaker(whole, new HeatmapOptions { Images = Images(size: new ImageSize(288, 224)) })).ErrorId);
    }

    [Fact]
    public void Images_come_in_order_in_batches_and_bad_ones_are_told()
    {
        using var patch = Patch();
        var options = new HeatmapOptions { Images = Images(size: new ImageSize(224, 224)) with { BatchSize = 2 } };
        string[] images = [Portrait, Shared.Data("oracle", "images", "missing.png"), Square, Shared.Data("oracle", "images", "img09_u16_const_64x51.png")];
        var results = Run(patch, options, images);
        Assert.Equal(images, results.Select(result => result.Image.Path));
        Assert.Equal(ErrorIds.FileNotFound, results[1].Failure!.ErrorId);
        Assert.Contains(ErrorIds.ImageConstant, results[3].Heatmap!.Warning, StringComparison.Ordinal);
        Assert.Contains(results[3].NewWarnings, warning => warning.Id == ErrorIds.ImageConstant);
        foreach (var index in new[] { 0, 2 })
            Assert.All(results[index].Heatmap!.Values.Paired(One(patch, options, images[index]).Values), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Fact]
    public void Many_images_leave_no_tensors()
    {
        using var patch = Patch();
        using var maker = new HeatmapMaker(patch, new HeatmapOptions { Images = Images(size: new ImageSize(224, 224)) });
        var (done, tensors) = (0, 0L);
        foreach (var result in Enumerable.Repeat(new MammoImage(Square), 40).SelectMany(maker.Add).Concat(maker.Finish()))
        {
            Assert.NotNull(result.Heatmap);
            if (++done == 5)
                tensors = Live();
        }

        Assert.Equal((40, tensors), (done, Live()));

        static long Live() => TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using var patch = Patch();
        using var convolutional = ModelFactory.WholeImage(
            patch, new WholeImageOptions { ImageSize = new(288, 256), TopDepth = [4], TopRepetition = [1] }, 1, out _);
        using var whole = ModelFactory.WholeImage(patch, new WholeImageOptions { ImageSize = new(288, 256), HeatmapOnly = true }, 1, out _);
        Assert.Contains("no heatmap and is no patch classifier", Refused(ErrorIds.HeatmapImpossible, convolutional, new()), StringComparison.Ordinal);
        Assert.Contains("has a heatmap already", Refused(ErrorIds.HeatmapImpossible, whole, new() { AvgPoolSize = new(3, 3) }), StringComparison.Ordinal);
        Assert.Contains("Stride belongs to another kind", Refused(ErrorIds.HeatmapImpossible, patch, new() { Stride = 8 }), StringComparison.Ordinal);
        Assert.Contains(
            "AvgPoolSize 7x7 is larger", Refused(ErrorIds.ModelOptionConflict, patch,
            new() { Images = Images(size: new ImageSize(192, 224)) }), StringComparison.Ordinal);

        static string Refused(string id, MammoModel model, HeatmapOptions options)
        {
            var failure = Assert.Throws<MammoException>(() => new HeatmapMaker(model, options));
            Assert.Equal(id, failure.ErrorId);
            return failure.Message;
        }
    }

    private static void AssertLayersValues(MammoModel model, ImageSize size, MammoHeatmap heatmap)
    {
        Assert.Equal("class0", heatmap.Classes[0]);
        Assert.False(heatmap.IsProbability);
        var plane = ModelPreparation.For(model, Images().Preparation).Preparation.Apply(ImageReader.Read(Portrait)).Plane;
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var network = NetworkRuns.New(model.Graph, model.Weights);
        var name = HeatmapLayer.DenseOf(model.Graph)!.Name;
        var input = NetworkRuns.Input(network, [.. plane.Values.SelectMany(value => Enumerable.Repeat(value, 3))], 1, size.Height, size.Width, 3);
        var expected = NetworkRuns.Values(network.Forward([input], Pass.Inference, new HashSet<string> { name })[name]);
        Assert.InRange(NetworkRuns.Distance(expected, [.. heatmap.Values.Select(value => (double)value)]), 0, 1e-4);
        Assert.True(expected.Max() > 0);
    }

    private static MammoModel WithoutPadding()
    {
        var graph = new TestGraph(null, null, 1)
            .Then("conv", new LayerKind.Conv2D(4, Size2D.Square(8), Size2D.Square(8), Padding.Valid, Size2D.Square(1), UseBias: true, Activation.Relu))
            .Then("pool", new LayerKind.GlobalAveragePooling2D())
            .Then("dense", new LayerKind.Dense(2, UseBias: true, Activation.Softmax))
            .Graph();
        var weights = RandomWeights.For(graph, 3)
            .ToDictionary(pair => pair.Key, pair => pair.Value with { Values = [.. pair.Value.Values.Select(value => value / 10)] });
        return new MammoModel("valid", graph, weights, new ModelCard { Classes = ["a", "b"], Channels = 1 });
    }
}
