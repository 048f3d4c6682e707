using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>Weights out of Keras HDF5 files, for a network that is known: files of <c>save_weights</c>, and whole models too.</summary>
public static class KerasWeights
{
    /// <summary>All weights of a network.</summary>
    /// <param name="path">File of <c>save_weights</c> or <c>save</c>.</param>
    /// <param name="graph">The network; a layer <c>model_1/conv1</c> is looked for in the group <c>model_1</c>.</param>
    /// <returns>Weights by path name, in canonical layout.</returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelFileInvalid"/>: not such a file; <see cref="ErrorIds.ModelWeightMismatch"/>: a weight is missing, superfluous or of another shape.
    /// </exception>
    public static IReadOnlyDictionary<string, Weight> Read(string path, LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(graph);
        return HdfFile.Read(path, file => new KerasWeightReader(path, file).Read(graph, frozen: new HashSet<string>()));
    }

    /// <summary>
    /// All weights of a file, layer by layer as they stand there, without a network: for files of another network's layers, such as the "notop" files of ImageNet weights.
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
