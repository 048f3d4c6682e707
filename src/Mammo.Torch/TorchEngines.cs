using Mammo.Networks.Models;
using Mammo.Scoring;

namespace Mammo.Torch;

/// <summary>Torch's engines for <see cref="EngineFactory"/>, which makes this by name.</summary>
internal sealed class TorchEngines : ITorchEngines
{
    /// <inheritdoc/>
    public bool HasGpu() => TorchDevice.HasGpu();

    /// <inheritdoc/>
    public IEngine Make(MammoModel model, string device, Precision precision) => new TorchEngine(model.Graph, model.Weights, device, precision);
}
