namespace Mammo.Data.Datasets;

/// <summary>What every list of classes must fulfil.</summary>
internal static class ClassNames
{
    public static void Check(IReadOnlyList<string> classes, string source)
    {
        if (classes.Count == 0 || classes.Any(string.IsNullOrWhiteSpace))
            throw new MammoException(ErrorIds.DatasetInvalid, $"The list of classes for '{source}' is empty or holds an empty name.", target: source);
        if (classes.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new MammoException(ErrorIds.DatasetInvalid, $"The class '{twice.Key}' is named twice for '{source}'.", "Name each class once, in the order of the labels.", source);
    }
}
