using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data;

namespace Mammo.Scoring.CrossValidation;

/// <summary>
/// Scores of folds as a table, a row for each image: the columns that Measure-MammoPrediction reads, seed and fold, and the further columns of the images'
/// list.
/// </summary>
public sealed class FoldScores
{
    private const string PathColumn = "Path";
    private const string SeedColumn = "Seed";
    private const string FoldColumn = "Fold";

    private static readonly string[] Own =
    [
        PathColumn, "Patient", "Laterality", "View", "TrueClass", "Label", "Score", "Probability", SeedColumn, FoldColumn, "SplitHash", "SampleWeight",
        "Warning", "ErrorId", "Inference",
    ];

    private FoldScores(ImmutableArray<string> columns, ImmutableArray<ImmutableArray<string?>> rows) => (Columns, Rows) = (columns, rows);

    /// <summary>Names of the columns.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>The rows; null where a field is blank.</summary>
    public ImmutableArray<ImmutableArray<string?>> Rows { get; }

    /// <summary>File names of the images.</summary>
    internal IEnumerable<string> Names => Rows.Select(row => Path.GetFileName((row[0] ?? "").Replace('\\', '/')));

    /// <summary>The table of a fold's predictions.</summary>
    internal static FoldScores Of(CrossValidationFold fold, IEnumerable<MammoPrediction> predictions)
    {
        MammoPrediction[] all = [.. predictions];
        string[] further =
        [
            .. all.SelectMany(prediction => prediction.Extra.Keys).Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(name => !Own.Contains(name, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.OrdinalIgnoreCase),
        ];
        return new FoldScores([.. Own, .. further], [.. all.Select(Row)]);

        ImmutableArray<string?> Row(MammoPrediction prediction) =>
        [
            prediction.Path, prediction.Patient, prediction.Laterality, prediction.View, prediction.TrueClass, Text(prediction.Label), Text(prediction.Score),
            prediction.Score is null ? null : $"{prediction.Probability}", Text(fold.Seed), Text(fold.Fold), fold.SplitHash, Text(prediction.SampleWeight),
            prediction.Warning, prediction.ErrorId, prediction.Inference, .. further.Select(name => prediction.Extra.GetValueOrDefault(name)),
        ];
    }

    /// <summary>Reads a table.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DatasetInvalid"/>: it is none, or lacks a column.</exception>
    internal static FoldScores Read(string path)
    {
        var table = CsvTable.Read(path, Own);
        return new FoldScores(
            table.Columns, [.. table.Rows.Select(row => Enumerable.Range(0, table.Columns.Length).Select(place => row[place]).ToImmutableArray())]);
    }

    /// <summary>Several tables as one, by seed and fold.</summary>
    internal static FoldScores Join(IReadOnlyList<FoldScores> tables)
    {
        ImmutableArray<string> columns = [.. tables.SelectMany(table => table.Columns).Distinct(StringComparer.OrdinalIgnoreCase)];
        var (seed, fold) = (Array.IndexOf(Own, SeedColumn), Array.IndexOf(Own, FoldColumn));
        return new FoldScores(
            columns,
            [.. tables.SelectMany(Moved).OrderBy(row => Number(row[seed])).ThenBy(row => Number(row[fold]))]);

        IEnumerable<ImmutableArray<string?>> Moved(FoldScores table)
        {
            int[] places = [.. columns.Select(name => table.Columns.IndexOf(name, StringComparer.OrdinalIgnoreCase))];
            return table.Rows.Select(row => places.Select(place => place < 0 ? null : row[place]).ToImmutableArray());
        }

        static int Number(string? text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }

    /// <summary>Writes the table; it appears whole or not at all.</summary>
    internal void Write(string path) => CsvTable.Write(path, Columns, Rows.Select(row => row.AsEnumerable()));

    private static string? Text(IFormattable? number) => number?.ToString(number is double ? "R" : null, CultureInfo.InvariantCulture);
}
