using System.Buffers;
using Mammo.Data.Images;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Scoring.Engines;

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
        if (_graph.Inputs.Length != 1 || _graph.Outputs.Length != 1
            || _graph[_graph.Inputs[0]].Kind is not LayerKind.Input { Shape: { Rank: 3, Channels: not null } shape })
            throw NotOneImage(graph.Name);
        (_input, _inputShape, _output) = (_graph.Inputs[0], shape, _graph.Outputs[0]);
        _session = OnnxSession.Create(() => OnnxFile.Bytes(form), ProcessorCores.Count);
    }

    /// <inheritdoc/>
    public string Name => "onnx cpu float32";

    /// <inheritdoc/>
    public EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var shapes = Shapes(batch);
        var shape = shapes[_output];
        var perImage = (int)shape.Elements!.Value;
        var values = new double[batch.Planes.Count * perImage];
        foreach (var images in Enumerable.Range(0, batch.Planes.Count).Chunk(ImagesPerRun(shapes)))
            Run(batch, images[0], images.Length, shape, values.AsSpan(images[0] * perImage, images.Length * perImage), cancellation);
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

    private void Run(PlaneBatch batch, int first, int count, TensorShape shape, Span<double> values, CancellationToken cancellation)
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
            using var results = OnnxSession.Run(_session, _input, input, _output, cancellation);
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
        {
            // Of one plane every channel is a copy.
            var image = batch.Planes[first + (plane / channels)];
            image.AsSpan(image.Length == length ? 0 : plane % channels * length, length).CopyTo(planes.AsSpan(plane * length));
        }
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
            && batch.Fits(_inputShape.Channels!.Value)
            && (_inputShape.Sizes[0] ?? batch.Height) == batch.Height
            && (_inputShape.Sizes[1] ?? batch.Width) == batch.Width;
        return isFitting
            ? ShapeInference.Infer(_graph, new ImageSize(batch.Height, batch.Width))
            : throw new MammoException(
                ErrorIds.ModelInputMismatch,
                $"Images of {new ImageSize(batch.Height, batch.Width)} do not fit input '{_input}' of network '{_graph.Name}', which is {_inputShape}.",
                "Resize the images to the network's input size.",
                _input);
    }
}

/// <summary>Sessions of ONNX Runtime with its failures reported in Mammo's words.</summary>
internal static class OnnxSession
{
    /// <summary>Loads ONNX bytes for the CPU, which are made where the library is there.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.OnnxUnavailable"/>: the native library cannot be loaded; <see cref="ErrorIds.EngineFailed"/>: it refuses the network, usually out of
    /// memory.
    /// </exception>
    public static InferenceSession Create(Func<byte[]> bytes, int threads)
    {
        try
        {
            // No telemetry: scores are patient data. What is asked of the environment object comes too late for what is done when it is made.
            NoTelemetry.Set();
            OrtEnv.Instance().DisableTelemetryEvents();
            using var options = Options(threads);
            return new InferenceSession(bytes(), options);
        }
        catch (OnnxRuntimeException failure)
        {
            throw Failed("cannot load the network", failure);
        }
        catch (Exception failure)
            when (failure is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new MammoException(
                ErrorIds.OnnxUnavailable,
                $"ONNX Runtime cannot be loaded: {failure.GetBaseException().Message}",
                "Check that the onnxruntime library for this system is in the module's bin folder, or use -Engine Mammo or Torch.",
                inner: failure);
        }
    }

    /// <summary>Runs a session, to its end or until it is cancelled: ONNX Runtime looks between two layers whether it is to end.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.EngineFailed"/>: usually out of memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IDisposableReadOnlyCollection<OrtValue> Run(
        InferenceSession session, string inputName, OrtValue input, string outputName, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var options = new RunOptions();
            using var end = cancellation.Register(() => options.Terminate = true);
            return session.Run(options, [inputName], [input], [outputName]);
        }
        catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OnnxRuntimeException failure)
        {
            throw Failed("cannot run the network", failure);
        }
    }

    private static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,

            // A pattern for each input shape comes on top of the arena: 500 MB more for VGG16 at 1152x896, and no faster.
            EnableMemoryPattern = false,
        };

        // Putting a Pad into an AveragePool whose kernel is not larger gives a pool that ONNX Runtime itself then refuses.
        options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
        return options;
    }

    private static MammoException Failed(string what, OnnxRuntimeException failure) => new(
        ErrorIds.EngineFailed,
        $"ONNX Runtime {what}: {failure.Message}",
        "Use smaller images, or free memory; -Engine torch runs the same network.",
        inner: failure);
}
