using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>Reads the groups of weights of an open Keras file.</summary>
/// <param name="path">Its path, for messages.</param>
/// <param name="file">The file.</param>
internal sealed class KerasWeightReader(string path, HdfFile file)
{
    private readonly IReadOnlyList<KerasWeightGroup> _groups = KerasWeightGroup.All(file) ?? throw new MammoException(
        ErrorIds.ModelFileInvalid,
        $"'{path}' is HDF5 but has no Keras weights (no list 'layer_names').",
        "Give a file that Keras 2 saved with model.save or save_weights.",
        path);

    private HashSet<string> Names => field ??= _groups.Select(group => group.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The precisions in which arrays are stored, in bits.</summary>
    public IEnumerable<int> StoredBits => _groups.SelectMany(group => group.Arrays).Select(array => array.Bits).Distinct();

    /// <summary>All weights of a network.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="frozen">Path names of the layers that were saved frozen.</param>
    public Dictionary<string, Weight> Read(LayerGraph graph, IReadOnlySet<string> frozen)
    {
        var leaves = Leaves(graph, frozen);
        var weights = new Dictionary<string, Weight>(StringComparer.Ordinal);
        foreach (var group in _groups)
        {
            leaves.Remove(group.Name, out var own);
            if (own is null && group.Arrays.Count > 0)
                throw Mismatch($"the file has weights for a layer '{group.Name}' that the network lacks", group.Name);
            if (own is not null)
                Take(group, own, weights);
        }

        return leaves.Count == 0 ? weights : throw Mismatch($"the file has no weights for layer '{leaves.Keys.First()}'", leaves.Keys.First());
    }

    /// <summary>Every layer with its weights, without a network.</summary>
    public IReadOnlyList<KerasLayerWeights> ReadLayers() => [.. _groups.Select(group => new KerasLayerWeights(group.Name, [.. group.Arrays.Select(Named)]))];

    private static KerasNamedWeight Named(HdfArray array)
    {
        var word = KerasWeightName.Parse(array.Name).Word;
        return new KerasNamedWeight(
            array.Name, word, KerasLayout.ToCanonical(array.Read(), KerasLayout.Canonical(array.Shape, isDepthwise: word == "depthwise_kernel")));
    }

    /// <summary>Layers with weights by group: the first part of the path is the layer of the outermost model.</summary>
    private Dictionary<string, List<KerasLeaf>> Leaves(LayerGraph graph, IReadOnlySet<string> frozen)
    {
        var shapes = ShapeInference.Infer(graph);
        var groups = new Dictionary<string, List<KerasLeaf>>(StringComparer.Ordinal);
        foreach (var layer in graph.Layers.Where(layer => layer.SharedWith is null && !layer.Inputs.IsEmpty))
        {
            var weights = WeightPlan.Of(layer, shapes[layer.Inputs[0]]).ToList();
            if (weights.Count == 0)
                continue;
            var group = GroupOf(layer.Name);
            var local = group == layer.Name ? "" : layer.Name[(group.Length + 1)..];
            if (!groups.TryGetValue(group, out var leaves))
                groups[group] = leaves = [];
            leaves.Add(new KerasLeaf(layer, local, [.. weights], !frozen.Contains(layer.Name)));
        }

        return groups;
    }

    /// <summary>
    /// The longest name of a group that the path starts with, since a layer's own name may hold slashes too; without one, the path's first part.
    /// </summary>
    private string GroupOf(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (Names.Contains(path[..end]))
                return path[..end];
        }

        return path.Split('/')[0];
    }

    private void Take(KerasWeightGroup group, List<KerasLeaf> leaves, Dictionary<string, Weight> weights)
    {
        foreach (var (_, weight, array) in new KerasWeightMatcher(path, group.Name).Match(leaves, group.Arrays))
            weights.Add(weight.Name, KerasLayout.ToCanonical(array.Read(), weight.Shape));
    }

    private MammoException Mismatch(string why, string target) => new(
        ErrorIds.ModelWeightMismatch, $"The weights in '{path}' do not fit the network: {why}.", "Use the weights that were saved with this network.", target);
}

/// <summary>A layer that needs weights, seen from the group of weights that it belongs to in a Keras file.</summary>
/// <param name="Layer">The layer of the flattened graph.</param>
/// <param name="LocalPath">
/// Path below the group: empty for a layer that has the group to itself, <c>block1_conv1</c> for one of the nested model <c>model_1</c>.
/// </param>
/// <param name="Weights">The weights that it needs, in Keras's order.</param>
/// <param name="IsTrainable">False when the file says that it was frozen.</param>
internal sealed record KerasLeaf(Layer Layer, string LocalPath, ImmutableArray<WeightShape> Weights, bool IsTrainable)
{
    /// <summary>The layer's own name, without the models around it.</summary>
    public string LocalName => LocalPath[(LocalPath.LastIndexOf('/') + 1)..];
}
