using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Managed;
using Mammo.Scoring.Prediction;
using Mammo.Tests.Scoring.Engines;
using Mammo.Tests.Scoring.Heatmaps;
using Mammo.Tests.Torch;
using Mammo.Tests.Torch.Training;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Batches;
using Mammo.Torch.Training.Runs;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Tests.Scoring.Prediction;

/// <summary>A mean for each channel of the network's input.</summary>
public sealed class ChannelMeanTests
{
    private static readonly FeaturewiseMean Caffe = new(103.939, 116.779, 123.68);

    [Theory]
    [InlineData(EngineKind.Torch, Precision.Float64, 1e-6)]
    [InlineData(EngineKind.Torch, Precision.Float32, 2e-5)]
    [InlineData(EngineKind.Onnx, Precision.Float32, 2e-5)]
    [InlineData(EngineKind.Mammo, Precision.Float32, 2e-5)]
    public void Scores_are_those_of_planes_that_are_centred_by_hand(EngineKind engine, Precision precision, double tolerance)
    {
        using var model = Model();
        var grey = new Preparation { Size = new ImageSize(96, 64), RescaleFactor = 255.0 / 65535 }.Apply(ImageReader.Read(PredictorTests.Image)).Plane.Values;
        float[] byHand = [.. grey.SelectMany(value => Caffe.Values.Select(mean => value - (float)mean))];
        var expected = NetworkRuns.Infer(model.Graph, model.Weights, byHand, [1, 96, 64, 3])[^1];
        Assert.NotEqual(expected, Score(model, engine, precision, Caffe.Average), 10 * tolerance);
        Assert.Equal(expected, Score(model, engine, precision, Caffe), tolerance);

        // Otherwise ONNX Runtime would be tested twice.
        Assert.Null(ManagedEngine.Refusal(CentredInput.Of(model.Graph, Caffe), model.Weights));

        // From the card as from the wish, and after another mean was used with the same model.
        using var said = model.WithCard(model.Card with { FeaturewiseMean = Caffe });
        Assert.Equal(expected, Score(said, engine, precision, null), tolerance);
    }

    [Fact]
    public void Flips_and_equal_numbers_change_nothing()
    {
        using var model = Model();
        Assert.Equal(Score(model, EngineKind.Onnx, Precision.Float32, 52), Score(model, EngineKind.Onnx, Precision.Float32, new FeaturewiseMean(52, 52, 52)));
        Assert.Equal(
            Score(model, EngineKind.Torch, Precision.Float64, Caffe, augment: true),
            Score(model, EngineKind.Onnx, Precision.Float32, Caffe, augment: true), 2e-5);
    }

    [Theory]
    [InlineData(HeatmapKind.Forward)]
    [InlineData(HeatmapKind.Sweep)]
    public void Heatmaps_are_those_of_a_network_that_subtracts_the_means_in_its_bias(HeatmapKind kind)
    {
        // A first convolution of one pixel, so that the means can be put into its bias exactly.
        var network = new TestNetwork().Input("in", null, null, 3).Then("conv", TestNetwork.Conv(4, kernel: 1, activation: Activation.Relu))
            .Then("spread", TestNetwork.Conv(4, 3, 4, Padding.Valid, activation: Activation.Relu));
        network.Then("pool", kind == HeatmapKind.Sweep
            ? new LayerKind.GlobalAveragePooling2D()
            : new LayerKind.AveragePooling2D(Size2D.Square(3), Size2D.Square(2), Padding.Valid));
        var made = network.Then("classes", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        var graph = new LayerGraph(
            "m",
            [.. made.Layers.Select(layer =>
                layer with { Role = layer.Name is "pool" or "classes" && kind == HeatmapKind.Forward ? LayerRole.Heatmap : LayerRole.Base })],
            made.Outputs);
        var weights = Tame(graph);
        var (kernel, bias) = (weights["conv/kernel"], weights["conv/bias"]);
        var moved = bias.Values.Select((value, filter) =>
            (float)(value - Enumerable.Range(0, 3).Sum(channel => kernel.Values[(filter * 3) + channel] * Caffe.Values[channel]))).ToArray();
        using var model = new MammoModel("m", graph, weights, new ModelCard { Classes = ["neg", "pos"], RescaleFactor = 1, FeaturewiseMean = Caffe });
        var others = new Dictionary<string, Weight>(weights) { ["conv/bias"] = new Weight(bias.Shape, moved) };
        using var byHand = new MammoModel("m", graph, others, new ModelCard { Classes = ["neg", "pos"], RescaleFactor = 1, FeaturewiseMean = 0 });
        var options = new HeatmapOptions { Kind = kind, PatchSize = kind == HeatmapKind.Sweep ? 64 : null, Images = new() { Engine = EngineKind.Onnx } };
        var (expected, actual) = (HeatmapRuns.One(byHand, options, HeatmapRuns.Square), HeatmapRuns.One(model, options, HeatmapRuns.Square));
        Assert.InRange(NetworkRuns.Distance([.. expected.Values.Select(value => (double)value)], [.. actual.Values.Select(value => (double)value)]), 0, 1e-4);
    }

    [Fact]
    public void Are_in_the_card_of_every_file()
    {
        using var model = PredictorTests.Small(1);
        using var said = model.WithCard(model.Card with { FeaturewiseMean = Caffe });
        var folder = Shared.NewFolder();
        ModelFiles.Export(said, Path.Combine(folder, "m.safetensors"));
        using var again = ModelFiles.Import(Path.Combine(folder, "m.safetensors")).Model;
        Assert.Equal(Caffe, again.Card.FeaturewiseMean);
        OnnxFile.Write(said, Path.Combine(folder, "m.onnx"));
        using var session = new InferenceSession(Path.Combine(folder, "m.onnx"));
        var card = session.ModelMetadata.CustomMetadataMap["mammo.card"];
        Assert.Contains("\"featurewise_mean\":[103.939,116.779,123.68]", card, StringComparison.Ordinal);
        Assert.Contains("\"featurewise_mean\":52.18", CardJson.Write(model.Card with { FeaturewiseMean = 52.18 }), StringComparison.Ordinal);
        foreach (var bad in new[] { "[]", "\"52\"", "[1,\"2\",3]" })
        {
            var failure = Assert.Throws<MammoException>(() => CardJson.Read($"{{\"featurewise_mean\":{bad}}}"));
            Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
        }
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(1, 3)]
    [InlineData(3, 4)]
    public void Another_number_than_that_of_the_channels_is_refused(int channels, int means)
    {
        var graph = new TestNetwork().Input("in", 8, 8, channels).Then("pool", new LayerKind.GlobalAveragePooling2D())
            .Then("classes", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        using var model = new MammoModel("m", graph, TestNetwork.Weights(graph), new ModelCard());
        var mean = new FeaturewiseMean([.. Enumerable.Repeat(5.0, means)]);
        foreach (var failure in new[]
        {
            Assert.Throws<MammoException>(() => ModelPreparation.For(model, new PreparationWishes { FeaturewiseMean = mean })),
            Assert.Throws<MammoException>(() => model.WithCard(model.Card with { FeaturewiseMean = mean })),
        })
        {
            Assert.Equal(ErrorIds.MeanCountMismatch, failure.ErrorId);
            Assert.NotNull(failure.SuggestedFix);
        }
    }

    [Fact]
    public void Trains_on_channels_that_are_centred_one_by_one()
    {
        var data = TinyTraining.Data(Shared.NewFolder());
        var centred = data with { Preparation = data.Preparation with { FeaturewiseMean = Caffe }, Augmentation = null };
        var options = TinyTraining.Options with { Compatibility = TrainingCompatibility.Default };
        var plain = data with { Preparation = data.Preparation with { FeaturewiseMean = null }, Augmentation = null };
        var cancel = TestContext.Current.CancellationToken;
        var batches = new[] { centred, plain }.Select(each => new ImageBatchSource(each, isTraining: false, 3, options).Batches(0, 2, cancel).ToArray())
            .ToArray();
        foreach (var (left, right) in batches[0].Paired(batches[1]).SelectMany(pair => pair.First.Samples.Paired(pair.Second.Samples)))
        {
            for (var channel = 0; channel < 3; channel++)
                Assert.Equal(right.Channels[channel].Select(value => value - (float)Caffe.Values[channel]), left.Channels[channel]);
        }

        using var model = TinyTraining.Model();
        new Trainer(model, options).Train(TinyTraining.Stages(model, TinyTraining.Schedule with { AllLayerEpoch = 0 }), centred, cancel);
        Assert.Equal(Caffe, model.Card.FeaturewiseMean);
    }

    private static MammoModel Model()
    {
        var graph = new TestNetwork().Input("in", 96, 64, 3).Then("conv", TestNetwork.Conv(6, stride: 2, activation: Activation.Relu))
            .Then("next", TestNetwork.Conv(6, activation: Activation.Relu)).Then("pool", new LayerKind.GlobalAveragePooling2D())
            .Then("classes", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        return new MammoModel("m", graph, Tame(graph), new ModelCard { Classes = ["neg", "pos"] });
    }

    // Probabilities that are far from 0 and 1, so that every difference of the planes shows.
    private static Dictionary<string, Weight> Tame(LayerGraph graph)
    {
        var weights = TestNetwork.Weights(graph);
        weights["classes/kernel"] = weights["classes/kernel"] with { Values = [.. weights["classes/kernel"].Values.Select(value => value / 40)] };
        return weights;
    }

    private static double Score(MammoModel model, EngineKind engine, Precision precision, FeaturewiseMean? mean, bool augment = false)
    {
        var options = new PredictorOptions
        {
            Engine = engine,
            Device = "cpu",
            Precision = precision,
            Augment = augment,
            Preparation = new() { RescaleFactor = 255.0 / 65535, FeaturewiseMean = mean },
        };
        using var predictor = new Predictor([model], options);
        var result = Assert.Single([.. predictor.Add(new MammoImage(PredictorTests.Image)), .. predictor.Finish()]);
        return result.Prediction!.Score!.Value;
    }
}
