using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Managed;
using Mammo.Torch;

namespace Mammo.Tests.Scoring.Prediction;

/// <summary>A run of a network is ended between two layers, by every engine.</summary>
public sealed class CancellationTests
{
    private static readonly ImageSize Size = new(512, 384);

    [Theory]
    [InlineData("onnx")]
    [InlineData("mammo")]
    [InlineData("torch")]
    public async Task A_run_is_ended_between_two_layers(string name)
    {
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 0.25, Classes = ["background", "lesion"] }, 1);
        using var engine = Make(name, model);
        var batch = new PlaneBatch(Size.Height, Size.Width, [.. Enumerable.Repeat(Noise(), 4)]);
        var expected = engine.Run(batch, TestContext.Current.CancellationToken).Values;
        var whole = Support.Effort.Of(() => engine.Run(batch));

        // On a busy machine a pause lasts longer than the run: then it is tried again with a shorter one.
        Exception? ended = null;
        for (var pause = Math.Clamp(whole.Processor.TotalMilliseconds / 20, 1, 100); ended is null; pause = pause > 0.1 ? pause / 2 : 0)
        {
            using var cancellation = new CancellationTokenSource();
            var run = Task.Run(() => engine.Run(batch, cancellation.Token), TestContext.Current.CancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(pause), TestContext.Current.CancellationToken);
            await cancellation.CancelAsync();
            ended = await Record.ExceptionAsync(() => run);
        }

        Assert.IsAssignableFrom<OperationCanceledException>(ended);
        Assert.Equal(expected, engine.Run(batch, TestContext.Current.CancellationToken).Values);
    }

    // Of one grey, the own engine would compute one tile.
    private static float[] Noise()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Size.Height * Size.Width).Select(_ => random.NextSingle())];
    }

    private static IEngine Make(string name, MammoModel model) => name switch
    {
        "onnx" => new OnnxEngine(model.Graph, model.Weights),
        "mammo" => new ManagedEngine(model.Graph, model.Weights, new ManagedOptions()),
        _ => new TorchEngine(model.Graph, model.Weights, "cpu", Precision.Float32),
    };
}
