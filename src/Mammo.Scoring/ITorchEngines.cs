using Mammo.Networks.Models;

namespace Mammo.Scoring;

/// <summary>What scoring knows of libtorch. Mammo.Torch implements it; without that library, or without libtorch, everything else works.</summary>
internal interface ITorchEngines
{
    /// <summary>True when a GPU can be used; loads libtorch only where it is a build for GPUs.</summary>
    bool HasGpu();

    /// <summary>Makes an engine.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.TorchUnavailable"/>: libtorch cannot be loaded; <see cref="ErrorIds.DeviceUnavailable"/>: this machine has no such device.</exception>
    IEngine Make(MammoModel model, string device, Precision precision);
}
