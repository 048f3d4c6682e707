using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;
using TorchSharp;

namespace Mammo.Tests.Scoring.Prediction;

public sealed class PredictorTests
{
    internal static readonly string Image = Shared.Data("oracle", "images", "img05_u16_113x87.png");

    [Theory]
    [InlineData(EngineKind.Torch)]
    [InlineData(EngineKind.Onnx)]
    [InlineData(EngineKind.Mammo)]
    public void Many_images_take_no_more_memory_than_few(EngineKind engine)
    {
        var grown = long.Parse(Assert.Single(ChildProcess.RunTask(PredictTask.Name, engine.ToString()).Lines), CultureInfo.InvariantCulture);

        // Where nothing is kept it is below 6 MB. Kept planes alone would be 29 MB.
        var planes = (long)PredictTask.Measured * PredictTask.Size.Height * PredictTask.Size.Width * sizeof(float);
        Assert.InRange(grown, long.MinValue, planes / 2);
    }

    [Fact]
    public void Many_images_leave_no_tensors()
    {
        using var model = Small(1);
        using var predictor = new Predictor([model], Options(EngineKind.Torch));
        var (done, tensors) = (0, 0L);
        foreach (var result in Enumerable.Repeat(new MammoImage(Image), 60).SelectMany(predictor.Add).Concat(predictor.Finish()))
        {
            Assert.NotNull(result.Prediction);
            if (++done == 20)
                tensors = Live();
        }

        Assert.Equal((60, tensors), (done, Live()));

        static long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
    }

    [Fact]
    public void Results_come_in_order_and_the_same_in_batches_with_flips_and_alone()
    {
        using var model = Small(1);
        string[] names = ["img00_u16_288x224.png", "img02_u16_1152x896.png", "missing.png", "img05_u16_113x87.png", "img01_u16_350x260.png"];
        MammoImage[] images = [.. names.Select(name => new MammoImage(Shared.Data("oracle", "images", name)))];
        var alone = images.Select(image => Run(model, [image], Options(EngineKind.Torch) with { Augment = true })[0]).ToArray();
        var together = Run(model, images, Options(EngineKind.Torch) with { Augment = true, BatchSize = 3, WorkerCount = 2 });
        Assert.Equal(images, together.Select(result => result.Image));
        Assert.Equal(ErrorIds.FileNotFound, together[2].Failure!.ErrorId);
        foreach (var (one, other) in alone.Paired(together).Where(pair => pair.First.Prediction is not null))
            Assert.Equal(one.Prediction!.Score!.Value, other.Prediction!.Score!.Value, 1e-6);
    }

    [Fact]
    public void Images_of_several_sizes_share_a_batch_when_the_network_is_open()
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1.0 / 16, Classes = ["a", "b"] }, 1);
        MammoImage[] images = [
            .. new[] { "img00_u16_288x224.png", "img05_u16_113x87.png", "img01_u16_350x260.png" }.Select(
                name => new MammoImage(Shared.Data("oracle", "images", name)))];
        var together = Run(patch, images, Options(EngineKind.Torch) with { BatchSize = 3 });
        for (var index = 0; index < images.Length; index++)
            Assert.Equal(Run(patch, [images[index]], Options(EngineKind.Torch))[0].Prediction!.Score!.Value, together[index].Prediction!.Score!.Value, 1e-6);
    }

    [Fact]
    public void Cancelling_ends_the_run()
    {
        using var model = Small(1);
        using var stop = new CancellationTokenSource();
        using var predictor = new Predictor([model], Options(EngineKind.Onnx), stop.Token);
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var _ in Enumerable.Repeat(new MammoImage(Image), 100).SelectMany(predictor.Add))
                stop.Cancel();
        });
    }

    [Fact]
    public void New_weights_are_used_at_once()
    {
        using var model = Small(1);
        using var other = Small(2);
        var before = Run(model, [new MammoImage(Image)], Options(EngineKind.Onnx))[0].Prediction!.Score;
        model.Update(other.Weights, model.Card);
        var after = Run(model, [new MammoImage(Image)], Options(EngineKind.Onnx))[0].Prediction!.Score;
        Assert.NotEqual(before, after);
        Assert.Equal(Run(other, [new MammoImage(Image)], Options(EngineKind.Onnx))[0].Prediction!.Score, after);
    }

    internal static PredictorOptions Options(EngineKind engine) =>
        new() { Engine = engine, Preparation = new() { RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52 } };

    private static List<PredictionResult> Run(MammoModel model, IEnumerable<MammoImage> images, PredictorOptions options)
    {
        using var predictor = new Predictor([model], options);
        return [.. images.SelectMany(predictor.Add).Concat(predictor.Finish())];
    }

    internal static MammoModel Small(long seed, ImageSize? size = null)
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "resnet50", WidthMultiplier = 1.0 / 16 }, 1);
        var options = new WholeImageOptions { ImageSize = size ?? new ImageSize(96, 64), TopDepth = [8], TopRepetition = [1] };
        return ModelFactory.WholeImage(patch, options, seed, out _);
    }
}
