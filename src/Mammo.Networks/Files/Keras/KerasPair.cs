using System.Text.Json;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// A network as JSON (<c>to_json</c>) and its weights (<c>save_weights</c>) in two files of one folder: of the same name, or the only ones of their kinds
/// there.
/// </summary>
internal static class KerasPair
{
    private const int LongestJson = 1 << 26;

    private static readonly string[] WeightEndings = [".weights.h5", ".h5", ".hdf5", ".keras.h5"];

    /// <summary>True for a file that is the description of a Keras network.</summary>
    public static bool IsNetwork(string path)
    {
        try
        {
            using var stream = InputFile.Open(path);
            if (stream.Length > LongestJson || stream.ReadByte() is not ('{' or ' ' or '\n' or '\r' or '\t' or 0xef))
                return false;
            using var document = Parse(path);
            return KerasJson.Text(document.RootElement, "class_name") is not null && KerasJson.Member(document.RootElement, "config") is not null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    /// <summary>The weights that belong to a network.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelFileInvalid"/>: there are none, or several that might.</exception>
    public static string WeightsBeside(string network)
    {
        var stem = Path.Combine(Folder(network), Path.GetFileNameWithoutExtension(network));
        return WeightEndings.Select(ending => stem + ending).FirstOrDefault(File.Exists) ?? Only(network, ".h5") ?? throw new MammoException(
            ErrorIds.ModelFileInvalid,
            $"'{network}' is a Keras network without weights, and it is not clear which file beside it holds them.",
            $"Put the weights (model.save_weights) beside it as '{Path.GetFileName(stem)}.h5' or '{Path.GetFileName(stem)}.weights.h5'.",
            network);
    }

    /// <summary>The network that belongs to weights; null where there is none.</summary>
    public static string? NetworkBeside(string weights)
    {
        var name = Path.GetFileNameWithoutExtension(weights);
        var stem = name.EndsWith(".weights", StringComparison.OrdinalIgnoreCase) ? name[..^".weights".Length] : name;
        var same = Path.Combine(Folder(weights), stem + ".json");
        var found = File.Exists(same) ? same : Only(weights, ".json");
        return found is not null && IsNetwork(found) ? found : null;
    }

    /// <summary>Reads the two files.</summary>
    /// <exception cref="MammoException">As <see cref="KerasFile.Read(string)"/>.</exception>
    public static KerasFile Read(string network, string weights)
    {
        var (json, version) = Description(network);
        var file = HdfFile.Read(weights, content => KerasFile.Read(weights, content, json, version));
        return file with
        {
            Notes = [$"The network is that of '{Path.GetFileName(network)}', the weights are those of "
            + $"'{Path.GetFileName(weights)}'.", .. file.Notes]
        };
    }

    private static (string Json, string? Version) Description(string network)
    {
        try
        {
            using var document = Parse(network);
            var version = KerasJson.Text(document.RootElement, "keras_version");

            // Keras 3 leaves its version out and says of every class where it is from.
            return (document.RootElement.GetRawText(), version ?? (KerasJson.Member(document.RootElement, "module") is null ? null : "3.0 or later"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw ModelFileErrors.Unreadable(network, "a Keras network", failure);
        }
    }

    private static JsonDocument Parse(string path)
    {
        using var stream = InputFile.Open(path);
        return JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 128 });
    }

    private static string? Only(string path, string ending) =>
        Directory.GetFiles(Folder(path), "*" + ending).Where(file => !Path.GetFileName(file).StartsWith('.')).Take(2).ToArray() is [var only] ? only : null;

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
