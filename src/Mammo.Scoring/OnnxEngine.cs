using System.Buffers;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Scoring;

/// <summary>Runs a network by ONNX Runtime in float32 on the CPU, from ONNX bytes of its inference form that are made in memory.</summary>
internal sealed class OnnxEngine : IEngine
{
    // Several images in one run are a few percent faster, but each brings its maps: VGG16's first at 1152x896 has 264 MB, ResNet50's 66 MB.
    private const long LargestMap = 300L << 20;

    private readonly LayerGraph _graph;
    private readonly string _input;
    private readonly TensorShape _inputShape;
    private readonly string _output;
    private readonly InferenceSession _session;

    /// <summary>Prepares a network; its weights are copied into ONNX Runtime's memory.</summary>
    /// <param name="graph">A network of one input and one output.</param>
    /// <param name="weights">Its weights.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.OnnxUnavailable"/>: the native library cannot be loaded; <see cref="ErrorIds.OnnxTooLarge"/>: a network above 2 GB;
    /// <see cref="ErrorIds.ModelInputMismatch"/>: not one input of rows, columns and channels, or several outputs.
    /// </exception>
    public OnnxEngine(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights)
    {
        var form = InferenceForm.Of(graph, weights, equalPlanes: true);
        _graph = form.Graph;
        if (_graph.Inputs.Length != 1 || _graph.Outputs.Length != 1 || _graph[_graph.Inputs[0]].Kind is not LayerKind.Input { Shape: { Rank: 3, Channels: not null } shape })
            throw NotOneImage(graph.Name);
        (_input, _inputShape, _output) = (_graph.Inputs[0], shape, _graph.Outputs[0]);
        _session = OnnxSession.Create(OnnxFile.Bytes(form), ProcessorCores.Count);
    }

    /// <inheritdoc/>
    public string Name => "onnx cpu float32";

    /// <inheritdoc/>
    public EngineOutput Run(PlaneBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var shapes = Shapes(batch);
        var shape = shapes[_output];
        var perImage = (int)shape.Elements!.Value;
        var values = new double[batch.Planes.Count * perImage];
        foreach (var images in Enumerable.Range(0, batch.Planes.Count).Chunk(ImagesPerRun(shapes)))
            Run(batch, images[0], images.Length, shape, values.AsSpan(images[0] * perImage, images.Length * perImage));
        return new EngineOutput([batch.Planes.Count, .. shape.Sizes.Select(size => size!.Value)], values);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static int ImagesPerRun(IReadOnlyDictionary<string, TensorShape> shapes) =>
        (int)Math.Max(1, LargestMap / shapes.Values.Max(shape => shape.Elements!.Value * sizeof(float)));

    private static MammoException NotOneImage(string network) => new(
        ErrorIds.ModelInputMismatch,
        $"Network '{network}' does not take one image and return one output.",
        "Use a network with one input of rows, columns and channels, and one output.",
        network);

    private void Run(PlaneBatch batch, int first, int count, TensorShape shape, Span<double> values)
    {
        var channels = _inputShape.Channels!.Value;
        var length = count * channels * batch.Height * batch.Width;
        var isReady = count * channels == 1;
        var planes = isReady ? batch.Planes[first] : ArrayPool<float>.Shared.Rent(length);
        try
        {
            if (!isReady)
                Gather(batch, first, count, channels, planes);
            long[] inputShape = [count, channels, batch.Height, batch.Width];
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, planes.AsMemory(0, length), inputShape);
            using var results = OnnxSession.Run(_session, _input, input, _output);
            ToKerasOrder(results[0].GetTensorDataAsSpan<float>(), shape, values);
        }
        finally
        {
            if (!isReady)
                ArrayPool<float>.Shared.Return(planes);
        }
    }

    private static void Gather(PlaneBatch batch, int first, int count, int channels, float[] planes)
    {
        var length = batch.Height * batch.Width;
        for (var plane = 0; plane < count * channels; plane++)
            batch.Planes[first + (plane / channels)].CopyTo(planes, plane * length);
    }

    private static void ToKerasOrder(ReadOnlySpan<float> data, TensorShape shape, Span<double> values)
    {
        var channels = shape.Rank == 3 ? shape.Channels!.Value : 1;
        var positions = (int)shape.Elements!.Value / channels;
        for (var index = 0; index < data.Length; index++)
        {
            var (image, channel, position) = (index / (channels * positions), index / positions % channels, index % positions);
            values[(((image * positions) + position) * channels) + channel] = data[index];
        }
    }

    private IReadOnlyDictionary<string, TensorShape> Shapes(PlaneBatch batch)
    {
        var isFitting = batch.Planes.Count > 0
            && batch.Planes.All(plane => plane.Length == batch.Height * batch.Width)
            && (_inputShape.Sizes[0] ?? batch.Height) == batch.Height
            && (_inputShape.Sizes[1] ?? batch.Width) == batch.Width;
        return isFitting
            ? ShapeInference.Infer(_graph, new Size2D(batch.Height, batch.Width))
            : throw new MammoException(
                ErrorIds.ModelInputMismatch,
                $"Images of {new Size2D(batch.Height, batch.Width)} do not fit input '{_input}' of network '{_graph.Name}', which is {_inputShape}.",
                "Resize the images to the network's input size.",
                _input);
    }
}
