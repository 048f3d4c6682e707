using System.Management.Automation;
using Mammo.Evaluation.Decisions;
using Mammo.PowerShell.Common;
using Mammo.Scoring;
using Mammo.Scoring.DicomResults;

namespace Mammo.PowerShell.Pacs;

/// <summary>Scores of predictions, also of those that left the process.</summary>
internal static class ScoredImages
{
    private static readonly Dictionary<string, string> NoColumns = [];

    /// <summary>The score of a prediction, or of a row of Import-Csv and its kin that has what is needed.</summary>
    /// <param name="record">The prediction.</param>
    /// <param name="resolve">Full path of an image as the session sees it.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PredictionInvalid"/>: it is none, or has no path, no probabilities or no decision that is one.
    /// </exception>
    public static ScoredImage Of(PSObject record, Func<string, string> resolve)
    {
        if (record.BaseObject is MammoPrediction prediction)
            return ScoredImage.Of(prediction);
        var row = PredictionRow.Of(record, NoColumns, []);
        if (row.Path.Length == 0)
            throw PredictionRow.Invalid("A record does not say which image it is of.", "Keep the column Path of Invoke-MammoPredict.");
        if (row.IsUnscored)
            throw ScoredImage.Unscored(row.Path, row.Facts.Warning);
        if (row.Probabilities is not { Count: > 0 } probabilities)
            throw PredictionRow.Invalid($"The record of '{row.Path}' has no probabilities of classes.", "Keep the column Probability of Invoke-MammoPredict.");
        var last = row.IsUnordered ? ByScore(row, probabilities) : probabilities.Keys.Last();
        return new ScoredImage(resolve(row.Path), row.Score ?? probabilities[last], last, row.Facts.Inference, DecisionOf(record, row.Path))
        {
            SopInstanceUid = PredictionRow.Text(PredictionRow.Find(record, nameof(MammoPrediction.SopInstanceUid)).Value)
                ?? PredictionRow.Text(PredictionRow.Find(record, "sop_instance_uid").Value),
            Warning = row.Facts.Warning,
        };
    }

    // Clixml, jobs and remoting lose the order of the classes; the score is the last one's.
    private static string ByScore(PredictionRow row, NamedTable<double> probabilities) =>
        probabilities.Where(pair => pair.Value == row.Score).Select(pair => pair.Key).ToArray() is [var only] ? only : throw PredictionRow.Invalid(
            $"The order of the classes of '{row.Path}' ({probabilities}) was lost, and its score does not show which is the last one.",
            "Keep predictions as CSV or JSON.");

    private static Decision? DecisionOf(PSObject record, string path)
    {
        var text = PredictionRow.Text(PredictionRow.Find(record, "decision").Value);
        return text is null ? null
            : Enum.TryParse<Decision>(text, ignoreCase: true, out var decision) && Enum.IsDefined(decision) && !char.IsDigit(text[0]) ? decision
            : text is "0" or "1" or "2" ? (Decision)(text[0] - '0')
            : throw PredictionRow.Invalid($"'{text}' of '{path}' is no decision.", "It is None, Negative or Positive.");
    }
}
