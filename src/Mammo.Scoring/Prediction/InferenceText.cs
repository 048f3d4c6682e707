using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Evaluation;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Prediction;

/// <summary>The options of a run as its predictions carry them.</summary>
internal static class InferenceText
{
    /// <summary>Writes them, with the DICOM options that were decided; where models differ in one, their values stand side by side.</summary>
    /// <param name="members">The models with what was decided for them.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="dicom">How DICOM files are read.</param>
    /// <param name="further">Further options of the run, such as the kind of a heatmap.</param>
    public static string Of(
        IReadOnlyList<EnsembleMember> members, PredictorOptions options, DicomOptions dicom, IEnumerable<(string Name, string Value)>? further = null)
    {
        (string Name, string Value)[] all =
        [
            (InferenceOptions.Model, string.Join(',', members.Select(member => member.Name))),
            (InferenceOptions.Weights, string.Join(',', members.Select(member => Hash(member.Model)))),
            ("augment", Text(options.Augment)),
            .. OfPreparations([.. members.Select(member => member.Preparation.Preparation)]),
            ("voi", $"{dicom.Voi ?? DicomVoi.Auto}"),
            ("frame", Text(dicom.Frame)),
            ("orient", Text(dicom.Orient == true)),
            ("forprocessing", Text(dicom.AllowForProcessing)),
            ("calibrate", options.Calibrate ? "true" : ""),
            (InferenceOptions.Engine, Each(members, member => member.Engine.Name)),
        ];
        return InferenceOptions.Of(all.Concat(further ?? []).Where(option => option.Value.Length > 0));
    }

    /// <summary>How images were prepared; where preparations differ in a value, their values stand side by side.</summary>
    public static IEnumerable<(string Name, string Value)> OfPreparations(IReadOnlyList<Preparation> preparations) =>
    [
        ("size", Each(preparations, preparation => $"{preparation.Size}")),
        ("autolevel", Each(preparations, preparation => Text(preparation.AutoLevel))),
        ("localcontrast", Only(preparations, preparation => Text(preparation.LocalContrast))),
        ("targetscale", Each(preparations, preparation => Text(preparation.TargetScale))),
        ("rescalefactor", Each(preparations, preparation => Text(preparation.RescaleFactor))),
        ("mean", Each(preparations, preparation => $"{preparation.FeaturewiseMean}")),
        ("equalize", Each(preparations, preparation => Text(preparation.EqualizeHistogram))),
    ];

    // Not there where no model has it, as before it was known.
    private static string Only<T>(IReadOnlyList<T> items, Func<T, string> value) => items.All(item => value(item).Length == 0) ? "" : Each(items, value);

    private static string Each<T>(IReadOnlyList<T> items, Func<T, string> value) => string.Join(',', items.Select(value).Distinct(StringComparer.Ordinal));

    private static string Hash(MammoModel model) => WeightHash.Of(model)[..InferenceOptions.HashDigits];

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(IFormattable? number) => number?.ToString(number is double ? "R" : null, CultureInfo.InvariantCulture) ?? "";
}
