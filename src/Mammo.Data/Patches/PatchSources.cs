using System.Collections.Frozen;
using Mammo.Data.Datasets;

namespace Mammo.Data.Patches;

/// <summary>From which films patches were cut.</summary>
public static class PatchSources
{
    /// <summary>Full paths of the films of a dataset's patches, as the tables beside their class folders name them; empty where there is no table.</summary>
    /// <param name="patches">Patches from class folders.</param>
    /// <exception cref="MammoException">A table cannot be read.</exception>
    public static FrozenSet<string> FilmsOf(MammoDataset patches)
    {
        ArgumentNullException.ThrowIfNull(patches);
        var files = patches.Images.Select(image => Path.GetFullPath(image.Path)).ToHashSet(StringComparer.Ordinal);
        var folders = files.Select(file => Path.GetDirectoryName(Path.GetDirectoryName(file))).OfType<string>().Distinct(StringComparer.Ordinal);
        return folders.SelectMany(folder => PatchTable.FilmsOf(folder, files)).ToFrozenSet(StringComparer.Ordinal);
    }
}
