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
        var batch = new PlaneBatch(Size.Height, Size.Width, [.. Enumerable.Repeat(new float[Size.Height * Size.Width], 4)]);
        var expected = engine.Run(batch, TestContext.Current.CancellationToken).Values;
        var whole = Support.Effort.Of(() => engine.Run(batch));
        using var cancellation = new CancellationTokenSource();
        var run = Task.Run(() => engine.Run(batch, cancellation.Token), TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(whole.Processor.TotalMilliseconds / 20, 1, 100)), TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(expected, engine.Run(batch, TestContext.Current.CancellationToken).Values);
    }

    private static IEngine Make(string name, MammoModel model) => name switch
    {
        "onnx" => new OnnxEngine(model.Graph, model.Weights),
        "mammo" => new ManagedEngine(model.Graph, model.Weights, new ManagedOptions()),
        _ => new TorchEngine(model.Graph, model.Weights, "cpu", Precision.Float32),
    };
}
