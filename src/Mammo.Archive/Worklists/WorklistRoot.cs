namespace Mammo.Archive.Worklists;

/// <summary>Where a worklist's paths start.</summary>
public static class WorklistRoot
{
    /// <summary>The folder that the list was made of, on the machine that made it.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.WorklistInvalid"/>; and those of reading it.</exception>
    public static string Of(string path) => WorklistReader.RootOf(path);
}
