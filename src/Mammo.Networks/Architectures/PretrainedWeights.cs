using System.Collections.Immutable;
using Mammo.Networks.Files;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Files.Safetensors;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Weights of a patch network's body that were trained elsewhere, mostly on ImageNet.</summary>
/// <param name="Weights">Weights of all layers before the patch head, by our names.</param>
/// <param name="Source">Where they come from, for the card.</param>
/// <param name="Notes">What a user should know.</param>
public sealed record PretrainedWeights(IReadOnlyDictionary<string, Weight> Weights, string Source, ImmutableArray<string> Notes)
{
    /// <summary>
    /// Reads a Keras "notop" file (HDF5), or a torchvision checkpoint that was saved as safetensors (vgg16, vgg19, resnet50_torchvision). The content says
    /// which it is.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The patch network that the weights are for.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ModelFileInvalid"/>: neither; <see cref="ErrorIds.ModelWeightMismatch"/>: weights of another
    /// network;
    /// <see cref="ErrorIds.ModelOptionConflict"/>: the network is narrower than published ones.
    /// </exception>
    public static PretrainedWeights Read(string path, PatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        OptionRules.Require(
            options.WidthMultiplier == 1,
            $"WidthMultiplier {options.WidthMultiplier} makes a narrower network than the one that pretrained weights are for.",
            "Use WidthMultiplier 1, or start a narrow network from a seed.");
        var graph = PatchNetwork.Build(options);
        var start = Start(path);
        if (HdfFile.IsHdf(start))
            return FromKeras(path, graph);
        if (start is [_, _, _, _, _, _, _, _, (byte)'{', ..])
            return FromTorchvision(path, graph);
        throw new MammoException(
            ErrorIds.ModelFileInvalid,
            $"'{path}' is {(FileContent.NameOf(path) is { } name ? $"{name}, " : "")}neither HDF5 (Keras) nor safetensors.",
            "Save a PyTorch checkpoint with safetensors.torch.save_file first: .pth files are Python pickles, which may run code and are never opened.",
            path);
    }

    private static PretrainedWeights FromKeras(string path, LayerGraph graph)
    {
        var (weights, note) = KerasBody.Map(graph, KerasWeights.ReadLayers(path), path);
        return new PretrainedWeights(weights, $"Keras file '{Path.GetFileName(path)}'", note is null ? [] : [note]);
    }

    private static PretrainedWeights FromTorchvision(string path, LayerGraph graph)
    {
        // num_batches_tracked is an integer; the mapping passes over it.
        var tensors = SafetensorsFile.Read(path, file => file.Header.Entries
            .Where(entry => !TorchvisionBody.IsPassedOver(entry.Name))
            .ToDictionary(entry => entry.Name, file.Weight, StringComparer.Ordinal));
        return new PretrainedWeights(
            TorchvisionBody.Map(graph, tensors, path), $"torchvision checkpoint '{Path.GetFileName(path)}'", [TorchvisionBody.InputNote]);
    }

    private static byte[] Start(string path)
    {
        try
        {
            using var stream = InputFile.Open(path, bufferSize: 0);
            var start = new byte[16];
            return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ModelFileErrors.Unreadable(path, "a file of weights", failure);
        }
    }
}
