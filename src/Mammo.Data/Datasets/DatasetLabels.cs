using System.Collections.Immutable;
using System.Globalization;

namespace Mammo.Data.Datasets;

/// <summary>Turns the text of a label into a class and its index.</summary>
/// <param name="Classes">Class names in the order of the labels.</param>
internal sealed record DatasetLabels(ImmutableArray<string> Classes)
{
    // More classes than this are numbers of another kind, such as patient ids, in the wrong column.
    private const int HighestIndex = 999;

    /// <summary>
    /// Classes of a file that comes without a list: a file of whole numbers (1.0 too) means indices, so that a test set of nothing but ones still calls them
    /// class 1; other numbers (-1 and +1) are in the order of their values, and texts in ordinal order. Letter case does not count, and words for nothing known
    /// (nan, None, unknown) are no classes.
    /// </summary>
    /// <param name="texts">The labels as they are written; null where there is none.</param>
    /// <param name="isKnown">Whether a word is a label though it reads as if nothing were known.</param>
    public static DatasetLabels FromTexts(IEnumerable<string?> texts, Func<string, bool>? isKnown = null)
    {
        // Lists filled in by hand write one class in several ways; the most frequent is its name.
        string[] distinct = [.. texts.OfType<string>().Where(text => !MissingText.IsNoLabel(text) || isKnown?.Invoke(text) == true)
            .GroupBy(text => text, StringComparer.OrdinalIgnoreCase)
            .Select(ways => ways.Order(StringComparer.Ordinal).GroupBy(text => text, StringComparer.Ordinal).MaxBy(way => way.Count())!.Key)
            .Order(StringComparer.Ordinal)];
        if (distinct.Length == 0 || !Array.TrueForAll(distinct, text => Number(text) is not null))
            return new DatasetLabels([.. distinct]);
        if (!Array.TrueForAll(distinct, text => Index(text) is not null))
            return new DatasetLabels([.. distinct.GroupBy(text => Number(text)!.Value).OrderBy(same => same.Key).Select(same => same.First())]);
        var highest = distinct.Max(text => Index(text)!.Value);
        return highest <= HighestIndex
            ? new DatasetLabels([.. Enumerable.Range(0, highest + 1).Select(index => index.ToString(CultureInfo.InvariantCulture))])
            : throw new InvalidDataException(FormattableString.Invariant(
                $"its labels are numbers up to {highest}, which are not the indices of classes. Name the classes, or the right label column."));
    }

    /// <summary>Whether a file that is read without a list of classes gives these classes in this order.</summary>
    public static bool IsToldBy(IEnumerable<string?> texts, ImmutableArray<string> classes)
    {
        try
        {
            return FromTexts(texts).Classes.SequenceEqual(classes, StringComparer.Ordinal);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Gives an image whose class is still the text of its label its class and label.</summary>
    public MammoImage Apply(int row, MammoImage image)
    {
        if (image.Class is not { } text)
            return image;
        if (IsNothing(text))
            return image with { Class = null };
        var label = Classes.IndexOf(text) is >= 0 and var exact ? exact : Classes.IndexOf(text, 0, Classes.Length, StringComparer.OrdinalIgnoreCase);
        if (label < 0 && Number(text) is { } number)
            label = Place(number);
        return label >= 0
            ? image with { Class = Classes[label], Label = label }
            : throw new InvalidDataException(
                FormattableString.Invariant($"row {row}: the label '{text}' is neither one of the classes {string.Join(", ", Classes)} nor the index of one")
                + "; -Class says which there are.");
    }

    /// <summary>What is to be said of labels that say nothing; null when there are none.</summary>
    /// <param name="rows">Numbers of rows with their labels as they are written.</param>
    /// <param name="owner">Whose rows they are, as the end of a sentence.</param>
    public Finding? Missing(IEnumerable<(int Number, string? Text)> rows, string owner)
    {
        var missing = rows.Where(row => row.Text is { } text && IsNothing(text)).ToArray();
        if (missing.Length == 0)
            return null;
        var numbers = FormattableString.Invariant($"{string.Join(", ", missing.Take(5).Select(row => row.Number))}{(missing.Length > 5 ? ", ..." : "")}");
        var words = string.Join(", ", missing.Select(row => $"'{row.Text}'").Distinct(StringComparer.OrdinalIgnoreCase).Take(5));
        return new Finding(ErrorIds.LabelMissing, FormattableString.Invariant(
            $"{missing.Length} rows ({numbers}) of {owner} have {words} in place of a label; their images are taken as unlabelled."))
        {
            SuggestedFix = "Fill in the labels; if it is the name of a class, name it among the classes: -Class.",
        };
    }

    private bool IsNothing(string text) => MissingText.IsNoLabel(text) && !Classes.Contains(text, StringComparer.OrdinalIgnoreCase);

    // Where a class is a number itself, a number is a class or nothing: with the classes 1 and 2 a label of 0 is not the class 1.
    private int Place(double number)
    {
        if (Classes.Any(name => Number(name) is not null))
            return Classes.IndexOf(Classes.FirstOrDefault(name => Number(name) == number) ?? "");
        return number >= 0 && number < Classes.Length && number == Math.Floor(number) ? (int)number : -1;
    }

    // -1 and +1 are as common as 0 and 1; a decimal comma is what Excel makes of 1.0 in most of Europe.
    private static double? Number(string text) =>
        double.TryParse(text.Replace(',', '.'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // 1.0 is 1: pandas writes whole numbers so where one label of the column is missing.
    private static int? Index(string text)
    {
        var end = text.AsSpan().LastIndexOfAny('.', ',') is > 0 and var point && text.Length > point + 1 && !text.AsSpan(point + 1).ContainsAnyExcept('0')
            ? point
            : text.Length;
        return int.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
