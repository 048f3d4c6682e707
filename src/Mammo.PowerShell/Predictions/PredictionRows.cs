using Mammo.Evaluation.Measurement;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>Adds records from elsewhere to a measurement, when all are there: only together do they show which class is the positive one.</summary>
/// <param name="map">What the user says of the classes.</param>
internal sealed class PredictionRows(IReadOnlyDictionary<string, string>? map)
{
    private readonly List<PredictionRow> _rows = [];

    /// <summary>Keeps a record.</summary>
    public void Add(PredictionRow row) => _rows.Add(row);

    /// <summary>Adds all that was kept; every record has a score.</summary>
    /// <param name="builder">The measurement.</param>
    /// <param name="check">Takes each image with the place of its class.</param>
    /// <returns>What was matched by its meaning; null when the names are the same, or no classes were compared.</returns>
    /// <exception cref="MammoException">Those of <see cref="Matched()"/> and of the measurement.</exception>
    public Finding? Finish(MeasurementBuilder builder, Action<string, int?> check)
    {
        var (rows, finding) = Matched();
        foreach (var (row, classes, probabilities, place, lost) in rows)
        {
            if (row.Probabilities is null)
                builder.Add(classes[0], classes[1], row.Score!.Value, place, row.SampleWeight, lost, row.Facts);
            else
                builder.Add(probabilities!, place, row.SampleWeight, lost, row.Facts);
            check(row.Path, place);
        }

        return finding;
    }

    /// <summary>All that was kept, each record with its class's place among those that were scored.</summary>
    /// <returns>The records in their order, and what was matched by its meaning; null when the names are the same, or no classes were compared.</returns>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelClassMismatch"/>: a class belongs to none that was scored; <see cref="ErrorIds.PredictionInvalid"/>: classes and labels
    /// contradict each other;
    /// <see cref="ErrorIds.PredictionsMixed"/>: records of two kinds.
    /// </exception>
    public (IReadOnlyList<MatchedRow> Rows, Finding? Finding) Matched()
    {
        PredictionRow[] scored = [.. _rows.Where(row => !row.IsUnscored)];
        if (scored.Length == 0)
            return ([.. _rows.Select(row => new MatchedRow(row, [], null, null, null))], null);
        var tables = scored.Where(row => row.Probabilities is not null).ToArray();
        if (tables.Length > 0 && tables.Length < scored.Length)
            throw new MammoException(
                ErrorIds.PredictionsMixed,
                $"{tables.Length} of {scored.Length} records have probabilities of all classes, the others a score alone.",
                "Measure one kind of records at a time.");
        string[] positions = tables.Length == 0 ? Pair() : Array.Find(tables, row => !row.IsUnordered) is { } ordered ? [.. ordered.Probabilities!.Keys]
            : Order(scored);
        var match = new ClassMatch("the scores", positions, map);
        var known = _rows.Where(row => Truth(row) is not null);
        var (places, finding) = match.Of("the records", known.Select(row => Truth(row)!));
        return ([.. _rows.Select(row => Matched(row, positions, Truth(row) is { } truth ? places[truth] : null))], finding);
    }

    private MatchedRow Matched(PredictionRow row, string[] classes, int? place)
    {
        // The index is blank beside the class only where the model had no output for it.
        var lost = row.Truth is { } truth && ((Truth(row) is null && IsWithoutOutput(row)) || (Truth(row) is not null && place is null)) ? truth : null;
        if (row.HasBoth && row.Label is { } label && place is not null && row.Probabilities is not null && map is null && label != place)
            throw PredictionRow.Invalid(
                $"The record of '{row.Path}' has the class '{row.Truth}' and the label {label}, but '{row.Truth}' is number {place} of "
                    + $"({string.Join(", ", classes)}).",
                "Check the columns of the class and its label.");
        if (row.Probabilities is { } both && both.TryGetValue(classes[^1], out var own) && !row.IsScore(own))
            throw PredictionRow.Invalid(
                $"The record of '{row.Path}' has the score {row.ScoreText}, but the probability {both}, and the score is that of '{classes[^1]}'.",
                "Fix the one that is wrong, or leave its column out.");
        var probabilities = row.Probabilities is not { } given
            ? row.Score is { } score ? NamedTable.Of<double>([classes[0], classes[1]], [1 - score, score]) : null
            : row.IsUnordered && given.Count == classes.Length && Array.TrueForAll(classes, given.ContainsKey)
                ? NamedTable.Of<double>(classes, [.. classes.Select(name => given[name])])
                : given;
        return new MatchedRow(row, classes, probabilities, place, lost);
    }

    private string? Truth(PredictionRow row) => IsWithoutOutput(row) ? null : row.Truth;

    private bool IsWithoutOutput(PredictionRow row) =>
        row is { HasBoth: true, Label: null, Truth: not null, Probabilities: not null } && map?.ContainsKey(row.Truth) != true;

    // The labels of the classes show their order, and the score is that of the last one; where an image of some class is missing its place makes no difference.
    private static string[] Order(PredictionRow[] rows)
    {
        var rest = rows[0].Probabilities!.Keys.Order(StringComparer.OrdinalIgnoreCase).ToList();
        var order = new string?[rest.Count];
        foreach (var row in rows)
        {
            if (row is { HasBoth: true, Truth: { } truth, Label: { } label } && label < order.Length
                && rest.RemoveAll(name => string.Equals(name, truth, StringComparison.OrdinalIgnoreCase)) > 0)
                order[label] = truth;
        }

        if (order[^1] is null)
        {
            var last = rest.Where(name => Array.TrueForAll(
                rows, row => row.Score is { } score && row.Probabilities!.TryGetValue(name, out var own) && own == score)).ToArray();
            order[^1] = last.Length == 1 || rest.Count == 1 ? last.FirstOrDefault(rest[0])
                : throw PredictionRow.Invalid(
                    $"The order of the classes ({string.Join(", ", rest)}) was lost, and neither labels nor scores show which is the positive one.",
                    "Keep the columns Label and Score.");
            rest.Remove(order[^1]!);
        }

        for (var index = 0; index < order.Length; index++)
        {
            if (order[index] is null)
                (order[index], _) = (rest[0], rest.Remove(rest[0]));
        }

        return order!;
    }

    // Two classes of a score alone: class and index show them; otherwise the words do, as neg and pos.
    private string[] Pair()
    {
        string[] names = ["neg", "pos"];
        if (map is not null || !_rows.Any(row => row.HasBoth && row.Label is not null))
            return names;
        foreach (var group in _rows.Where(row => row is { Truth: not null, Label: not null, HasBoth: true })
            .GroupBy(row => row.Truth!, StringComparer.OrdinalIgnoreCase))
        {
            var labels = group.Select(row => row.Label!.Value).Distinct().ToArray();
            if (labels.Length > 1 || labels[0] > 1)
                throw PredictionRow.Invalid(
                    $"The class '{group.Key}' has the labels {string.Join(", ", labels)} beside a single score.",
                    "A single score needs two classes, labelled 0 and 1; say which they are with -ClassMap.");
            names[labels[0]] = group.Key;
        }

        return names;
    }
}

/// <summary>A record with what its class is among those that were scored.</summary>
/// <param name="Row">The record.</param>
/// <param name="Classes">The classes that were scored, the positive one last.</param>
/// <param name="Probabilities">Probability of each; null for a record without a score.</param>
/// <param name="Place">Index of its known class; null when unknown.</param>
/// <param name="Lost">Its known class where that was not scored.</param>
internal sealed record MatchedRow(PredictionRow Row, string[] Classes, NamedTable<double>? Probabilities, int? Place, string? Lost);
