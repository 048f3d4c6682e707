using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>What Keras's <c>model.save</c> wrote: the network, flattened, and its weights. Optimiser state and loss are passed over.</summary>
/// <param name="Graph">The network; layers of nested models have path names (<c>model_1/block1_conv1</c>), and roles are inferred by structure.</param>
/// <param name="Weights">Weights by path name, in canonical layout, float32.</param>
/// <param name="KerasVersion">The version that wrote it; null when the file does not say.</param>
/// <param name="Notes">What was dropped or converted.</param>
public sealed record KerasFile(LayerGraph Graph, IReadOnlyDictionary<string, Weight> Weights, string? KerasVersion, ImmutableArray<string> Notes)
{
    /// <summary>Reads the network and its weights.</summary>
    /// <param name="path">
    /// HDF5 of <c>model.save</c>, a <c>.keras</c> archive of Keras 3, or one of a pair: the network as JSON (<c>to_json</c>) and the weights
    /// (<c>save_weights</c>) beside each other.
    /// </param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelFileInvalid"/>: not HDF5, damaged, or not a whole Keras model; <see cref="ErrorIds.ModelLayerUnsupported"/>: a layer that
    /// cannot be run;
    /// <see cref="ErrorIds.ModelGraphInvalid"/>: shapes that do not fit; <see cref="ErrorIds.ModelWeightMismatch"/>: weights that do not fit.
    /// </exception>
    public static KerasFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (KerasArchive.IsArchive(path))
            return KerasArchive.Read(path);
        if (KerasPair.IsNetwork(path))
            return KerasPair.Read(path, KerasPair.WeightsBeside(path));
        return HdfFile.Read(path, file => file.Text(file.Root, "model_config") is { } json
            ? Read(path, file, json, file.Text(file.Root, "keras_version"))
            : WithoutNetwork(path, file));
    }

    /// <summary>A network that is described in one place and its weights in an open file, which may be the same.</summary>
    internal static KerasFile Read(string path, HdfFile file, string json, string? version)
    {
        var notes = new List<string>();
        if (version is not null && !version.StartsWith("2.", StringComparison.Ordinal) && !version.StartsWith("3.", StringComparison.Ordinal))
        {
            throw new MammoException(
                ErrorIds.ModelFileInvalid,
                $"'{path}' was saved by Keras {version}; files of Keras 2 and 3 are understood.",
                "Save the model again with Keras 2 or 3.",
                path);
        }

        var config = new KerasConfigReader(path, notes, version?.StartsWith("3.", StringComparison.Ordinal) == true).Read(json);
        var graph = new KerasFlattener(path).Flatten(config);
        CheckAxes(path, config, graph);
        var (weights, stored) = WeightsOf(path, file, config, graph);
        foreach (var bits in stored.Where(bits => bits != 32))
            notes.Add($"Weights stored as float{bits} were converted to float32.");
        return new KerasFile(LayerRoles.Infer(graph, [.. Models(config, "")]), weights, version, [.. notes]);
    }

    private static (Dictionary<string, Weight> Weights, IEnumerable<int> StoredBits) WeightsOf(
        string path, HdfFile file, KerasModelConfig config, LayerGraph graph)
    {
        if (Keras3WeightReader.IsStore(file) && !KerasWeightGroup.IsThere(file))
        {
            var store = new Keras3WeightReader(path, file, graph);
            return (store.Read(config), store.StoredBits);
        }

        var reader = new KerasWeightReader(path, file);
        return (reader.Read(graph, Frozen(config, "").ToHashSet(StringComparer.Ordinal)), reader.StoredBits);
    }

    /// <summary>Weights whose network may stand as JSON beside them.</summary>
    private static KerasFile WithoutNetwork(string path, HdfFile file)
    {
        if (KerasWeightGroup.All(file) is null && !Keras3WeightReader.IsStore(file))
            throw new MammoException(
                ErrorIds.ModelFileInvalid,
                $"'{path}' is HDF5 but not a Keras model: it has no model_config.",
                "Give a file that Keras saved with model.save.",
                path);
        return KerasPair.NetworkBeside(path) is { } network
            ? KerasPair.Read(network, path)
            : throw new MammoException(
                ErrorIds.ModelFileInvalid,
                $"'{path}' holds weights only (of save_weights): it has no model_config, so the network is unknown.",
                "Put the network (model.to_json) beside it as a .json file of the same name, save the whole model with model.save, or give a model with "
                    + "the same network (Import-MammoModel -Like).",
                path);
    }

    private static IEnumerable<string> Models(KerasModelConfig model, string prefix) =>
        model.Layers.SelectMany(layer => layer.Model is { } inner ? Models(inner, prefix + layer.Name + "/").Prepend(prefix + layer.Name) : []);

    private static IEnumerable<string> Frozen(KerasModelConfig model, string prefix) => model.Layers.SelectMany(layer => layer.Model is { } inner
        ? Frozen(inner, prefix + layer.Name + "/")
        : layer.IsTrainable ? [] : [prefix + layer.Name]);

    /// <summary>Normalisation or softmax over another axis than the channels cannot be known from the weights alone.</summary>
    private static void CheckAxes(string path, KerasModelConfig config, LayerGraph graph)
    {
        var shapes = ShapeInference.Infer(graph);
        foreach (var (name, axis, kind) in Axes(config, ""))
        {
            if (!graph.Contains(name) || axis == -1 || axis == shapes[graph[name].Inputs[0]].Rank)
                continue;
            throw new MammoException(
                ErrorIds.ModelLayerUnsupported,
                $"Layer '{name}' of kind {kind} in '{path}' cannot be run: it works on axis {axis}, not on the channels.",
                "Only channels-last networks are supported.",
                name);
        }
    }

    private static IEnumerable<(string Name, int Axis, string Kind)> Axes(KerasModelConfig model, string prefix) =>
        model.Layers.SelectMany(layer => layer.Model is { } inner
        ? Axes(inner, prefix + layer.Name + "/")
        : layer.ChannelAxis is { } axis ? [(prefix + layer.Name, axis, layer.ClassName)] : []);
}
