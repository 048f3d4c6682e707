using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Images;
using Mammo.Evaluation;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Prediction;

/// <summary>Reads from what a prediction carries how its image was read and prepared, so that it can be done again.</summary>
internal static class InferenceReading
{
    /// <summary>The options by which models prepare images as a prediction says; null where it does not tell them.</summary>
    /// <param name="inference">What <see cref="InferenceText"/> wrote.</param>
    /// <param name="models">The models, in their order.</param>
    public static PredictorOptions? Options(string inference, IReadOnlyList<MammoModel> models)
    {
        var said = InferenceOptions.Read(inference);
        try
        {
            // What the models' cards say too is left to them: a scale of the user's own is one for grey values of 16 bits.
            var wishes = PreparationWishes.None;
            if (Differences(said, models, wishes) is { Count: > 0 } others)
                wishes = Wishes(said, others);
            return Differences(said, models, wishes).Count > 0 ? null : new PredictorOptions
            {
                Preparation = wishes,
                Dicom = new DicomOptions
                {
                    Voi = DicomVoi.Parse(said["voi"]),
                    Frame = said.TryGetValue("frame", out var frame) ? int.Parse(frame, CultureInfo.InvariantCulture) : null,
                    Orient = said["orient"] == "true",
                    AllowForProcessing = said["forprocessing"] == "true",
                    // It was accepted then.
                    AnyView = true,
                },
            };
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static HashSet<string> Differences(IReadOnlyDictionary<string, string> said, IReadOnlyList<MammoModel> models, PreparationWishes wishes) =>
    [
        .. InferenceText.OfPreparations([.. models.Select(model => ModelPreparation.For(model, wishes).Preparation)])
            .Where(option => option.Value != said.GetValueOrDefault(option.Name, "")).Select(option => option.Name),
    ];

    private static PreparationWishes Wishes(IReadOnlyDictionary<string, string> said, HashSet<string> others)
    {
        // Both go together: one that is given takes the place of both that a card has.
        var isScaled = others.Contains("targetscale") || others.Contains("rescalefactor");
        return new PreparationWishes
        {
            ImageSize = Said("size") is { } size ? Size(size) : null,
            AutoLevel = Said("autolevel") is { } level ? bool.Parse(level) : null,
            // What is not said was not done, whatever the card says.
            LocalContrast = others.Contains("localcontrast") ? Number(said.GetValueOrDefault("localcontrast", "0")) : null,
            EqualizeHistogram = Said("equalize") is { } equalize ? bool.Parse(equalize) : null,
            TargetScale = isScaled && said.TryGetValue("targetscale", out var scale) ? Number(scale) : null,
            RescaleFactor = isScaled && said.TryGetValue("rescalefactor", out var factor) ? Number(factor) : null,
            FeaturewiseMean = Said("mean") is { } mean ? new FeaturewiseMean([.. mean.Split(',').Select(Number)]) : null,
            NoFeaturewiseMean = others.Contains("mean") && !said.ContainsKey("mean"),
        };

        string? Said(string name) => others.Contains(name) ? said.GetValueOrDefault(name) : null;
    }

    private static ImageSize Size(string text) => text.Split('x') is [var height, var width]
        ? new ImageSize(int.Parse(height, CultureInfo.InvariantCulture), int.Parse(width, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is no size.");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
