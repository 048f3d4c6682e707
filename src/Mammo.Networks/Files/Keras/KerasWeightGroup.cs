using PureHDF;

namespace Mammo.Networks.Files.Keras;

/// <summary>The arrays that a Keras file keeps for one layer of the outermost model, in the file's order.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Arrays">Its arrays, not yet read.</param>
internal sealed record KerasWeightGroup(string Name, IReadOnlyList<HdfArray> Arrays)
{
    /// <summary>All groups of a file: under <c>model_weights</c> of a whole model, at the root of a file of weights only; null when the file has neither.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelFileInvalid"/>: damaged, or written by a backend whose kernels are mirrored.</exception>
    public static IReadOnlyList<KerasWeightGroup>? All(HdfFile file)
    {
        var top = HdfFile.Group(file.Root, "model_weights") ?? file.Root;
        if (file.Texts(top, "layer_names") is not { } names)
            return null;

        // Theano turns kernels by 180 degrees before it convolves.
        if (file.Text(top, "backend") is { } backend and not "tensorflow")
            throw file.Invalid($"its weights were written by the backend '{backend}', and only TensorFlow's are understood.");
        return [.. names.Select(name => new KerasWeightGroup(name, ArraysOf(file, top, name)))];
    }

    private static IReadOnlyList<HdfArray> ArraysOf(HdfFile file, IH5Group top, string layer)
    {
        var group = HdfFile.Group(top, layer) ?? throw file.Invalid($"the group of layer '{layer}' is missing.");
        var names = file.Texts(group, "weight_names") ?? throw file.Invalid($"the group of layer '{layer}' does not list its weights.");
        return [.. names.Select(name => file.Array(group, name))];
    }
}
