using System.Globalization;
using System.Reflection;
using Mammo.Data.Dicom;
using Mammo.Data.Dicom.Writing;

namespace Mammo.Scoring.DicomResults;

/// <summary>A DICOM object that is to be written.</summary>
/// <param name="Name">Name of its file: its kind and its UID.</param>
/// <param name="Images">What it says something of, for people.</param>
/// <param name="Content">Makes the bytes of the file.</param>
public sealed record DicomResult(string Name, string Images, Func<byte[]> Content);

/// <summary>What all results have in common: the modules of patient, study, series and equipment.</summary>
internal static class ResultInstance
{
    public const string ResearchOnly = "Research use only: not a medical device, not for decisions about patients.";

    /// <summary>The version of Mammo, without that of its sources.</summary>
    public static string Version { get; } =
        (typeof(ResultInstance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];

    /// <summary>A data set with the modules that every result has.</summary>
    /// <param name="source">An image of the study.</param>
    /// <param name="sopClass">UID of the kind of object.</param>
    /// <param name="modality">Modality of the series.</param>
    /// <param name="uid">The object's own UID.</param>
    /// <param name="series">What tells its series from others of the study.</param>
    /// <param name="description">Description of the series, at most 64 characters.</param>
    /// <param name="number">Number of the series.</param>
    public static DicomItem New(
        DicomSource source, string sopClass, string modality, string uid, IEnumerable<string> series, string description, int number) =>
        source.NewInstance(sopClass, uid)
            .Text(DicomTag.Modality, "CS", modality)
            .Text(DicomTag.SeriesInstanceUid, "UI", DicomUid.Of(["series", modality, source.StudyInstanceUid, .. series]))
            .Text(ResultTag.SeriesNumber, "IS", number.ToString(CultureInfo.InvariantCulture))
            .Text(DicomTag.SeriesDescription, "LO", description)
            .Text(DicomTag.Manufacturer, "LO", "Mammo")
            .Text(DicomTag.ModelName, "LO", "Mammo, research use only")
            .Text(ResultTag.SoftwareVersions, "LO", Version);

    /// <summary>Sets date and time of the content.</summary>
    public static DicomItem Dated(this DicomItem instance, uint date, uint time, DateTime made) => instance
        .Text(date, "DA", made.ToString("yyyyMMdd", CultureInfo.InvariantCulture))
        .Text(time, "TM", made.ToString("HHmmss", CultureInfo.InvariantCulture));

    /// <summary>When a result of images was made, as its options say or by its newest image.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DicomIdentityMissing"/>: neither is known.</exception>
    public static DateTime DateOf(DicomExportOptions options, IReadOnlyList<DicomSource> images) =>
        options.Date ?? images.Max(image => image.Made) ?? throw new MammoException(
            ErrorIds.DicomIdentityMissing,
            $"'{images[0].Path}' has no date, and a result needs one.",
            "Give the date of the results: -Date.",
            images[0].Path);

    /// <summary>The frame of an image that was scored: by the options of the run, or null for an image of one frame.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.DicomResultImpossible"/>: the image has several frames, and it is not known which was scored.
    /// </exception>
    public static int? FrameOf(DicomSource source, string inference)
    {
        if (source.Info.Frames == 1)
            return null;
        var frame = Evaluation.InferenceOptions.Read(inference).GetValueOrDefault("frame");
        return int.TryParse(frame, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= source.Info.Frames
            ? number
            : throw new MammoException(
                ErrorIds.DicomResultImpossible,
                $"'{source.Path}' has {source.Info.Frames} frames, and it is not known which of them was scored.",
                "Score it with -Frame.",
                source.Path);
    }
}
