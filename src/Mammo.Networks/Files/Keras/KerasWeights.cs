using System.Collections.Immutable;
using Mammo.Networks.Graphs;
using PureHDF;

namespace Mammo.Networks.Files.Keras;

/// <summary>Weights out of Keras HDF5 files, for a network that is known: files of <c>save_weights</c>, and whole models too.</summary>
public static class KerasWeights
{
    /// <summary>All weights of a network.</summary>
    /// <param name="path">File of <c>save_weights</c> or <c>save</c>.</param>
    /// <param name="graph">The network; a layer <c>model_1/conv1</c> is looked for in the group <c>model_1</c>.</param>
    /// <returns>Weights by path name, in canonical layout.</returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelFileInvalid"/>: not such a file; <see cref="ErrorIds.ModelWeightMismatch"/>: a weight is missing, superfluous or of another
    /// shape.
    /// </exception>
    public static IReadOnlyDictionary<string, Weight> Read(string path, LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(graph);
        return HdfFile.Read(path, file => Keras3WeightReader.IsStore(file) && !KerasWeightGroup.IsThere(file)
            ? new Keras3WeightReader(path, file, graph).ReadByName()
            : new KerasWeightReader(path, file).Read(graph, frozen: new HashSet<string>()));
    }

    /// <summary>
    /// All weights of a file, layer by layer as they stand there, without a network: for files of another network's layers, such as the "notop" files of
    /// ImageNet weights.
    /// </summary>
    /// <param name="path">File of <c>save_weights</c> or <c>save</c>.</param>
    /// <returns>Layers in the file's order, which is that of the network that wrote it.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelFileInvalid"/>: not such a file.</exception>
    public static IReadOnlyList<KerasLayerWeights> ReadLayers(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return HdfFile.Read(path, file => new KerasWeightReader(path, file).ReadLayers());
    }
}

/// <summary>The weights that a Keras file keeps for one layer of the outermost model.</summary>
/// <param name="Layer">The layer's name in the file.</param>
/// <param name="Weights">Its weights in the file's order, which is Keras's order within the layer; empty for layers without.</param>
public sealed record KerasLayerWeights(string Layer, ImmutableArray<KerasNamedWeight> Weights);

/// <summary>One weight of a Keras file.</summary>
/// <param name="Name">Its name in the file (<c>conv1/kernel:0</c>; of Keras 1 <c>conv1_W_1:0</c>).</param>
/// <param name="Word">Keras 2's word for it (<c>kernel</c>); null when the name says none.</param>
/// <param name="Weight">Its values in canonical layout.</param>
public sealed record KerasNamedWeight(string Name, string? Word, Weight Weight);

/// <summary>The arrays that a Keras file keeps for one layer of the outermost model, in the file's order.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Arrays">Its arrays, not yet read.</param>
internal sealed record KerasWeightGroup(string Name, IReadOnlyList<HdfArray> Arrays)
{
    /// <summary>True for a file that lists its layers as Keras 2 does, with or without a network.</summary>
    public static bool IsThere(HdfFile file) => file.Texts(HdfFile.Group(file.Root, "model_weights") ?? file.Root, "layer_names") is not null;

    /// <summary>
    /// All groups of a file: under <c>model_weights</c> of a whole model, at the root of a file of weights only; null when the file has neither.
    /// </summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelFileInvalid"/>: damaged, or written by a backend whose kernels are mirrored.</exception>
    public static IReadOnlyList<KerasWeightGroup>? All(HdfFile file)
    {
        var top = HdfFile.Group(file.Root, "model_weights") ?? file.Root;
        if (file.Texts(top, "layer_names") is not { } names)
            return null;

        // Theano turns kernels by 180 degrees before it convolves; those of Keras 3 have one layout.
        if (file.Text(top, "backend") is { } backend and not ("tensorflow" or "jax" or "torch" or "numpy" or "openvino"))
            throw file.Invalid($"its weights were written by the backend '{backend}', and only those of TensorFlow, JAX and PyTorch are understood.");
        return [.. names.Select(name => new KerasWeightGroup(name, ArraysOf(file, top, name)))];
    }

    private static IReadOnlyList<HdfArray> ArraysOf(HdfFile file, IH5Group top, string layer)
    {
        var group = HdfFile.Group(top, layer) ?? throw file.Invalid($"the group of layer '{layer}' is missing.");
        var names = file.Texts(group, "weight_names") ?? throw file.Invalid($"the group of layer '{layer}' does not list its weights.");

        // How many images a Normalization layer has seen; a whole number, of no use here.
        return [.. names.Where(name => KerasWeightName.Parse(name).Word != "count").Select(name => file.Array(group, name))];
    }
}
