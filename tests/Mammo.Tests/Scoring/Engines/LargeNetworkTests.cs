using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Inputs;
using Mammo.Scoring.Prediction;
using Mammo.Tests.Torch.Training;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>A file of a few hundred bytes whose network takes more memory than any machine has: refused before an image is read.</summary>
public sealed class LargeNetworkTests
{
    // Below the limit of pixels of an image.
    private static readonly ImageSize Size = new(19_000, 19_000);

    [Theory]
    [InlineData(EngineKind.Onnx)]
    [InlineData(EngineKind.Mammo)]
    [InlineData(EngineKind.Torch)]
    public void Every_engine_refuses_it(EngineKind engine)
    {
        using var known = Model(Size.Height, Size.Width);
        Refused(() => _ = new Predictor([known], Options(engine)));
        Refused(() => _ = new InputTest(known, Options(engine)));
        using var open = Model(null, null);
        Refused(() => _ = new HeatmapMaker(open, new HeatmapOptions { Images = Options(engine, Size), AvgPoolSize = new Size2D(4, 4) }));

        // A size that only the image says is compared at each run.
        var runs = EngineFactory.For(open, Options(engine), cancellation: TestContext.Current.CancellationToken);
        Refused(() => runs.Run(new PlaneBatch(Size.Height, Size.Width, [])));
        Assert.Equal([1, 2], runs.Run(new PlaneBatch(8, 8, [new float[64]]), TestContext.Current.CancellationToken).Shape);
    }

    [Fact]
    public void GradCam_refuses_it()
    {
        var options = new HeatmapOptions { Kind = HeatmapKind.GradCam, Images = Options(EngineKind.Torch) };
        using var known = Model(Size.Height, Size.Width);
        Refused(() => _ = new HeatmapMaker(known, options));
        using var open = Model(null, null);
        var network = GradCamNetwork.Of(open, "maps");
        var runs = EngineFactory.ForGradCam(open, network.Graph, network.Weights, network.Layer, Options(EngineKind.Torch), null, null);
        Refused(() => runs.Run(new PlaneBatch(Size.Height, Size.Width, [])));
        Assert.Equal([1, 8, 8, 2], runs.Run(new PlaneBatch(8, 8, [new float[64]]), TestContext.Current.CancellationToken).Shape);
    }

    [Fact]
    public void Training_refuses_it()
    {
        using var model = Model(Size.Height, Size.Width);
        var data = TinyTraining.Data(Shared.NewFolder());
        data = data with { Preparation = data.Preparation with { Size = Size } };
        var stages = TinyTraining.Stages(model, TinyTraining.Schedule with { Epoch = 0 });
        Refused(() => _ = new Trainer(model, TinyTraining.Options).Train(stages, data, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Training_refuses_a_batch_that_the_machine_cannot_hold_before_an_image_is_read()
    {
        var data = TinyTraining.Data(Shared.NewFolder());
        var batch = data.Train.Count;
        var side = (int)Math.Sqrt(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 1.1 / batch / (20_000 * sizeof(float))) + 1;
        using var model = Model(side, side);
        data = data with { Preparation = data.Preparation with { Size = new ImageSize(side, side) } };
        var options = TinyTraining.Options with { BatchSize = batch, TrainBatchMultiplier = 1, Device = "cpu" };
        var error = Assert.Throws<MammoException>(
            () => new Trainer(model, options).Train(
                TinyTraining.Stages(model, TinyTraining.Schedule with { Epoch = 0 }), data, TestContext.Current.CancellationToken));
        Assert.True(error.ErrorId == ErrorIds.NetworkTooLarge, error.Message);
        Assert.Contains("-GradientCheckpoint", error.SuggestedFix, StringComparison.Ordinal);
    }

    private static void Refused(Func<object> act) => Assert.Equal(ErrorIds.NetworkTooLarge, Assert.Throws<MammoException>(act).ErrorId);

    private static PredictorOptions Options(EngineKind engine, ImageSize? size = null) =>
        new() { Engine = engine, Preparation = new() { ImageSize = size, RescaleFactor = 1, FeaturewiseMean = 52 } };

    // 20,000 maps of one weight and bias each.
    private static MammoModel Model(int? height, int? width)
    {
        var graph = new TestNetwork().Input("in", height, width, 1).Then("maps", TestNetwork.Conv(20_000, 1))
            .Then("pool", new LayerKind.GlobalAveragePooling2D()).Then("classes", new LayerKind.Dense(2, UseBias: true, Activation.Softmax)).Graph();
        return new MammoModel("large", graph, TestNetwork.Weights(graph), new ModelCard { Classes = ["neg", "pos"] });
    }
}
