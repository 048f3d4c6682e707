using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring.Managed;

namespace Mammo.Scoring.Engines;

/// <summary>The engine of a model for what the user asked for; made once and kept by the model.</summary>
internal static class EngineFactory
{
    // Multiply-adds of an image, ten to some tens of milliseconds, below which a trial costs more time than hundreds of images could gain by it, and ONNX
    // Runtime was the faster one of the networks that were measured.
    private const long FewestTried = 2_000_000_000;

    // Found by name, since scoring must neither reference nor load libtorch: only a torch engine does, and training.
    private static readonly Lazy<ITorchEngines?> Torch = new(() =>
        Type.GetType("Mammo.Torch.TorchEngines, Mammo.Torch") is { } type ? (ITorchEngines?)Activator.CreateInstance(type, nonPublic: true) : null);

    /// <summary>Chooses and makes the engine.</summary>
    /// <exception cref="MammoException">
    /// The device or engine is not available, or does not fit the precision; <see cref="ErrorIds.NetworkTooLarge"/>.
    /// </exception>
    /// <param name="model">The model.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="mean">The mean that its images are centred by; numbers for each channel are subtracted at the network's input.</param>
    /// <param name="size">Rows and columns of all images, where that is known before they are read.</param>
    /// <param name="cancellation">Ends a trial of engines.</param>
    public static IEngine For(
        MammoModel model, PredictorOptions options, FeaturewiseMean? mean = null, ImageSize? size = null, CancellationToken cancellation = default)
    {
        if (size is { } known)
            ActivationMemory.Require(model.Graph, known, model.Name);
        var kind = EngineChoice.Resolve(options.Engine, options.Device, options.Precision, () => Torch.Value?.HasGpu() ?? false);
        var graph = CentredInput.Of(model.Graph, mean);
        var choice = kind == EngineKind.Auto ? Measured(graph, model.Weights, options, size, cancellation) : new Choice(kind, null, null);
        using var made = choice.Made;
        var (shared, reason) = (default(SharedEngine), choice.Reason);
        try
        {
            shared = Kept(choice.Kind);
        }
        catch (MammoException failure)
            when (kind == EngineKind.Auto && EngineTrial.IsOnnxFailure(failure) && ManagedEngine.Refusal(graph, model.Weights) is null)
        {
            (shared, reason) = (Kept(EngineKind.Mammo), EngineTrial.ReasonOf(failure));
        }

        shared.Reason = reason;
        return shared;

        SharedEngine Kept(EngineKind engine) => model.Cached(
            (engine, options.Device.Trim().ToLowerInvariant(), options.Precision, engine == EngineKind.Mammo && options.SkipBackground,
                mean is { Single: null } ? mean : null),
            () =>
            {
                if (made?.Take() is { } tried)
                    return new SharedEngine(tried, graph, model.Name);
                var refusal = engine == EngineKind.Mammo ? ManagedEngine.Refusal(graph, model.Weights) : null;
                var other = Make(refusal is null ? engine : EngineKind.Onnx, graph, model.Weights, options);
                return new SharedEngine(other, graph, model.Name) { Refusal = refusal };
            });
    }

    /// <summary>Makes the engine that gives Grad-CAM at a layer; it needs gradients, and so libtorch.</summary>
    /// <param name="model">The model, which keeps the engine.</param>
    /// <param name="graph">Its network up to the scores.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="options">What the user asked for.</param>
    /// <param name="mean">The mean that its images are centred by.</param>
    /// <param name="size">Rows and columns of all images, where that is known before they are read.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.EngineConflict"/>: another engine was asked for; <see cref="ErrorIds.TorchUnavailable"/>; <see cref="ErrorIds.NetworkTooLarge"/>;
    /// those of torch's engine.
    /// </exception>
    public static IEngine ForGradCam(
        MammoModel model, LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, string layer, PredictorOptions options, FeaturewiseMean? mean,
        ImageSize? size)
    {
        if (options.Engine is not (EngineKind.Auto or EngineKind.Torch))
        {
            throw new MammoException(
                ErrorIds.EngineConflict,
                $"Engine {options.Engine} computes no gradients, which Grad-CAM needs.",
                "Leave the engine at Auto, or use Torch.",
                options.Engine.ToString());
        }

        if (size is { } known)
            ActivationMemory.Require(graph, known, model.Name, layer);
        return model.Cached(
            ("gradcam", layer, options.Device.Trim().ToLowerInvariant(), options.Precision, mean is { Single: null } ? mean : null),
            () => new SharedEngine(
                (Torch.Value ?? throw NoTorch()).MakeGradCam(CentredInput.Of(graph, mean), weights, layer, options.Device, options.Precision),
                graph,
                model.Name,
                layer));
    }

    /// <summary>Runs one image in float64 on the CPU and shows the output of every layer; it needs libtorch.</summary>
    /// <exception cref="MammoException">As <see cref="ITorchEngines.Watch"/>.</exception>
    public static void Watch(
        LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, PlaneBatch image, LayerWatcher watcher, CancellationToken cancellation) =>
        (Torch.Value ?? throw NoTorch()).Watch(graph, weights, image, watcher, cancellation);

    /// <summary>The faster of Mammo's engine and ONNX Runtime, from a trial, or one before.</summary>
    private static Choice Measured(
        LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, PredictorOptions options, ImageSize? size, CancellationToken cancellation)
    {
        if (size is not { } known)
            return new Choice(EngineKind.Onnx, "the images' size is not known before they are read", null);
        var key = TrialKey.Of(graph, known);
        if (TrialMemory.OfProcess.Find(key) is { } found)
            return new Choice(found.Engine, found.ToString(), null);
        if (ManagedEngine.Refusal(graph, weights) is { } refusal)
        {
            TrialMemory.OfProcess.Keep(key, new TrialResult(EngineKind.Onnx, null, null, refusal));
            return new Choice(EngineKind.Onnx, refusal, null);
        }

        if (ComputeCost.MultiplyAdds(graph, known) < FewestTried)
        {
            const string Small = "an image takes less time than a trial of engines saves";
            TrialMemory.OfProcess.Keep(key, new TrialResult(EngineKind.Onnx, null, null, Small));
            return new Choice(EngineKind.Onnx, Small, null);
        }

        var (result, engine) = EngineTrial.Run(
            () => Make(EngineKind.Mammo, graph, weights, options), () => Make(EngineKind.Onnx, graph, weights, options), known, cancellation: cancellation);
        var fault = TrialMemory.OfProcess.Keep(key, result);
        return new Choice(result.Engine, fault is null ? result.ToString() : $"{result}; {fault}", new MadeEngine(engine));
    }

    private static IEngine Make(EngineKind kind, LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, PredictorOptions options) => kind switch
    {
        EngineKind.Mammo => new ManagedEngine(graph, weights, new ManagedOptions { SkipBackground = options.SkipBackground }),
        EngineKind.Onnx => new OnnxEngine(graph, weights),
        _ => (Torch.Value ?? throw NoTorch()).Make(graph, weights, options.Device, options.Precision),
    };

    private static MammoException NoTorch() => new(
        ErrorIds.TorchUnavailable,
        "This installation of Mammo has no libtorch, so it scores on the CPU in float32 only.",
        "Install Mammo with libtorch for training, Grad-CAM, GPUs, float64 and bfloat16.");

    /// <summary>Which engine, why, and the engine itself where a trial has made it.</summary>
    private sealed record Choice(EngineKind Kind, string? Reason, MadeEngine? Made);

    /// <summary>An engine that a trial made, until somebody takes it.</summary>
    private sealed class MadeEngine(IEngine engine) : IDisposable
    {
        private IEngine? _engine = engine;

        public IEngine? Take() => Interlocked.Exchange(ref _engine, null);

        public void Dispose() => Take()?.Dispose();
    }
}
