using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring.Prediction;

namespace Mammo.Torch.Training.Checks;

/// <summary>Whether images, preparation and network fit, seen on a few training images.</summary>
internal static class ImageChecks
{
    // As many as say what is rare among them; a decoded film is a second at most.
    private const int Looked = 40;

    // One of many patches comes near the brightest of the films.
    private const int LookedPatches = 100;

    /// <summary>Checks the size against the model and looks at images spread over the training set.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.TrainingOptionInvalid"/>: no fixed size; <see cref="ErrorIds.ModelInputMismatch"/>: the network cannot take the size, or is no
    /// classifier of single images; <see cref="ErrorIds.LocalContrastDiffers"/>: patches hold other local contrast than the preparation names; or an image
    /// cannot be read.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled between two images.</exception>
    /// <returns>What the images that were looked at look like.</returns>
    public static InputProfile Run(MammoModel model, TrainingData data, Action<Finding> warn, CancellationToken cancellation)
    {
        CheckOutput(model);
        CheckSize(model, data.Preparation, warn);
        var checks = new InputChecks(data.Preparation, data.ArePatches);

        // Odd: the films of a list often alternate between left and right, and every second one is of one side.
        var step = (Math.Max(1, data.Train.Count / (data.ArePatches ? LookedPatches : Looked)) - 1) | 1;
        var images = Enumerable.Range(0, data.Train.Count).Where(index => index % step == 0).Select(index => data.Train.Images[index]);
        var facts = new List<InputFacts>();
        foreach (var warning in images.SelectMany(Examine).Concat(checks.Finish()).DistinctBy(warning => warning.Id))
            warn(warning);
        if (data.ArePatches && data.Validation.Images is [var first, ..])
            CheckContrast(first, ImageReader.Read(first.Path, dicom: data.Dicom), data.Preparation);
        return InputProfile.Of(facts, data.ArePatches);

        IEnumerable<Finding> Examine(MammoImage image)
        {
            cancellation.ThrowIfCancellationRequested();
            var stored = ImageReader.Read(image.Path, dicom: data.Dicom);
            if (data.ArePatches)
                CheckContrast(image, stored, data.Preparation);
            facts.Add(InputFacts.Of(image, stored, data.Preparation));
            return checks.Examine(image, facts[^1].Film, data.Preparation.Apply(stored));
        }
    }

    // Local contrast is made of a film before patches are cut: around a patch's edge a patch alone does not say what is there.
    private static void CheckContrast(MammoImage image, GreyImage patch, Preparation preparation)
    {
        if (patch.LocalContrast == preparation.LocalContrast && (patch.ZScore is not null || !preparation.ZScore))
            return;
        if (patch.LocalContrast == preparation.LocalContrast && patch.LocalContrast is not null)
            throw new MammoException(
                ErrorIds.LocalContrastDiffers,
                $"The patch '{image.Path}' holds local contrast alone, but the model has two channels, of which the first is given the z-score in the breast.",
                "Make the patches with New-MammoPatchSet -LocalContrast -ZScore, or the model without -Channel 2.",
                image.Path);
        throw new MammoException(
            ErrorIds.LocalContrastDiffers,
            $"The patch '{image.Path}' holds {Text(patch.LocalContrast)}, but the model is trained for {Text(preparation.LocalContrast)}.",
            "Make the patches with New-MammoPatchSet -LocalContrast, and leave out -LocalContrast here.",
            image.Path);

        static string Text(double? sigma) =>
            sigma is null ? "no local contrast" : string.Create(CultureInfo.CurrentCulture, $"local contrast of {sigma} pixels");
    }

    private static void CheckOutput(MammoModel model)
    {
        var graph = model.Graph;
        var isClassifier = graph is { Inputs.Length: 1, Outputs.Length: 1 } && ShapeInference.Infer(graph)[graph.Outputs[0]].Rank == 1
            && HeatmapLayer.GivesProbabilities(graph);
        if (!isClassifier)
            throw new MammoException(
                ErrorIds.ModelInputMismatch,
                $"Model '{model.Name}' cannot be trained: it does not end in one softmax over classes for one image.",
                "Train a patch or whole-image classifier, and make heatmap models of it afterwards; Import-MammoModel -OutputActivation adds a softmax to "
                    + "logits.",
                model.Name);
    }

    private static void CheckSize(MammoModel model, Preparation preparation, Action<Finding> warn)
    {
        if (preparation is not { Size: { } size, TargetHeight: null })
            throw new MammoException(
                ErrorIds.TrainingOptionInvalid, "Training needs one size for all images, but the preparation leaves it open.", "Set -ImageSize.");
        var graph = model.Graph;
        if (ModelPreparation.FixedSize(graph) is { } fixedSize && fixedSize != size
            && graph.Layers.Any(layer => layer.Kind is LayerKind.Flatten or LayerKind.Reshape))
            throw new MammoException(
                ErrorIds.ModelInputMismatch,
                $"Model '{model.Name}' takes images of {fixedSize} only, not {size}: its dense layers see every position.",
                $"Use -ImageSize {fixedSize.Height}, {fixedSize.Width}.");
        ShapeInference.Infer(graph, size);
        var trained = model.Card.ImageSize ?? ModelPreparation.FixedSize(graph);
        if (trained is { } known && known != size)
            warn(new Finding(
                ErrorIds.ImageSizeDiffers,
                $"Images are given to '{model.Name}' at {size}, but it was made for {known}: lesions are larger or smaller in pixels than in the "
                    + "training images.")
            { SuggestedFix = "Use its size unless that is meant." });
    }
}
