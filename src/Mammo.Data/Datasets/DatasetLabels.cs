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
    /// class 1. Letter case does not count.
    /// </summary>
    public static DatasetLabels FromTexts(IEnumerable<string?> texts)
    {
        // Lists filled in by hand write one class in several ways; the most frequent is its name.
        string[] distinct = [.. texts.OfType<string>().GroupBy(text => text, StringComparer.OrdinalIgnoreCase)
            .Select(ways => ways.Order(StringComparer.Ordinal).GroupBy(text => text, StringComparer.Ordinal).MaxBy(way => way.Count())!.Key)
            .Order(StringComparer.Ordinal)];
        if (distinct.Length == 0 || !Array.TrueForAll(distinct, text => Index(text) is not null))
            return new DatasetLabels([.. distinct]);
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
        var label = Classes.IndexOf(text) is >= 0 and var exact ? exact : Classes.IndexOf(text, 0, Classes.Length, StringComparer.OrdinalIgnoreCase);
        if (label < 0 && Index(text) is { } index && index < Classes.Length)
            label = index;
        return label >= 0
            ? image with { Class = Classes[label], Label = label }
            : throw new InvalidDataException(
                FormattableString.Invariant($"row {row}: the label '{text}' is neither one of the classes {string.Join(", ", Classes)} nor the index of one."));
    }

    // 1.0 is 1: pandas writes whole numbers so where one label of the column is missing.
    private static int? Index(string text)
    {
        var end = text.AsSpan().LastIndexOfAny('.', ',') is > 0 and var point && text.Length > point + 1 && !text.AsSpan(point + 1).ContainsAnyExcept('0')
            ? point
            : text.Length;
        return int.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
