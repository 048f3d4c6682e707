using Mammo.Networks.Models;

namespace Mammo.Scoring.Engines;

/// <summary>Which engine runs a network on a device in a precision.</summary>
internal static class EngineChoice
{
    /// <summary>
    /// Puts an engine in place of <see cref="EngineKind.Auto"/>, unless it runs in float32 on the CPU, where a trial decides, and refuses what contradicts
    /// itself.
    /// </summary>
    /// <param name="engine">What the user asked for.</param>
    /// <param name="device">Device as the user wrote it: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="precision">Number type.</param>
    /// <param name="hasGpu">Asked only where the device is left open and matters, since the answer loads libtorch.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.EngineConflict"/>: ONNX Runtime or Mammo's own engine on a GPU or in another precision than float32.
    /// </exception>
    public static EngineKind Resolve(EngineKind engine, string device, Precision precision, Func<bool> hasGpu)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(hasGpu);
        var isAuto = Is(device, "auto");
        var isCpu = isAuto || Is(device, "cpu");
        return engine switch
        {
            EngineKind.Torch => EngineKind.Torch,
            EngineKind.Onnx or EngineKind.Mammo when !isCpu => throw Conflict(engine, $"on device '{device}'"),
            EngineKind.Onnx or EngineKind.Mammo when precision != Precision.Float32 => throw Conflict(engine, $"in {precision}"),
            EngineKind.Onnx or EngineKind.Mammo => engine,
            _ => precision == Precision.Float32 && isCpu && !(isAuto && hasGpu()) ? EngineKind.Auto : EngineKind.Torch,
        };
    }

    private static bool Is(string device, string word) => device.AsSpan().Trim().Equals(word, StringComparison.OrdinalIgnoreCase);

    private static MammoException Conflict(EngineKind engine, string what) => new(
        ErrorIds.EngineConflict,
        $"Engine {engine} cannot run {what}: it computes in float32 on the CPU.",
        "Leave the engine at Auto, or use Torch.",
        engine.ToString());
}
