using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Mammo.Evaluation;

namespace Mammo.PowerShell.Common;

/// <summary>A prediction that left the process, or another program's, as Import-Csv, ConvertFrom-Json, Import-Clixml, Start-Job or remoting give it.</summary>
/// <param name="Source">The object itself, for errors.</param>
/// <param name="Path">The image; empty when the record does not say it.</param>
/// <param name="Truth">Text of the known class; null when unknown.</param>
/// <param name="Label">Index of the known class; null when it is not given as a number.</param>
/// <param name="HasBoth">The record has columns for the class and for its index.</param>
/// <param name="Score">Score of the positive class; null when the record has none.</param>
/// <param name="ScoreText">The score as it is written; null when the record has none.</param>
/// <param name="Probabilities">Probability of each class in order; null when the record has none.</param>
/// <param name="IsUnordered">The classes have lost their order, as a dictionary does in Clixml, a job and remoting.</param>
/// <param name="SampleWeight">Weight in statistics.</param>
/// <param name="Facts">What else is known of the image.</param>
/// <param name="View">Its view; null when unknown.</param>
/// <param name="Exam">Its exam; null when unknown.</param>
internal sealed partial record PredictionRow(
    PSObject Source, string Path, string? Truth, int? Label, bool HasBoth, double? Score, string? ScoreText,
    NamedTable<double>? Probabilities, bool IsUnordered, double SampleWeight, ImageFacts Facts, string? View, string? Exam)
{
    /// <summary>Whether the record has a place for a score and none in it: the image could not be scored.</summary>
    public bool IsUnscored => Score is null && Probabilities is null;

    private static readonly Dictionary<string, string[]> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["path"] = ["path", "file", "filename", "image"],
        ["class"] = ["trueclass", "class"],
        ["label"] = ["label"],
        ["score"] = ["score"],
        ["probability"] = ["probability"],
        ["sample_weight"] = ["sampleweight", "sample_weight"],
        ["patient"] = ["patient"],
        ["laterality"] = ["laterality"],
        ["view"] = ["view"],
        ["exam"] = ["exam", "exam_id", "study_id", "study_instance_uid"],
        ["warning"] = ["warning"],
        ["inference"] = ["inference"],
        ["splithash"] = ["splithash"],
        ["error_id"] = ["errorid", "error_id"],
    };

    /// <summary>Reads a record.</summary>
    /// <param name="source">The object.</param>
    /// <param name="columns">Its own names of columns by their meaning, where they differ.</param>
    /// <param name="groupBy">Properties by which is grouped.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.PredictionInvalid"/>: it is none, or a number is not one.</exception>
    public static PredictionRow Of(PSObject source, IReadOnlyDictionary<string, string> columns, IReadOnlyList<string> groupBy)
    {
        if (columns.Keys.FirstOrDefault(meaning => !Names.ContainsKey(meaning)) is { } unknown)
            throw Invalid($"-Column has no meaning '{unknown}'.", $"The meanings are {string.Join(", ", Names.Keys)}.");
        if (source.BaseObject is string or ValueType)
            throw Invalid($"'{source}' is no prediction.", "Give records with a score and a class: those of Invoke-MammoPredict, or rows of Import-Csv.");
        var path = Value("path") is { } place ? Text(place) : null;
        var (classText, labelText) = (Text(Value("class")), Text(Value("label")));
        var label = labelText is not null && int.TryParse(labelText, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index
            : Value("class") is not null && labelText is not null && Number("label") is { } whole && whole == Math.Floor(whole) && whole is >= 0 and < 1000
                ? (int?)whole
                : null;
        var score = Number("score");
        var probabilities = Table(Value("probability")) is { Count: > 0 } table ? table : null;
        var errorId = score is null && probabilities is null ? Text(Value("error_id")) : null;
        if (score is null && probabilities is null && errorId is null && Value("score", orBlank: true) is null)
            throw Invalid($"The record{(path is null ? "" : $" of '{path}'")} has no score.", "Name its column: -Column @{ score = 'name' }.");
        var hasBoth = Value("class", orBlank: true) is not null && Value("label", orBlank: true) is not null;
        return new PredictionRow(
            source, path ?? "", classText ?? labelText, label, hasBoth, score, Text(Value("score")), probabilities, IsHashtable(Value("probability")),
            Number("sample_weight") ?? 1,
            new ImageFacts
            {
                Id = path ?? "",
                Patient = Text(Value("patient")),
                Laterality = Text(Value("laterality")),
                Warning = errorId ?? Text(Value("warning")) ?? "",
                Inference = Text(Value("inference")) ?? "",
                SplitHash = Text(Value("splithash")) ?? "",
                Groups = Groups(source, groupBy),
            },
            Text(Value("view")),
            Text(Value("exam")));

        object? Value(string meaning, bool orBlank = false)
        {
            var isNamed = columns.TryGetValue(meaning, out var own);
            foreach (var name in isNamed ? [own!] : Names[meaning])
            {
                if (Find(source, name) is { IsThere: true, Value: var value })
                    return orBlank ? "" : value;
            }

            return isNamed ? throw Invalid($"The record has no column '{own}', which -Column names for '{meaning}'.", "Check the names of the columns.") : null;
        }

        double? Number(string meaning) => Text(Value(meaning)) is not { } text ? null
            : Parse(text) ?? throw Invalid($"'{text}' in the column of '{meaning}' is no number.", "Name the right column with -Column.");
    }

    /// <summary>Whether the score is a probability in as many digits as it is written with; spreadsheets write what they show.</summary>
    public bool IsScore(double probability)
    {
        if (Score is not { } score || ScoreText is null)
            return true;
        var point = ScoreText.AsSpan().LastIndexOfAny('.', ',', '\u066B');
        var digits = ScoreText.Contains('e', StringComparison.OrdinalIgnoreCase) ? 15 : point < 0 ? 0 : ScoreText.Length - point - 1;
        return double.IsNaN(score) || Math.Abs(score - probability) <= (0.5000001 * Math.Pow(10, -digits)) + 1e-12;
    }

    /// <summary>A number with a decimal point, or with a decimal comma as Export-Csv writes it in many cultures; null when it is none.</summary>
    public static double? Parse(string text)
    {
        var plain = DecimalComma().IsMatch(text) ? text.Replace(',', '.').Replace('\u066B', '.') : text;
        return double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>An error about a record.</summary>
    public static MammoException Invalid(string what, string suggestedFix) => new(ErrorIds.PredictionInvalid, what, suggestedFix);

    /// <summary>The values of properties by which is grouped; null where there is none.</summary>
    public static ImmutableArray<string?> Groups(PSObject source, IReadOnlyList<string> groupBy) =>
        groupBy.Count == 0 ? [] : [.. groupBy.Select(name => Text(Find(source, name).Value))];

    internal static (bool IsThere, object? Value) Find(PSObject source, string name)
    {
        if (source.BaseObject is IDictionary table)
        {
            foreach (DictionaryEntry pair in table)
            {
                if (string.Equals($"{pair.Key}", name, StringComparison.OrdinalIgnoreCase))
                    return (true, pair.Value);
            }

            return (false, null);
        }

        return source.Properties[name] is { } property ? (true, property.Value) : (false, null);
    }

    private static bool IsHashtable(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) is Hashtable;

    /// <summary>A value as text, numbers invariant; null when it is blank.</summary>
    public static string? Text(object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        var text = plain is IFormattable number ? number.ToString(plain is double or float ? "R" : null, CultureInfo.InvariantCulture) : plain?.ToString();
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    private static NamedTable<double>? Table(object? value)
    {
        if (value is null)
            return null;
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (plain is NamedTable<double> own)
            return own;
        try
        {
            if (Entries().Matches($"{value}") is { Count: > 0 } entries && entries.Sum(entry => entry.Length) == $"{value}".Length)
                return new NamedTable<double>(entries.Select(entry => KeyValuePair.Create(entry.Groups[1].Value, Number(entry.Groups[2].Value))));
            if (plain is IDictionary table)
                return new NamedTable<double>(table.Cast<DictionaryEntry>().Select(pair => KeyValuePair.Create($"{pair.Key}", Number(pair.Value))));
            if (value is PSObject properties && plain is not string && properties.Properties.Any())
                return new NamedTable<double>(properties.Properties.Select(property => KeyValuePair.Create(property.Name, Number(property.Value))));
        }
        catch (ArgumentException error)
        {
            throw new MammoException(ErrorIds.PredictionInvalid, $"The probabilities '{value}' name a class twice.", inner: error);
        }

        return Text(value) is null ? null : throw Invalid($"'{value}' are no probabilities of classes.", "They are written as neg=0.25;pos=0.75.");

        static double Number(object? number) =>
            Text(number) is { } text && Parse(text) is { } parsed
                ? parsed
                : throw Invalid($"The probability '{number}' is no number.", "Give a number from 0 to 1.");
    }

    [GeneratedRegex(@"^[-+]?\d*[,\u066B]\d+([eE][-+]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"\G(.+?)=([-+]?(?:\d[\d.,\u066B]*(?:[eE][-+]?\d+)?|NaN|Infinity))(?:;|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Entries();
}
