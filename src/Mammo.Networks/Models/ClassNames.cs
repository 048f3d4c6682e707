namespace Mammo.Networks.Models;

/// <summary>The rule for names of classes: they become names of folders, columns and properties, of which upper and lower case are often the same.</summary>
internal static class ClassNames
{
    /// <summary>What is wrong with a list of names; null when nothing is.</summary>
    public static string? Complaint(IReadOnlyCollection<string> names)
    {
        if (names.Any(string.IsNullOrWhiteSpace))
            return "a name is empty";
        if (names.FirstOrDefault(name => !Printable.Is(name)) is { } bad)
            return $"the name '{bad}' holds control characters";
        return names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"'{string.Join("', '", twice)}' are the same name, for upper and lower case do not count"
            : null;
    }
}
