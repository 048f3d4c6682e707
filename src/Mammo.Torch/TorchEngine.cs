using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using TorchSharp;

using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>Runs networks forward on libtorch.</summary>
internal sealed class TorchEngine : IEngine
{
    private readonly Network _network;
    private readonly LayerGraph _graph;
    private readonly TensorShape _input;

    /// <summary>Prepares a network's weights for inference on a device.</summary>
    /// <param name="graph">A network with one input (rows, columns, channels) and one output.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="device">Device as <see cref="TorchDevice.Parse"/> takes it.</param>
    /// <param name="precision">What it computes in.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelInputMismatch"/>: several inputs or outputs, or an input without rows and columns; <see cref="ErrorIds.DeviceUnavailable"/>;
    /// <see cref="ErrorIds.TorchUnavailable"/>;
    /// <see cref="ErrorIds.EngineFailed"/>: no room for the weights.
    /// </exception>
    public TorchEngine(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, string device, Precision precision)
    {
        _graph = graph;
        _input = OnlyInput(graph);
        // Folding rounds weights to float32; float64 is there for exact comparison and runs the network as it is.
        var form = precision == Precision.Float64 ? new InferenceForm(graph, weights) : InferenceForm.Of(graph, weights, equalPlanes: true);
        _network = Guarded(() => new Network(form.Graph, form.Weights, TorchDevice.Parse(device), precision));
        Name = string.Create(CultureInfo.InvariantCulture, $"torch {_network.Device} {precision.ToString().ToLowerInvariant()}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var images = Images(batch);
        var pass = Pass.Inference with { Cancellation = cancellation };
        return Guarded(() => EngineOutput.Join([.. batch.Planes.Chunk(images).Select(planes => Forward(batch with { Planes = planes }, pass))]));
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>Runs one image and shows the output of every layer.</summary>
    public void Watch(PlaneBatch image, LayerWatcher watcher, CancellationToken cancellation) => Guarded(() =>
    {
        Images(image);
        return Forward(image, Pass.Inference with { Cancellation = cancellation, Watch = (layer, output) => Show(layer, output, watcher) });
    });

    private static void Show(string layer, Tensor output, LayerWatcher watcher)
    {
        const long Piece = 1 << 24;
        using var scope = NewDisposeScope();
        var values = Layout.ToKeras(output).reshape(-1);
        for (var first = 0L; first < values.NumberOfElements; first += Piece)
        {
            using var piece = values.narrow(0, first, Math.Min(Piece, values.NumberOfElements - first)).to(ScalarType.Float64).cpu().contiguous();
            watcher(layer, first, MemoryMarshal.Cast<byte, double>(piece.bytes));
        }
    }

    private static TensorShape OnlyInput(LayerGraph graph)
    {
        if (graph.Inputs.Length == 1 && graph.Outputs.Length == 1 && graph[graph.Inputs[0]].Kind is LayerKind.Input { Shape.Rank: 3 } input)
            return input.Shape;
        throw new MammoException(
            ErrorIds.ModelInputMismatch,
            $"Network '{graph.Name}' has {graph.Inputs.Length} inputs and {graph.Outputs.Length} outputs; images are scored by networks with one image "
                + "as input and one output.",
            target: graph.Name);
    }

    private int Images(PlaneBatch batch)
    {
        if (batch.Planes.Count == 0)
            throw new ArgumentException("The batch is empty.", nameof(batch));
        var size = new ImageSize(batch.Height, batch.Width);
        if ((_input.Sizes[0] ?? size.Height) != size.Height || (_input.Sizes[1] ?? size.Width) != size.Width)
        {
            throw new MammoException(
                ErrorIds.ModelInputMismatch,
                $"Network '{_graph.Name}' takes images of {_input.Sizes[0]}x{_input.Sizes[1]} pixels, not {size}.",
                "Give the size that the model was made for.",
                _graph.Name);
        }

        ShapeInference.Infer(_graph, size);
        return ImagesPerRun.Of(_network, size);
    }

    /// <summary>Planes as the network's input: of an image one for all of its channels, or one for each.</summary>
    internal static Tensor Input(Network network, PlaneBatch batch)
    {
        var stored = batch.Planes.Max(plane => plane.Length) / (batch.Height * batch.Width);
        var planes = empty([batch.Planes.Count, stored, batch.Height, batch.Width], ScalarType.Float32);
        for (var image = 0; image < batch.Planes.Count; image++)
            MemoryMarshal.AsBytes(batch.Planes[image].AsSpan()).CopyTo(planes[image].bytes);
        var channels = ((LayerKind.Input)network.Graph[network.Graph.Inputs[0]].Kind).Shape.Channels ?? 1;
        return network.Place(planes.permute(0, 2, 3, 1).expand(-1, -1, -1, channels));
    }

    private T Guarded<T>(Func<T> work) => TorchFailures.Guarded(_graph.Name, "Use smaller images or batches, or free memory.", work);

    private EngineOutput Forward(PlaneBatch batch, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var _ = inference_mode();
        var output = Layout.ToKeras(_network.Forward([Input(_network, batch)], pass)[0]);
        return new EngineOutput([.. output.shape.Select(size => (int)size)], output.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray());
    }
}

/// <summary>Torch's engines for <see cref="EngineFactory"/>, which makes this by name.</summary>
internal sealed class TorchEngines : ITorchEngines
{
    /// <inheritdoc/>
    public bool HasGpu() => TorchDevice.HasGpu();

    /// <inheritdoc/>
    public IEngine Make(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, string device, Precision precision) =>
        new TorchEngine(graph, weights, device, precision);

    /// <inheritdoc/>
    public void Watch(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, PlaneBatch image, LayerWatcher watcher, CancellationToken cancellation)
    {
        using var engine = new TorchEngine(graph, weights, "cpu", Precision.Float64);
        engine.Watch(image, watcher, cancellation);
    }

    /// <inheritdoc/>
    public IEngine MakeGradCam(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, string layer, string device, Precision precision) =>
        new GradCamEngine(graph, weights, layer, device, precision);
}
