using System.Collections.Immutable;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Scoring;

/// <summary>
/// Runs a single-input network forward on prepared planes. Made from a model for a device and precision, cached by the model, safe for calls from several
/// threads one after the other.
/// </summary>
internal interface IEngine : IDisposable
{
    /// <summary>Engine, device and precision in a word each: <c>torch cpu float32</c>, <c>onnx cpu float32</c>; is in every prediction record.</summary>
    string Name { get; }

    /// <summary>The name, and why it was chosen, for people.</summary>
    string Decision => Name;

    /// <summary>All flips of an image may be in one batch: it is faster than one by one, and memory hardly grows.</summary>
    bool TakesFlipsTogether => false;

    /// <summary>Runs a batch.</summary>
    /// <param name="batch">The planes.</param>
    /// <param name="cancellation">Ends the run between two layers.</param>
    /// <exception cref="MammoException">The planes do not fit the network's input.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default);
}

/// <summary>What a network returned for a batch.</summary>
/// <param name="Shape">Sizes with the batch axis first, then Keras's order: (n, classes), or (n, rows, columns, classes) for heatmaps.</param>
/// <param name="Values">The values in C order; widened to float64 whatever the network's precision.</param>
internal sealed record EngineOutput(ImmutableArray<int> Shape, double[] Values)
{
    /// <summary>Outputs for some images after another as one.</summary>
    public static EngineOutput Join(IReadOnlyList<EngineOutput> outputs) => outputs is [var only]
        ? only
        : new([outputs.Sum(output => output.Shape[0]), .. outputs[0].Shape.Skip(1)], [.. outputs.SelectMany(output => output.Values)]);

    /// <summary>The values of one image.</summary>
    public ReadOnlySpan<double> Of(int image)
    {
        var length = Values.Length / Shape[0];
        return Values.AsSpan(image * length, length);
    }
}

/// <summary>
/// Prepared grey images of one size, ready for a network: an engine gives each of its input channels the same plane, or of two planes each of two channels its
/// own.
/// </summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Planes">One array of height × width values per image, row by row; or of twice as many, one plane behind the other.</param>
internal sealed record PlaneBatch(int Height, int Width, IReadOnlyList<float[]> Planes)
{
    /// <summary>Whether every image has one plane, or as many as the network has channels.</summary>
    /// <param name="channels">Channels of the network's input.</param>
    public bool Fits(int channels) => Planes.All(plane => plane.Length == Height * Width || plane.Length == channels * Height * Width);
}

/// <summary>What scoring knows of libtorch. Mammo.Torch implements it; without that library, or without libtorch, everything else works.</summary>
internal interface ITorchEngines
{
    /// <summary>True when a GPU can be used; loads libtorch only where it is a build for GPUs.</summary>
    bool HasGpu();

    /// <summary>Makes an engine.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.TorchUnavailable"/>: libtorch cannot be loaded; <see cref="ErrorIds.DeviceUnavailable"/>: this machine has no such device.
    /// </exception>
    IEngine Make(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, string device, Precision precision);

    /// <summary>Runs one image in float64 on the CPU and shows the output of every layer.</summary>
    /// <exception cref="MammoException">As above; <see cref="ErrorIds.EngineFailed"/>: no room.</exception>
    void Watch(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, PlaneBatch image, LayerWatcher watcher, CancellationToken cancellation);

    /// <summary>Makes an engine that gives the Grad-CAM of every output at a layer: (n, rows, columns, outputs).</summary>
    /// <exception cref="MammoException">As above.</exception>
    IEngine MakeGradCam(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, string layer, string device, Precision precision);
}

/// <summary>Is shown a piece of a layer's output, rows × columns × channels; the pieces of a layer come one behind the other.</summary>
/// <param name="layer">Name of the layer.</param>
/// <param name="first">Position of the piece's first value.</param>
/// <param name="values">The values.</param>
internal delegate void LayerWatcher(string layer, long first, ReadOnlySpan<double> values);
