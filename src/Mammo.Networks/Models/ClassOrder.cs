namespace Mammo.Networks.Models;

/// <summary>Matches the classes of datasets and models by name, and notices orders that look reversed.</summary>
internal static class ClassOrder
{
    private static readonly HashSet<string> PositiveWords = new(StringComparer.OrdinalIgnoreCase) { "pos", "positive", "cancer", "malignant", "mal", "abnormal", "tumor", "tumour", "1" };
    private static readonly HashSet<string> NegativeWords = new(StringComparer.OrdinalIgnoreCase) { "neg", "negative", "normal", "benign", "healthy", "control", "0" };

    /// <summary>A warning when the first of two classes reads like the positive one.</summary>
    public static Finding? Check(string owner, IReadOnlyList<string> classes) =>
        classes.Count == 2 && PositiveWords.Contains(classes[0]) && NegativeWords.Contains(classes[1])
            ? new(ErrorIds.ClassOrderReversed, $"The classes of {owner} are ({string.Join(", ", classes)}): the order looks reversed, since the last class is the positive one. The published models use -Class neg, pos.")
            : null;

    /// <summary>Position of an image's class among a model's: by name where the model knows it, otherwise the dataset's own position.</summary>
    public static int? Label(string? className, int? label, IReadOnlyList<string> modelClasses)
    {
        for (var index = 0; className is not null && index < modelClasses.Count; index++)
        {
            if (string.Equals(modelClasses[index], className, StringComparison.OrdinalIgnoreCase))
                return index;
        }

        return label < modelClasses.Count ? label : null;
    }
}
