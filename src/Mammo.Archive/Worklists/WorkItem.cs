using System.Security.Cryptography;
using System.Text;
using Mammo.Data.Datasets;

namespace Mammo.Archive.Worklists;

/// <summary>One file of a worklist.</summary>
/// <param name="Identity">
/// What makes it an image of its own: its SOP Instance UID, else <c>sha256:</c> and the hash of its content, else <c>path:</c> and its path.
/// </param>
/// <param name="Image">The image; its path is relative to the worklist's root, with forward slashes.</param>
/// <param name="Bytes">Length of the file; 0 when it could not be read.</param>
public sealed record WorkItem(string Identity, MammoImage Image, long Bytes)
{
    /// <summary>How an identity begins that is the hash of a content.</summary>
    public const string ContentPrefix = "sha256:";

    /// <summary>How an identity begins that is a path.</summary>
    public const string PathPrefix = "path:";

    /// <summary>Full path of the file.</summary>
    /// <param name="root">Folder that the worklist's paths start at, on this machine.</param>
    public string FullPath(string root) => Path.GetFullPath(Path.Combine(root, Image.Path.Replace('/', Path.DirectorySeparatorChar)));
}

/// <summary>The first 128 bits of the SHA-256 of an identity in UTF-8: what shards and plans go by.</summary>
internal static class IdentityKey
{
    public const int Length = 16;

    /// <summary>Computes it.</summary>
    /// <param name="identity">The identity in UTF-8.</param>
    /// <param name="key">Takes 16 bytes.</param>
    public static void Of(ReadOnlySpan<byte> identity, Span<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(identity, hash);
        hash[..Length].CopyTo(key);
    }

    /// <summary>Computes it.</summary>
    public static void Of(string identity, Span<byte> key) => Of(Encoding.UTF8.GetBytes(identity), key);
}
