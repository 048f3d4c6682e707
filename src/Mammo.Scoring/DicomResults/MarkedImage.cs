using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Dicom.Writing;
using Mammo.Evaluation;
using Mammo.Scoring.Heatmaps;

namespace Mammo.Scoring.DicomResults;

/// <summary>What a heatmap says of an image: its suspicious regions, without the map itself.</summary>
/// <param name="Source">The image.</param>
/// <param name="Frame">Number of the frame; null for an image of one.</param>
/// <param name="Inference">How the heatmap was made.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Class">The class that is shown.</param>
/// <param name="IsProbability">Its values are probabilities.</param>
/// <param name="Level">Share of its colour bar from which on a place is a region.</param>
/// <param name="Limit">Most regions.</param>
/// <param name="Regions">The regions, highest first.</param>
internal sealed record MarkedImage(
    DicomSource Source,
    int? Frame,
    string Inference,
    string Model,
    string Class,
    bool IsProbability,
    double Level,
    int Limit,
    ImmutableArray<SuspiciousRegion> Regions)
{
    /// <summary>Finds the regions of a heatmap.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelClassMismatch"/>; <see cref="ErrorIds.ScoreInvalid"/>; <see cref="ErrorIds.PredictionInvalid"/>: it does not say how it was
    /// made; <see cref="ErrorIds.DicomResultImpossible"/>: the image is not the one that it was made of; those of <see cref="DicomSource.Read"/>.
    /// </exception>
    public static MarkedImage Of(MammoHeatmap heatmap, DicomExportOptions options)
    {
        var source = DicomSource.Read(heatmap.Path);
        if (source.Info.Rows != heatmap.StoredSize.Height || source.Info.Columns != heatmap.StoredSize.Width)
        {
            throw new MammoException(
                ErrorIds.DicomResultImpossible,
                $"'{heatmap.Path}' has {source.Info.Rows}x{source.Info.Columns} pixels, and the heatmap was made of an image of {heatmap.StoredSize}.",
                "Make the heatmap again.",
                heatmap.Path);
        }

        if (heatmap.SopInstanceUid is { } made && made != source.SopInstanceUid)
        {
            throw new MammoException(
                ErrorIds.DicomResultImpossible,
                $"'{heatmap.Path}' is the instance {source.SopInstanceUid} now, and the heatmap was made of {made}.",
                "Give back the image of which it was made, or make the heatmap again.",
                heatmap.Path);
        }

        if (!InferenceOptions.Read(heatmap.Inference).ContainsKey(InferenceOptions.Weights))
        {
            throw new MammoException(
                ErrorIds.PredictionInvalid, $"The heatmap of '{heatmap.Path}' does not say how it was made.", "Make it again.", heatmap.Path);
        }

        var label = LabelOf(heatmap, options);
        return new MarkedImage(
            source,
            ResultInstance.FrameOf(source, heatmap.Inference),
            heatmap.Inference,
            heatmap.Model,
            heatmap.Classes[label],
            heatmap.IsProbability,
            options.RegionLevel,
            options.RegionLimit,
            SuspiciousRegion.Of(heatmap, label, options.RegionLevel, options.RegionLimit));
    }

    /// <summary>The class of a heatmap that is shown.</summary>
    public static int LabelOf(MammoHeatmap heatmap, DicomExportOptions options) =>
        options.Class is { } name ? heatmap.IndexOf(name) : heatmap.Classes.Length - 1;

    /// <summary>How it was made, for identifiers.</summary>
    public string Run => AlgorithmIdentity.RunOf(Inference);

    /// <summary>What its regions are made of, for identifiers.</summary>
    public IEnumerable<string> Key =>
        [Source.SopInstanceUid, $"{Frame}", Run, Class, FormattableString.Invariant($"{Level:R}"), FormattableString.Invariant($"{Limit}")];

    /// <summary>What stands beside every value of a heatmap.</summary>
    public static ScoreStatement Statement { get; } = new("Not calibrated.", ScoreStatement.NothingDecided);

    /// <summary>What its values are.</summary>
    public string Meaning => string.Create(
        CultureInfo.InvariantCulture,
        $"Highest value in the region of class '{Class}' of the heatmap, {(IsProbability ? "a probability" : "without a bound")}; "
        + $"regions are where the map reaches {Level:0.##}{(IsProbability ? "" : " of its highest value")}.");
}
