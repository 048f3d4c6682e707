using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Dicom.Writing;
using Mammo.Evaluation;
using Mammo.Networks.Models;

namespace Mammo.Scoring.DicomResults;

/// <summary>A score in a report: of an image, or of several together.</summary>
/// <param name="Label">What it is of, for people.</param>
/// <param name="Score">The score, 0..1.</param>
/// <param name="Class">The class whose probability it is.</param>
/// <param name="Side">Side of the breast; null for both or where it is not known.</param>
/// <param name="Images">Its images with their frames.</param>
/// <param name="Derivation">How the scores of several images became one; null for one image.</param>
/// <param name="Statement">Calibration and threshold.</param>
/// <param name="Warning">Ids of what makes it doubtful.</param>
internal sealed record ReportedScore(
    string Label,
    double Score,
    string Class,
    string? Side,
    ImmutableArray<(DicomSource Source, int? Frame)> Images,
    Concept? Derivation,
    ScoreStatement Statement,
    string Warning);

/// <summary>A Comprehensive SR by TID 1500, "Measurement Report" (PS3.16), of one study and one run.</summary>
/// <param name="Algorithm">What made the scores.</param>
/// <param name="Images">The images of the scores, each once.</param>
/// <param name="Scores">The scores.</param>
/// <param name="Marked">The heatmaps of the images.</param>
/// <param name="Options">How the report is made.</param>
/// <param name="Models">The models that are at hand.</param>
internal sealed record MeasurementReport(
    AlgorithmIdentity Algorithm,
    ImmutableArray<(DicomSource Source, int? Frame)> Images,
    ImmutableArray<ReportedScore> Scores,
    ImmutableArray<MarkedImage> Marked,
    DicomExportOptions Options,
    KnownModels Models)
{
    private const string SopClass = "1.2.840.10008.5.1.4.1.1.88.33";

    /// <summary>
    /// The report's UID: of everything that its numbers follow from, and of the numbers to four decimals, which no rounding of another processor reaches.
    /// </summary>
    public string Uid => DicomUid.Of([
        "report",
        .. Images.Select(image => $"{image.Source.SopInstanceUid} {image.Frame}"),
        .. Algorithm.Key,
        .. Scores.SelectMany(score => new[]
        {
            score.Label, score.Score.ToString("0.0000", CultureInfo.InvariantCulture), score.Class, score.Statement.Calibration, score.Statement.Threshold,
            score.Warning,
        }),
        .. Marked.SelectMany(marked => marked.Key),
        $"{Options.Concept} {Options.Date:O}",
    ]);

    /// <summary>Name of its file.</summary>
    public string FileName => $"SR.{Uid}.dcm";

    /// <summary>The bytes of the file.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DicomIdentityMissing"/>: no date is known.</exception>
    public byte[] Encode()
    {
        var made = ResultInstance.DateOf(Options, [.. Images.Select(image => image.Source)]);
        var first = Images[0].Source;
        var report = ResultInstance.New(first, SopClass, "SR", Uid, Algorithm.Key, $"Mammo report, research use only: {Algorithm.Name}", 9101)
            .Dated(DicomTag.ContentDate, DicomTag.ContentTime, made)
            .Text(DicomTag.InstanceNumber, "IS", "1")
            .Items(ResultTag.ReferencedPerformedProcedureStepSequence)
            .Items(ResultTag.PerformedProcedureCodeSequence)
            .Items(ResultTag.CurrentRequestedProcedureEvidenceSequence, Evidence(first))
            .Text(ResultTag.CompletionFlag, "CS", "COMPLETE")
            .Text(ResultTag.VerificationFlag, "CS", "UNVERIFIED")
            .Text(ResultTag.ValueType, "CS", "CONTAINER")
            .Items(ResultTag.ConceptNameCodeSequence, ContentItem.Code(Concept.ImagingMeasurementReport));
        return DicomFileWriter.Encode(ContentItem.Container(report, "1500", Content()), first.CharacterSets);
    }

    private IEnumerable<DicomItem> Content()
    {
        yield return ContentItem.Coded(ContentItem.HasConceptMod, Concept.Language, Concept.English);
        yield return ContentItem.Coded(ContentItem.HasObsContext, Concept.ObserverType, Concept.Device);
        yield return ContentItem.Uid(ContentItem.HasObsContext, Concept.DeviceUid, DicomUid.Of("device", "Mammo", ResultInstance.Version));
        yield return ContentItem.Text(ContentItem.HasObsContext, Concept.DeviceName, "Mammo, research use only");
        yield return ContentItem.Text(ContentItem.HasObsContext, Concept.DeviceManufacturer, "Mammo");
        yield return ContentItem.Text(ContentItem.HasObsContext, Concept.DeviceModel, $"Mammo {ResultInstance.Version}");
        yield return ContentItem.Coded(ContentItem.HasConceptMod, Concept.ProcedureReported, Concept.ImagingProcedure);
        yield return ContentItem.Container(ContentItem.Contains, Concept.ImageLibrary, "1600", [
            ContentItem.Container(ContentItem.Contains, Concept.ImageLibraryGroup, null, Images.Select(LibraryEntry)),
        ]);
        yield return ContentItem.Container(
            ContentItem.Contains,
            Concept.ImagingMeasurements,
            null,
            Marked.SelectMany(marked => marked.Regions.Select((region, i) => Group(marked, region, i))).Concat(Scores.Select(Group)));
        yield return ContentItem.Container(ContentItem.Contains, Concept.QualitativeEvaluations, null, [
            Comment(ResultInstance.ResearchOnly),
            .. Scores.Where(score => score.Warning.Length > 0).Select(score => Comment($"{score.Label}: noticed about the input: {score.Warning}.")),
            .. Marked.Where(marked => marked.Regions.IsEmpty).Select(marked => Comment($"{Name(marked.Source)}: no region. {marked.Meaning}")),
        ]);
    }

    private static DicomItem LibraryEntry((DicomSource Source, int? Frame) image)
    {
        var info = image.Source.Info;
        List<DicomItem> descriptors = [];
        if (info.Modality is { } modality)
            descriptors.Add(ContentItem.Coded(ContentItem.HasAcqContext, Concept.Modality, new Concept(modality, "DCM", ModalityName(modality))));
        if (Concept.Side(info.Laterality) is { } side)
            descriptors.Add(ContentItem.Coded(ContentItem.HasAcqContext, Concept.ImageLaterality, side));
        if (View(info.View) is { } view)
            descriptors.Add(ContentItem.Coded(ContentItem.HasAcqContext, Concept.ImageView, view));
        if (info is { Rows: { } rows, Columns: { } columns })
        {
            descriptors.Add(ContentItem.Number(ContentItem.HasAcqContext, Concept.PixelRows, rows, Concept.Pixels));
            descriptors.Add(ContentItem.Number(ContentItem.HasAcqContext, Concept.PixelColumns, columns, Concept.Pixels));
        }

        return ContentItem.Image(ContentItem.Contains, null, image.Source, image.Frame, descriptors);
    }

    private DicomItem Group(ReportedScore score)
    {
        var together = score.Derivation is null ? "" : $", {score.Derivation.Meaning} of {score.Images.Length} images";
        List<DicomItem> modifiers =
        [
            Meaning($"Score: the probability of class '{score.Class}' that the model gives{together}"),
            .. Algorithm.Items(score.Statement),
        ];
        if (score.Derivation is { } derivation)
            modifiers.Insert(0, ContentItem.Coded(ContentItem.HasConceptMod, Concept.Derivation, derivation));
        var uid = DicomUid.Of(["tracking", score.Label, .. score.Images.Select(image => $"{image.Source.SopInstanceUid} {image.Frame}"), .. Algorithm.Key]);
        return ContentItem.Container(ContentItem.Contains, Concept.MeasurementGroup, "1501", [
            .. Identity(score.Label, uid, score.Side),
            ContentItem.Number(ContentItem.Contains, ConceptOf(score.Class), 100 * score.Score, Concept.Percent, [
                .. modifiers,
                .. score.Images.Select(image => ContentItem.Image(ContentItem.InferredFrom, Concept.SourceOfMeasurement, image.Source, image.Frame)),
            ]),
        ]);
    }

    private DicomItem Group(MarkedImage marked, SuspiciousRegion region, int index)
    {
        var uid = DicomUid.Of(["tracking", $"{index}", .. marked.Key]);
        var (concept, unit) = marked.IsProbability ? (ConceptOf(marked.Class), Concept.Percent) : (Concept.CertaintyOfFinding, Concept.NoUnits);
        return ContentItem.Container(ContentItem.Contains, Concept.MeasurementGroup, "1410", [
            .. Identity($"{Name(marked.Source)}, region {index + 1}, {marked.Model}", uid, marked.Source.Info.Laterality),
            ContentItem.Polyline(ContentItem.Contains, Concept.ImageRegion, [.. region.Points], marked.Source, marked.Frame),
            ContentItem.Number(ContentItem.Contains, concept, marked.IsProbability ? 100 * region.Value : region.Value, unit, [
                Meaning(marked.Meaning),
                .. AlgorithmIdentity.Of(marked.Inference, Models).Items(MarkedImage.Statement),
            ]),
        ]);
    }

    private static DicomItem[] Identity(string label, string uid, string? side) =>
    [
        ContentItem.Text(ContentItem.HasObsContext, Concept.TrackingIdentifier, label),
        ContentItem.Uid(ContentItem.HasObsContext, Concept.TrackingUid, uid),
        ContentItem.Coded(
            ContentItem.HasConceptMod,
            Concept.FindingSite,
            Concept.Breast,
            Concept.Side(side) is { } laterality ? [ContentItem.Coded(ContentItem.HasConceptMod, Concept.Laterality, laterality)] : []),
    ];

    private static DicomItem Comment(string text) => ContentItem.Text(ContentItem.Contains, Concept.Comment, text);

    private static DicomItem Meaning(string text) => ContentItem.Text(ContentItem.HasConceptMod, Concept.EquivalentMeaning, text);

    private Concept ConceptOf(string className) => Options.Concept switch
    {
        ScoreConcept.ProbabilityOfCancer => Concept.ProbabilityOfCancer,
        ScoreConcept.Auto when ClassWords.Meaning(className) == ClassMeaning.Cancer => Concept.ProbabilityOfCancer,
        _ => Concept.CertaintyOfFinding,
    };

    /// <summary>What an image is called in a report: side and view.</summary>
    public static string Name(DicomSource source) =>
        string.Join(' ', new[] { source.Info.Laterality, source.Info.View?.ToString(), source.InstanceNumber is { } number ? $"image {number}" : null }
            .OfType<string>().DefaultIfEmpty("image"));

    private static Concept? View(MammoView? view) => view switch
    {
        MammoView.CC => new("399162004", "SCT", "cranio-caudal"),
        MammoView.MLO => new("399368009", "SCT", "medio-lateral oblique"),
        MammoView.ML => new("399260004", "SCT", "medio-lateral"),
        MammoView.LM => new("399352003", "SCT", "latero-medial"),
        _ => null,
    };

    private static string ModalityName(string modality) => modality switch
    {
        "MG" => "Mammography",
        "CR" => "Computed Radiography",
        "DX" => "Digital Radiography",
        "RG" => "Radiographic imaging",
        "OT" => "Other",
        _ => modality,
    };

    // Every instance that is referred to, by study and series.
    private DicomItem Evidence(DicomSource first) => new DicomItem()
        .Items(ResultTag.ReferencedSeriesSequence, Images.Select(image => image.Source).DistinctBy(image => image.SopInstanceUid)
            .GroupBy(image => image.SeriesInstanceUid, StringComparer.Ordinal)
            .Select(series => new DicomItem()
                .Items(ResultTag.ReferencedSopSequence, series.Select(image => ContentItem.Reference(image, null)))
                .Text(DicomTag.SeriesInstanceUid, "UI", series.Key)))
        .Text(DicomTag.StudyInstanceUid, "UI", first.StudyInstanceUid);
}
