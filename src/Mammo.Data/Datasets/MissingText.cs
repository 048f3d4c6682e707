namespace Mammo.Data.Datasets;

/// <summary>Words of a list that stand where nothing is known.</summary>
internal static class MissingText
{
    // How pandas, Excel and R write that there is nothing.
    private static readonly string[] Missing = ["nan", "<NA>", "NA", "N/A", "#N/A", "NaT", "null"];

    // How Python and people write it. In place of a label they would be a class of their own, and by the alphabet often the last one, the positive one.
    private static readonly string[] NoLabels =
        ["none", "unknown", "not known", "unk", "missing", "not available", "undefined", "unlabelled", "unlabeled", "?", "??", "-", "--", "."];

    /// <summary>Whether a text says that there is nothing, in any column.</summary>
    public static bool Is(string text) => Missing.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a text says in place of a label that there is none; where it is the name of a class, the user has to say so.</summary>
    public static bool IsNoLabel(string text) => Is(text) || NoLabels.Contains(text, StringComparer.OrdinalIgnoreCase);
}
