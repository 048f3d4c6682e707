using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using TorchSharp;

using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>
/// Grad-CAM at a layer (Selvaraju and others, "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017, equations 1 and
/// 2): with A_k the maps of the layer and y_c the network's output for class c, α_kc = mean over the positions of ∂y_c/∂A_k, and the map of c is
/// max(0, Σ_k α_kc A_k).
/// </summary>
internal sealed class GradCamEngine : IEngine
{
    private readonly Network _network;
    private readonly string _layer;
    private readonly int _behind;

    /// <summary>Prepares a network's weights on a device.</summary>
    /// <param name="graph">A network with one image input and one output, the scores before softmax or sigmoid.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="layer">Name of a layer with rows and columns on the way to the output.</param>
    /// <param name="device">Device as <see cref="TorchDevice.Parse"/> takes it.</param>
    /// <param name="precision">What it computes in.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.DeviceUnavailable"/>; <see cref="ErrorIds.TorchUnavailable"/>; <see cref="ErrorIds.EngineFailed"/>: no room for the weights.
    /// </exception>
    public GradCamEngine(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, string layer, string device, Precision precision)
    {
        (_layer, _behind) = (layer, graph.Layers.IndexOf(graph[layer]) + 1);

        // The network as it is: folding batch normalisation away would remove layers that may be asked for.
        _network = Guarded(graph, () => new Network(graph, weights, TorchDevice.Parse(device), precision));
        Name = string.Create(CultureInfo.InvariantCulture, $"torch {_network.Device} {precision.ToString().ToLowerInvariant()}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var images = ImagesPerRun.Of(_network, new ImageSize(batch.Height, batch.Width));
        return Guarded(
            _network.Graph, () => EngineOutput.Join([.. batch.Planes.Chunk(images).Select(planes => Maps(batch with { Planes = planes }, cancellation))]));
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private static T Guarded<T>(LayerGraph graph, Func<T> work) =>
        TorchFailures.Guarded(graph.Name, "Use smaller images or batches, a layer nearer to the output, or free memory.", work);

    private EngineOutput Maps(PlaneBatch batch, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var walk = new Walk(_network, Pass.Inference with { HasGradients = true, Cancellation = cancellation });
        var given = UpToLayer(batch, walk);
        var maps = given[_layer].detach().requires_grad_();
        given[_layer] = maps;
        var output = _network.Graph.Outputs[0];
        var scores = output == _layer
            ? maps
            : walk.Run(_behind, _network.Graph.Layers.Length, given, ImmutableHashSet.Create(StringComparer.Ordinal, output))[output];
        var classes = (int)scores.shape[1];
        var shown = new Tensor[classes];
        for (var label = 0; label < classes; label++)
        {
            cancellation.ThrowIfCancellationRequested();

            // Images do not touch one another, so the gradient of their sum is that of each.
            var gradient = autograd.grad([scores.select(1, label).sum()], [maps], retain_graph: label + 1 < classes)[0];
            using var _ = no_grad();
            shown[label] = (gradient.mean([2, 3], keepdim: true) * maps).sum(1).relu();
        }

        using var __ = no_grad();
        var stacked = stack(shown, -1).to(ScalarType.Float64).cpu().contiguous();
        return new EngineOutput([.. stacked.shape.Select(size => (int)size)], stacked.data<double>().ToArray());
    }

    /// <summary>The layer's output and those before it that later layers use: for Grad-CAM they are constants.</summary>
    private Dictionary<string, Tensor> UpToLayer(PlaneBatch batch, Walk walk)
    {
        using var _ = no_grad();
        var kept = _network.Graph.Layers.Skip(_behind).SelectMany(layer => layer.Inputs).Append(_layer).ToHashSet(StringComparer.Ordinal);
        return walk.Run(0, _behind, _network.Named([TorchEngine.Input(_network, batch)]), kept);
    }
}
