using System.Collections.Immutable;
using Mammo.Data.Dicom.Writing;
using Mammo.Evaluation;
using Mammo.Scoring.Heatmaps;

namespace Mammo.Scoring.DicomResults;

/// <summary>
/// Makes DICOM objects of predictions and heatmaps. Heatmaps come first and leave their regions; predictions are gathered, and become reports at the end: one
/// for each study and each way of scoring.
/// </summary>
/// <param name="options">Which objects are made, and how.</param>
/// <param name="models">The models of the predictions, as far as they are at hand.</param>
public sealed class DicomExport(DicomExportOptions options, KnownModels models)
{
    private readonly Dictionary<string, List<MarkedImage>> _marked = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Study, string Inference, string Class), List<Entry>> _studies = [];
    private readonly HashSet<(string Image, string Run)> _taken = [];

    /// <summary>Takes a heatmap: its picture and its presentation state, as far as they are asked for.</summary>
    /// <exception cref="MammoException">
    /// The image is no DICOM file, not the one of the heatmap, or lacks identifiers; the heatmap has no such class; it came before.
    /// </exception>
    public IEnumerable<DicomResult> Add(MammoHeatmap heatmap)
    {
        ArgumentNullException.ThrowIfNull(heatmap);
        var marked = MarkedImage.Of(heatmap, options);
        if (!_marked.TryGetValue(marked.Source.SopInstanceUid, out var known))
            _marked.Add(marked.Source.SopInstanceUid, known = []);
        if (known.Exists(other => other.Key.SequenceEqual(marked.Key, StringComparer.Ordinal)))
            throw Twice("heatmap", heatmap.Path);
        known.Add(marked);
        return Results(marked, heatmap);
    }

    /// <summary>Heatmaps whose image has no prediction among those that were taken, so that no report has their regions.</summary>
    public int UnreportedHeatmaps => _marked.Values.SelectMany(marked => marked).Count(
        marked => !_studies.Values.Any(entries => entries.Exists(entry => IsOf(marked, entry.Source.SopInstanceUid, entry.Frame))));

    /// <summary>Takes a prediction.</summary>
    /// <exception cref="MammoException">
    /// Those of <see cref="ScoredImage.ReadSource"/> and <see cref="KnownModels.Statement(ScoredImage)"/>; <see cref="ErrorIds.LateralityMissing"/>: scores of
    /// breasts are asked for and the image has no side; <see cref="ErrorIds.PredictionsMixed"/>: it came before.
    /// </exception>
    public void Add(ScoredImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var source = image.ReadSource();
        var entry = new Entry(image, source, ResultInstance.FrameOf(source, image.Inference), models.Statement(image));
        if (options.Units.Contains(EvaluationUnit.Breast) && source.Info.Laterality is not ("L" or "R"))
            throw new MammoException(ErrorIds.LateralityMissing, $"'{image.Path}' has no side, so it belongs to no breast.", target: image.Path);
        if (!_taken.Add((source.SopInstanceUid, AlgorithmIdentity.RunOf(image.Inference))))
            throw Twice("prediction", image.Path);
        var key = (source.StudyInstanceUid, image.Inference, image.Class);
        if (!_studies.TryGetValue(key, out var entries))
            _studies.Add(key, entries = []);
        if (entries is [var first, ..] && first.Source.Info.Patient != source.Info.Patient)
        {
            _taken.Remove((source.SopInstanceUid, AlgorithmIdentity.RunOf(image.Inference)));
            throw new MammoException(
                ErrorIds.DicomResultImpossible,
                $"'{image.Path}' is of the study {source.StudyInstanceUid}, whose other images are of another patient ('{first.Source.Path}').",
                "Check the identifiers of both images.",
                image.Path);
        }

        entries.Add(entry);
    }

    /// <summary>The reports of the predictions that were taken, in the order in which their studies came.</summary>
    public IEnumerable<DicomResult> Reports() =>
        options.Kinds.Contains(DicomResultKind.StructuredReport) ? _studies.Values.Select(Report) : [];

    private static bool IsOf(MarkedImage marked, string instance, int? frame) => marked.Source.SopInstanceUid == instance && marked.Frame == frame;

    private static MammoException Twice(string what, string path) =>
        new(ErrorIds.PredictionsMixed, $"A {what} of '{path}' that was made in the same way came before.", "Give each once.", path);

    private IEnumerable<DicomResult> Results(MarkedImage marked, MammoHeatmap heatmap)
    {
        if (options.Kinds.Contains(DicomResultKind.Heatmap))
            yield return new DicomResult($"SC.{OverlayCapture.Uid(marked, options)}.dcm", heatmap.Path, () => OverlayCapture.Encode(marked, heatmap, options));
        if (options.Kinds.Contains(DicomResultKind.PresentationState))
        {
            yield return new DicomResult(
                $"PR.{RegionPresentation.Uid(marked, heatmap, options)}.dcm", heatmap.Path, () => RegionPresentation.Encode(marked, heatmap, options));
        }
    }

    private DicomResult Report(List<Entry> taken)
    {
        Entry[] entries =
        [
            .. taken.OrderBy(entry => entry.Source.Info.Laterality, StringComparer.Ordinal)
                .ThenBy(entry => $"{entry.Source.Info.View}", StringComparer.Ordinal)
                .ThenBy(entry => entry.Source.SopInstanceUid, StringComparer.Ordinal),
        ];
        var report = new MeasurementReport(
            AlgorithmIdentity.Of(entries[0].Image.Inference, models),
            [.. entries.Select(entry => (entry.Source, entry.Frame))],
            [.. options.Units.Distinct().Order().SelectMany(unit => Scores(unit, entries))],
            [.. entries.SelectMany(entry => _marked.GetValueOrDefault(entry.Source.SopInstanceUid, []).Where(
                marked => IsOf(marked, entry.Source.SopInstanceUid, entry.Frame)))],
            options,
            models);
        var images = entries.Length == 1 ? entries[0].Source.Path : $"{entries.Length} images of study {entries[0].Source.StudyInstanceUid}";
        return new DicomResult(report.FileName, images, report.Encode);
    }

    private IEnumerable<ReportedScore> Scores(EvaluationUnit unit, Entry[] entries) => unit switch
    {
        EvaluationUnit.Image => entries.Select(entry => new ReportedScore(
            MeasurementReport.Name(entry.Source), entry.Image.Score, entry.Image.Class, entry.Source.Info.Laterality, [(entry.Source, entry.Frame)], null,
            entry.Statement, entry.Image.Warning)),
        EvaluationUnit.Breast => entries.GroupBy(entry => entry.Source.Info.Laterality)
            .Select(breast => Together($"{breast.Key} breast", unit, breast.Key, [.. breast])),
        _ => [Together("Patient", unit, null, entries)],
    };

    private ReportedScore Together(string label, EvaluationUnit unit, string? side, Entry[] entries)
    {
        var scores = entries.Select(entry => entry.Image.Score);
        var score = options.Aggregate == UnitScore.Max ? scores.Max() : scores.Average();
        return new ReportedScore(
            label,
            score,
            entries[0].Image.Class,
            side,
            [.. entries.Select(entry => (entry.Source, entry.Frame))],
            options.Aggregate == UnitScore.Max ? Concept.Maximum : Concept.Mean,
            models.Statement(entries[0].Image.Inference, score, entries.Length, unit, options.Aggregate),
            string.Join(';', entries.SelectMany(entry => entry.Image.Warning.Split(';', StringSplitOptions.RemoveEmptyEntries)).Distinct()));
    }

    private sealed record Entry(ScoredImage Image, DicomSource Source, int? Frame, ScoreStatement Statement);
}
