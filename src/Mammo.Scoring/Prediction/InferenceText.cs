using System.Globalization;
using Mammo.Data.Dicom;
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
            ("size", Each(member => $"{member.Preparation.Preparation.Size}")),
            ("autolevel", Each(member => Text(member.Preparation.Preparation.AutoLevel))),
            ("localcontrast", Only(member => Text(member.Preparation.Preparation.LocalContrast))),
            ("targetscale", Each(member => Text(member.Preparation.Preparation.TargetScale))),
            ("rescalefactor", Each(member => Text(member.Preparation.Preparation.RescaleFactor))),
            ("mean", Each(member => $"{member.Preparation.Preparation.FeaturewiseMean}")),
            ("equalize", Each(member => Text(member.Preparation.Preparation.EqualizeHistogram))),
            ("voi", $"{dicom.Voi ?? DicomVoi.Auto}"),
            ("frame", Text(dicom.Frame)),
            ("orient", Text(dicom.Orient == true)),
            ("forprocessing", Text(dicom.AllowForProcessing)),
            ("calibrate", options.Calibrate ? "true" : ""),
            (InferenceOptions.Engine, Each(member => member.Engine.Name)),
        ];
        return InferenceOptions.Of(all.Concat(further ?? []).Where(option => option.Value.Length > 0));

        // As before it was known, where no model has it.
        string Only(Func<EnsembleMember, string> value) => members.All(member => value(member).Length == 0) ? "" : Each(value);

        string Each(Func<EnsembleMember, string> value) => string.Join(',', members.Select(value).Distinct(StringComparer.Ordinal));
    }

    private static string Hash(MammoModel model) => WeightHash.Of(model)[..InferenceOptions.HashDigits];

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(IFormattable? number) => number?.ToString(number is double ? "R" : null, CultureInfo.InvariantCulture) ?? "";
}
