using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;

namespace Mammo.Tests.Scoring.Engines;

public sealed class EngineChoiceTests
{
    [Theory]
    [InlineData(EngineKind.Auto, "cpu", Precision.Float32, EngineKind.Auto)]
    [InlineData(EngineKind.Auto, "cpu", Precision.Float64, EngineKind.Torch)]
    [InlineData(EngineKind.Auto, "cpu", Precision.BFloat16, EngineKind.Torch)]
    [InlineData(EngineKind.Auto, "cuda:1", Precision.Float32, EngineKind.Torch)]
    [InlineData(EngineKind.Torch, "auto", Precision.Float32, EngineKind.Torch)]
    [InlineData(EngineKind.Onnx, "auto", Precision.Float32, EngineKind.Onnx)]
    [InlineData(EngineKind.Onnx, " CPU ", Precision.Float32, EngineKind.Onnx)]
    [InlineData(EngineKind.Mammo, "auto", Precision.Float32, EngineKind.Mammo)]
    [InlineData(EngineKind.Mammo, "cpu", Precision.Float32, EngineKind.Mammo)]
    public void Is_settled_without_asking_for_a_gpu(EngineKind engine, string device, Precision precision, EngineKind expected) =>
        Assert.Equal(expected, EngineChoice.Resolve(engine, device, precision, () => throw new InvalidOperationException("asked")));

    [Theory]
    [InlineData(true, EngineKind.Torch)]
    [InlineData(false, EngineKind.Auto)]
    public void Depends_on_the_gpu_where_all_is_left_open(bool hasGpu, EngineKind expected) =>
        Assert.Equal(expected, EngineChoice.Resolve(EngineKind.Auto, "auto", Precision.Float32, () => hasGpu));

    [Theory]
    [InlineData(EngineKind.Onnx, "cuda", Precision.Float32)]
    [InlineData(EngineKind.Onnx, "cpu", Precision.Float64)]
    [InlineData(EngineKind.Onnx, "auto", Precision.BFloat16)]
    [InlineData(EngineKind.Mammo, "cuda", Precision.Float32)]
    [InlineData(EngineKind.Mammo, "cuda:1", Precision.Float32)]
    [InlineData(EngineKind.Mammo, "cpu", Precision.Float64)]
    [InlineData(EngineKind.Mammo, "auto", Precision.BFloat16)]
    public void Contradictions_are_refused(EngineKind engine, string device, Precision precision)
    {
        var error = Assert.Throws<MammoException>(() => EngineChoice.Resolve(engine, device, precision, () => false));
        Assert.Equal(ErrorIds.EngineConflict, error.ErrorId);
    }
}
