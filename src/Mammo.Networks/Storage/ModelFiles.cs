using System.Buffers.Binary;
using System.Collections.Immutable;
using Mammo.Networks.Files;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Files.Safetensors;
using Mammo.Networks.Models;

namespace Mammo.Networks.Storage;

/// <summary>
/// Model files in and out: Keras HDF5 and .keras archives are read, Mammo's own safetensors is read and written. The content decides, not the extension.
/// </summary>
public static class ModelFiles
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">
    /// A file of Keras's <c>model.save</c>, the network or weights of a pair that lies together, or one that <see cref="Export"/> wrote.
    /// </param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.ModelFileInvalid"/>: another format, damaged, or without its network;
    /// <see cref="ErrorIds.ModelLayerUnsupported"/>, <see cref="ErrorIds.ModelGraphInvalid"/>, <see cref="ErrorIds.ModelWeightMismatch"/>: what it holds
    /// cannot be run.
    /// </exception>
    public static ImportedModel Import(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var import = Read(path);
        import.Model.File = Path.GetFullPath(path);
        return import;
    }

    /// <summary>
    /// Writes a model as safetensors, with its network and card in the metadata, so that any safetensors reader opens it. The file appears whole or not at
    /// all.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="force">Replace a file that is there.</param>
    /// <param name="format">Precision of the kernels.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileExists"/>; <see cref="ErrorIds.FileNotWritten"/>; <see cref="ErrorIds.WeightOutOfRange"/>: a kernel does not fit float16.
    /// </exception>
    public static void Export(MammoModel model, string path, bool force = false, WeightFormat format = WeightFormat.Float32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.CheckFree(path, force);
        SafetensorsModel.Write(model, path, format);
    }

    /// <summary>Reads a file that holds weights alone (Keras's <c>save_weights</c>) for the network of another model, whose card is taken over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="like">A model with the same network.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelFileInvalid"/> or <see cref="ErrorIds.ModelWeightMismatch"/>: not such a file, or for another network.
    /// </exception>
    public static ImportedModel ImportWeights(string path, MammoModel like)
    {
        ArgumentNullException.ThrowIfNull(like);
        Ensemble.RequireSingle(like, "such a file holds the weights of one network");
        var weights = KerasWeights.Read(path, like.Graph);
        var card = like.Card with
        {
            Lineage = [.. like.Card.Lineage, $"weights read from {Path.GetFileName(path)}"],
            WeightHash = WeightHash.Of(weights),
            Measurement = null,
            Calibration = null,
            Decision = null,
            Training = null,
        };
        return new ImportedModel(new MammoModel(Path.GetFileNameWithoutExtension(path), like.Graph, weights, card), []);
    }

    private static ImportedModel Read(string path)
    {
        var start = Start(path);
        if (HdfFile.IsHdf(start) || KerasArchive.IsArchive(path) || KerasPair.IsNetwork(path))
            return KerasImport.Read(path);
        if (IsSafetensors(path, start))
            return new ImportedModel(SafetensorsModel.Read(path), []);
        if (UserBlock(path) is { } size)
        {
            throw new MammoException(
                ErrorIds.ModelFileInvalid,
                $"'{path}' is HDF5 with {size} bytes of other data (a user block) in front, which is not read.",
                "Take the block off with HDF5's h5unjam, or load the model in Keras and save it again.",
                path);
        }

        throw new MammoException(
            ErrorIds.ModelFileInvalid,
            $"'{path}' is no model file that Mammo reads: {LooksLike(path)}.",
            "Give a file that Keras saved with model.save (.h5, .keras), or a .safetensors file that Mammo wrote.",
            path);
    }

    private static byte[] Start(string path)
    {
        try
        {
            using var stream = InputFile.Open(path, bufferSize: 0);
            var start = new byte[64];
            return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ModelFileErrors.Unreadable(path, "a model", failure);
        }
    }

    private static long? UserBlock(string path)
    {
        using var stream = InputFile.Open(path);
        return HdfFile.UserBlock(stream);
    }

    /// <summary>A length and an opening brace; a short or lying file is left to the reader if its name says safetensors.</summary>
    private static bool IsSafetensors(string path, ReadOnlySpan<byte> start) =>
        (start.Length > 8 && start[8] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(start) >= 2)
        || (start.Length >= 8 && start[7] == 0 && Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase))
        || (start.Length == 8 && Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase));

    private static string LooksLike(string path) => FileContent.NameOf(path) switch
    {
        null => "its first bytes are those of no known format",
        "an empty file" => "it is empty",
        { } name when name.StartsWith("a zip archive", StringComparison.Ordinal) => "it is a zip archive, as PyTorch's checkpoints are",
        "a Python pickle" => "it is a Python pickle, which may run code and is never opened",
        "compressed with gzip" => "it is compressed with gzip; unpack it first",
        { } name when name.StartsWith("a pointer of Git LFS", StringComparison.Ordinal) => $"it is {name}; run git lfs pull",
        "a web page (HTML)" => "it is a web page (HTML), so the download went wrong",
        "JSON" => "it is JSON, but not a network of Keras",
        "an ONNX model" => "it is ONNX, which Mammo only writes (Export-MammoModel) and never opens",
        { } name => $"it is {name}",
    };
}

/// <summary>A model that was read from a file.</summary>
/// <param name="Model">The model.</param>
/// <param name="Notes">What the user should know: what was filled in, assumed, converted or dropped.</param>
public sealed record ImportedModel(MammoModel Model, ImmutableArray<string> Notes);
