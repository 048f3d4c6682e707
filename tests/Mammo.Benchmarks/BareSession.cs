using Microsoft.ML.OnnxRuntime;

namespace Mammo.Benchmarks;

/// <summary>ONNX Runtime and nothing else: a session fed with one tensor that is ready before the clock starts.</summary>
internal sealed class BareSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtValue _input;

    public BareSession(byte[] onnx, SessionOptions options, int batch)
    {
        Batch = batch;
        _session = new InferenceSession(onnx, options);
        var channels = _session.InputMetadata[_session.InputNames[0]].Dimensions[1];
        var planes = Enumerable.Range(0, batch).SelectMany(image => Enumerable.Repeat(BenchmarkModels.Plane(image), channels)).SelectMany(plane => plane)
            .ToArray();
        _input = OrtValue.CreateTensorValueFromMemory(planes, [batch, channels, BenchmarkModels.Height, BenchmarkModels.Width]);
    }

    /// <summary>Images in the tensor.</summary>
    public int Batch { get; }

    public void Run()
    {
        using var results = _session.Run(_options, _session.InputNames, [_input], _session.OutputNames);
        if (!float.IsFinite(results[0].GetTensorDataAsSpan<float>()[0]))
            throw new InvalidOperationException("The network's output is not finite.");
    }

    public void Dispose()
    {
        _input.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}
