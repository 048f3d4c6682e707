namespace Mammo.Data.Datasets;

/// <summary>Rows of a list that name one image.</summary>
internal static class RepeatedImages
{
    private static readonly (string Name, Func<MammoImage, object?> Value)[] Columns =
    [
        ("label", row => row.Class ?? $"{row.Label}"),
        ("patient", row => row.Patient),
        ("laterality", row => row.Laterality),
        ("view", row => row.View),
        ("weight", row => row.SampleWeight),
    ];

    /// <summary>What rows of one image say differently; null when they agree.</summary>
    /// <param name="rows">The rows with their numbers.</param>
    public static Finding? Contradiction(IReadOnlyList<(int Number, MammoImage Image)> rows)
    {
        foreach (var (name, value) in Columns)
        {
            object?[] values = [.. rows.Select(row => value(row.Image)).Distinct()];
            if (values.Length == 1)
                continue;
            var image = rows[0].Image;
            var said = string.Join(" and ", values.Select(one => FormattableString.Invariant($"{(one is null or "" ? "missing" : one)}")));
            return new Finding(ErrorIds.RowsContradict, $"'{image.Path}' is left out: its {name} is {said}.")
            {
                Subject = image.Path,
                Patient = image.Patient,
                SuggestedFix = FormattableString.Invariant($"Fix the rows {string.Join(", ", rows.Select(row => row.Number))}."),
            };
        }

        return null;
    }

    /// <summary>That an image is in several rows, which agree.</summary>
    public static Finding Twice(MammoImage image, int count) =>
        new(ErrorIds.ImageTwice, FormattableString.Invariant($"'{image.Path}' is in {count} rows; it counts as often."))
        {
            Subject = image.Path,
            Patient = image.Patient,
            SuggestedFix = "Remove all of its rows but one, unless it is meant to count more than once.",
        };
}
