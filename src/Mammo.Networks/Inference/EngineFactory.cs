using Mammo.Networks.Models;
using Mammo.Networks.Torch;

namespace Mammo.Networks.Inference;

/// <summary>The engine of a model for what the user asked for; made once and kept by the model.</summary>
internal static class EngineFactory
{
    /// <summary>Chooses and makes the engine.</summary>
    /// <exception cref="MammoException">The device or engine is not to be had, or does not fit the precision.</exception>
    public static IEngine For(MammoModel model, PredictorOptions options)
    {
        var kind = EngineChoice.Resolve(options.Engine, options.Device, options.Precision, TorchDevice.HasGpu);
        return model.Engine((kind, options.Device.Trim().ToLowerInvariant(), options.Precision), () => new SharedEngine(Make(kind, model, options), model.Name));
    }

    private static IEngine Make(EngineKind kind, MammoModel model, PredictorOptions options) => kind == EngineKind.Onnx
        ? new OnnxEngine(model.Graph, model.Weights)
        : new TorchEngine(model.Graph, model.Weights, options.Device, options.Precision);
}
