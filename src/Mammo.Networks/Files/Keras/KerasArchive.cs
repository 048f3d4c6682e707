using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// The <c>.keras</c> archive of Keras 3: a zip file with <c>config.json</c> (the network), <c>metadata.json</c> (the version) and <c>model.weights.h5</c>.
/// Nothing in it is executed, everything else in it is passed over,
/// and sizes are checked while unpacking.
/// </summary>
internal static class KerasArchive
{
    private const string Network = "config.json";
    private const string Metadata = "metadata.json";
    private const string Store = "model.weights.h5";
    private const int LongestJson = 1 << 26;

    // Weights hardly shrink; an archive that unpacks to more is no model.
    private const long MostExpansion = 16;
    private const long AlwaysAllowed = 1 << 26;

    /// <summary>True for a zip file with a network in it, or one that is named as if it had.</summary>
    public static bool IsArchive(string path)
    {
        try
        {
            using var stream = InputFile.Open(path);
            Span<byte> start = stackalloc byte[4];
            if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.SequenceEqual("PK\u0003\u0004"u8))
                return false;
            if (Path.GetExtension(path).Equals(".keras", StringComparison.OrdinalIgnoreCase))
                return true;
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            return archive.GetEntry(Network) is not null && archive.GetEntry(Metadata) is not null;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads the network and its weights.</summary>
    /// <exception cref="MammoException">As <see cref="KerasFile.Read(string)"/>.</exception>
    public static KerasFile Read(string path)
    {
        try
        {
            using var content = InputFile.Open(path);
            using var archive = new ZipArchive(content, ZipArchiveMode.Read);
            var version = Version(path, archive);
            var json = Text(path, archive, Network);
            return HdfFile.Read(path, () => Unpacked(path, archive), file => KerasFile.Read(path, file, json, version));
        }
        catch (Exception failure) when (failure is not MammoException)
        {
            throw ModelFileErrors.Unreadable(path, "a .keras archive", failure);
        }
    }

    private static string Version(string path, ZipArchive archive)
    {
        using var metadata = JsonDocument.Parse(Text(path, archive, Metadata));
        var version = KerasJson.Text(metadata.RootElement, "keras_version") ?? throw Invalid(path, "its metadata.json does not give the version of Keras");
        return version.StartsWith("3.", StringComparison.Ordinal)
            ? version
            : throw Invalid(
                path, $"it was saved by Keras {version}, whose archives are laid out in another way than those of Keras 3; save the model as .h5 there");
    }

    private static string Text(string path, ZipArchive archive, string name)
    {
        var entry = Entry(path, archive, name);
        using var content = entry.Open();
        var bytes = new byte[Math.Min(entry.Length, LongestJson) + 1];
        var length = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length < bytes.Length ? Encoding.UTF8.GetString(bytes, 0, length) : throw Invalid(path, $"its {name} is longer than {LongestJson} bytes");
    }

    /// <summary>The weights in a temporary file, since HDF5 must be read in any order; it goes when it is closed.</summary>
    private static FileStream Unpacked(string path, ZipArchive archive)
    {
        var entry = Entry(path, archive, Store);
        var most = Math.Max(AlwaysAllowed, MostExpansion * InputFile.LengthOf(path));
        if (entry.Length > most)
            throw Invalid(path, $"its {Store} would unpack to {entry.Length} bytes");
        var unpacked = AtomicFile.Scratch(Path.GetTempPath());
        try
        {
            using var content = entry.Open();
            var buffer = new byte[1 << 16];
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                unpacked.Write(buffer.AsSpan(0, read));
                if (unpacked.Length > most)
                    throw Invalid(path, $"its {Store} unpacks to more than it says");
            }

            unpacked.Position = 0;
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    private static ZipArchiveEntry Entry(string path, ZipArchive archive, string name) => archive.GetEntry(name) ?? throw Invalid(path, $"it lacks {name}");

    private static MammoException Invalid(string path, string why) => new(
        ErrorIds.ModelFileInvalid, $"'{path}' is not a .keras archive that can be read: {why}.",
        "Save the model again with model.save of Keras 3, as .keras or .h5.", path);
}
