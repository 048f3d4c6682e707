using Mammo.Data.Dicom.Sending;

namespace Mammo.Data.Files;

/// <summary>The DICOM files of a folder that can be sent.</summary>
public static class InstanceFiles
{
    /// <summary>
    /// Lists them at any depth, recognised by content, in ordinal order of their paths; hidden files and those of other kinds are passed over.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">It cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not list it.</exception>
    public static IReadOnlyList<string> Below(string folder) => [.. FileTree.Files(new DirectoryInfo(folder), _ => true).Where(InstanceFile.IsOne)];
}
