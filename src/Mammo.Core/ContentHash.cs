using System.Security.Cryptography;

namespace Mammo;

/// <summary>Identity of a file by its content.</summary>
public static class ContentHash
{
    /// <summary>SHA-256 of a file, read as a stream, as 64 lower-case hexadecimal digits.</summary>
    /// <param name="path">Any file.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    public static string Sha256(string path)
    {
        try
        {
            using var file = InputFile.Open(path, bufferSize: 0);
            return Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable("file", path, error);
        }
    }
}
