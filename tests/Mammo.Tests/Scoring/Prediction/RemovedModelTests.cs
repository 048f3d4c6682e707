using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;

namespace Mammo.Tests.Scoring.Prediction;

/// <summary>Models that are removed or trained on while other threads predict with them: native memory must not go from under a running network.</summary>
public sealed class RemovedModelTests
{
    private static readonly MammoImage Image = new(Shared.Data("oracle", "images", "img05_u16_113x87.png"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EngineKind.Torch)]
    [InlineData(EngineKind.Onnx)]
    public async Task Predictions_end_with_an_error_that_tells_why(EngineKind engine)
    {
        var random = new Random(11);
        var scored = 0;
        for (var round = 0; round < 12; round++)
        {
            using var model = Model();
            using var started = new CountdownEvent(2);
            var threads = Enumerable.Range(0, 2).Select(_ => Task.Run(() => PredictUntilRemoved(model, engine, started), Cancel)).ToArray();

            // In the first rounds while engines are made, later in the midst of predictions.
            if (round >= 4)
                Assert.True(started.Wait(TestRun.Patience, Cancel));
            await Task.Delay(random.Next(0, 40), Cancel);
            if (round % 2 == 0)
                model.Dispose();
            else
                model.Update(model.Weights, model.Card);
            if (round % 2 == 1)
                await Task.Delay(20, Cancel);
            model.Dispose();
            var counts = await Task.WhenAll(threads).WaitAsync(TestRun.Patience, Cancel);
            scored += counts.Sum();
        }

        Assert.True(scored > 0);
    }

    /// <summary>Predicts with one predictor after the other; each ends with <see cref="ErrorIds.ModelRemoved"/>, and so does the making of one for a model that
    /// is gone.</summary>
    private static int PredictUntilRemoved(MammoModel model, EngineKind engine, CountdownEvent started)
    {
        var options = new PredictorOptions
        {
            Engine = engine,
            Device = "cpu",
            WorkerCount = 1,
            Preparation = new()
            {
                ImageSize = new ImageSize(64, 64),
                RescaleFactor = 1,
                FeaturewiseMean = 60
            }
        };
        for (var count = 0; ;)
        {
            try
            {
                using var predictor = new Predictor([model], options, Cancel);
                foreach (var result in Enumerable.Repeat(Image, 100_000).SelectMany(predictor.Add))
                {
                    Assert.InRange(result.Prediction!.Score!.Value, 0, 1);
                    if (count++ == 0)
                        started.Signal();
                }
            }
            catch (MammoException removed) when (removed.ErrorId == ErrorIds.ModelRemoved)
            {
                if (model.IsDisposed)
                    return count;
            }
        }
    }

    private static MammoModel Model()
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1.0 / 16, Classes = ["a", "b"] }, 1);
        return ModelFactory.WholeImage(
            patch, new WholeImageOptions { ImageSize = new ImageSize(64, 64), BlockType = TopBlock.Vgg, TopDepth = [4], TopRepetition = [1] }, 1, out _);
    }
}
