using System.Collections.Immutable;

namespace Mammo.Archive.Worklists;

/// <summary>What the first line of a worklist says.</summary>
/// <param name="Root">Folder that its paths start at, on the machine that made it.</param>
/// <param name="Format">Which files were taken.</param>
/// <param name="Classes">Classes of the dataset that it was made of; empty where there was none.</param>
public sealed record WorklistHeader(string Root, string Format, ImmutableArray<string> Classes)
{
    /// <summary>Reads the header of a list.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.WorklistInvalid"/>; and those of reading it.</exception>
    public static WorklistHeader Of(string path)
    {
        using var reader = new WorklistReader(path);
        return reader.RequireHeader();
    }
}
