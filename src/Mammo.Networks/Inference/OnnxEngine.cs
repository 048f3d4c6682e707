using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Networks.Inference;

/// <summary>Runs a network by ONNX Runtime in float32 on the CPU, from ONNX bytes of its inference form that are made in memory.</summary>
internal sealed class OnnxEngine : IEngine
{
    private readonly LayerGraph _graph;
    private readonly string _input;
    private readonly TensorShape _inputShape;
    private readonly string _output;
    private readonly InferenceSession _session;

    /// <summary>Prepares a network; its weights are copied into ONNX Runtime's memory.</summary>
    /// <param name="graph">A network of one input; its first output is returned.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="threads">Processor cores to use; 0 for all.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.OnnxUnavailable"/>: the native library cannot be loaded; <see cref="ErrorIds.OnnxTooLarge"/>: a network above 2 GB;
    /// <see cref="ErrorIds.ModelInputMismatch"/>: not one input of rows, columns and channels.
    /// </exception>
    public OnnxEngine(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, int threads = 0)
    {
        var form = InferenceForm.Of(graph, weights, equalPlanes: true);
        _graph = form.Graph;
        if (_graph.Inputs is not [var input] || _graph[input].Kind is not LayerKind.Input { Shape: { Rank: 3, Channels: not null } shape })
        {
            throw new MammoException(
                ErrorIds.ModelInputMismatch, $"Network '{graph.Name}' does not take one image.", "Use a network with one input of rows, columns and channels.", graph.Name);
        }

        (_input, _inputShape, _output) = (input, shape, _graph.Outputs[0]);
        _session = OnnxSession.Create(OnnxFile.Bytes(form), threads);
    }

    /// <inheritdoc/>
    public string Name => "onnx cpu float32";

    /// <inheritdoc/>
    public EngineOutput Run(PlaneBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var shape = OutputShape(batch);
        var perImage = (int)shape.Elements!.Value;
        var values = new double[batch.Planes.Count * perImage];
        for (var image = 0; image < batch.Planes.Count; image++)
            Run(batch.Planes[image], batch.Height, batch.Width, shape, values.AsSpan(image * perImage, perImage));
        return new EngineOutput([batch.Planes.Count, .. shape.Sizes.Select(size => size!.Value)], values);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private void Run(float[] plane, int height, int width, TensorShape shape, Span<double> values)
    {
        var channels = _inputShape.Channels!.Value;
        var planes = channels == 1 ? plane : [.. Enumerable.Repeat(plane, channels).SelectMany(values => values)];
        using var input = OrtValue.CreateTensorValueFromMemory(planes, [1, channels, height, width]);
        using var options = new RunOptions();
        using var results = OnnxSession.Run(_session, options, _input, input, _output);
        var data = results[0].GetTensorDataAsSpan<float>();
        if (shape.Rank == 3)
            ToChannelsLast(data, shape.Channels!.Value, values);
        else
            for (var index = 0; index < data.Length; index++)
                values[index] = data[index];
    }

    private static void ToChannelsLast(ReadOnlySpan<float> data, int channels, Span<double> values)
    {
        var positions = data.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var position = 0; position < positions; position++)
                values[(position * channels) + channel] = data[(channel * positions) + position];
        }
    }

    private TensorShape OutputShape(PlaneBatch batch)
    {
        var isFitting = batch.Planes.Count > 0
            && batch.Planes.All(plane => plane.Length == batch.Height * batch.Width)
            && (_inputShape.Sizes[0] ?? batch.Height) == batch.Height
            && (_inputShape.Sizes[1] ?? batch.Width) == batch.Width;
        return isFitting
            ? ShapeInference.Infer(_graph, new Size2D(batch.Height, batch.Width))[_output]
            : throw new MammoException(
                ErrorIds.ModelInputMismatch,
                FormattableString.Invariant($"{batch.Planes.Count} images of {batch.Height}x{batch.Width} do not fit input '{_input}' of network '{_graph.Name}', which is {_inputShape}."),
                "Resize the images to the network's input size.",
                _input);
    }
}
