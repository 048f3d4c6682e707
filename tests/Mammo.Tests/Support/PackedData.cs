using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;

namespace Mammo.Tests.Support;

/// <summary>
/// Test data that is packed: an archive NAME.tar.br in tests/data holds files of the folder NAME and is unpacked when a test first asks for one of them.
/// </summary>
internal static class PackedData
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Folders = new();

    /// <summary>The unpacked file or folder, or null if no archive holds it.</summary>
    /// <param name="root">The folder tests/data.</param>
    /// <param name="parts">The path below it.</param>
    public static string? Find(string root, string[] parts)
    {
        for (var depth = parts.Length - 1; depth > 0; depth--)
        {
            var archive = Path.Combine([root, .. parts[..depth]]) + ".tar.br";
            if (!File.Exists(archive))
                continue;
            var folder = Folders.GetOrAdd(archive, _ => new Lazy<string>(() => Unpack(archive, TestRun.SharedFolder(["data", .. parts[..depth]])))).Value;
            var path = Path.Combine([folder, .. parts[depth..]]);
            return Path.Exists(path) ? path : null;
        }

        return null;
    }

    private static string Unpack(string archive, string folder)
    {
        using var file = File.OpenRead(archive);
        using var tar = new BrotliStream(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(tar, folder, overwriteFiles: false);
        return folder;
    }
}
