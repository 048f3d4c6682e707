using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>What Mammo's engine gives for an image, layer by layer.</summary>
internal sealed class LayerOutputs
{
    private readonly ManagedEngine _engine;
    private readonly Dictionary<string, string> _layers;
    private readonly Dictionary<string, int> _tiles = new(StringComparer.Ordinal);

    /// <summary>Watches an engine.</summary>
    /// <param name="engine">It computes all tiles and keeps all layers; what nobody reads would be missing otherwise.</param>
    /// <param name="graph">The network as it was given to the engine.</param>
    public LayerOutputs(ManagedEngine engine, LayerGraph graph) => (_engine, _layers) = (engine, Ends(graph, engine.Graph));

    /// <summary>Rows and columns of the tiles of Winograd's method, of layers that take it.</summary>
    public IReadOnlyDictionary<string, int> Tiles => _tiles;

    /// <summary>
    /// Runs one image and keeps the outputs, rows × columns × channels, of all layers of the network that are computed: of several in one go, the last.
    /// </summary>
    public Dictionary<string, float[]> Of(PlaneBatch image, CancellationToken cancellation)
    {
        var outputs = new Dictionary<string, float[]>(StringComparer.Ordinal);
        _engine.Observe = (step, pass) =>
        {
            // Half of a separable convolution is no layer of the network.
            if (!_layers.TryGetValue(step.Name, out var layer))
                return;
            outputs[layer] = Copy(step.Output, pass);
            if (step is IWinogradStep winograd)
                _tiles[layer] = winograd.Tile;
        };
        _engine.Run(image, cancellation);
        return outputs;
    }

    /// <summary>
    /// For each layer of the form that runs, the layer of the network whose output it gives: a layer that is not there any more was taken in by what it reads.
    /// </summary>
    private static Dictionary<string, string> Ends(LayerGraph graph, LayerGraph form)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var ends = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in graph.Layers)
        {
            var owner = form.Contains(layer.Name) ? layer.Name : owners[layer.Inputs[0]];
            (owners[layer.Name], ends[owner]) = (owner, layer.Name);
        }

        return ends;
    }

    private static unsafe float[] Copy(FeatureMap map, Pass pass)
    {
        var values = new float[map.Pixels * map.Channels];
        var source = map.At(pass.Memory);
        for (var pixel = 0L; pixel < map.Pixels; pixel++)
            new ReadOnlySpan<float>(source + (pixel * map.Stride), map.Channels).CopyTo(values.AsSpan((int)(pixel * map.Channels)));
        return values;
    }
}
