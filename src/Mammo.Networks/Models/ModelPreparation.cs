using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Models;

/// <summary>How a model's images are prepared and why: parameters win over the card, the card over the original's defaults.</summary>
/// <param name="Preparation">What is done to each image.</param>
/// <param name="Decisions">Where each value comes from, for people.</param>
/// <param name="Findings">Values that had to be assumed, and a size that is not the model's.</param>
public sealed record ModelPreparation(Preparation Preparation, ImmutableArray<string> Decisions, ImmutableArray<Finding> Findings)
{
    /// <summary>Decides for one model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="wishes">What the user asks for.</param>
    /// <param name="use">What it is for; scoring unless given.</param>
    /// <param name="sizeParameter">The parameter by which the user says the size of what the network is given.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelGraphInvalid"/>: the network has not exactly one image input; <see cref="ErrorIds.ModelInputMismatch"/>: it is fixed to
    /// another size than is asked for; <see cref="ErrorIds.MeanCountMismatch"/>: neither one mean nor one for each channel.
    /// </exception>
    public static ModelPreparation For(MammoModel model, PreparationWishes wishes, PreparationUse? use = null, string sizeParameter = "-ImageSize")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(wishes);
        return new Choice(model, wishes, use ?? PreparationUse.Scoring, sizeParameter).Make();
    }

    /// <summary>Rows and columns that the network's input fixes; null where they are open.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: the network has not exactly one image input.</exception>
    public static ImageSize? FixedSize(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Inputs.Length != 1 || graph[graph.Inputs[0]].Kind is not LayerKind.Input { Shape: { Rank: 3 } shape })
            throw new MammoException(
                ErrorIds.ModelGraphInvalid,
                $"Network '{graph.Name}' does not take exactly one image.",
                "Use a network with one input of rows, columns and channels.");
        return shape.Sizes[0] is { } rows && shape.Sizes[1] is { } columns ? new ImageSize(rows, columns) : null;
    }

    /// <summary>Channels of the network's image.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: the network has not exactly one image input.</exception>
    public static int Channels(LayerGraph graph)
    {
        FixedSize(graph);
        return ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape.Channels ?? 1;
    }

    /// <summary>Target scale and rescale factor go together: those that the user gives, one or both, take the place of both that the card has.</summary>
    /// <param name="card">The model's card.</param>
    /// <param name="targetScale">Maximum that the user gives; null for none.</param>
    /// <param name="rescaleFactor">Factor that the user gives; null for none.</param>
    public static (double? TargetScale, double? RescaleFactor) Scaling(ModelCard card, double? targetScale, double? rescaleFactor)
    {
        ArgumentNullException.ThrowIfNull(card);
        return targetScale is null && rescaleFactor is null ? (card.TargetScale, card.RescaleFactor) : (targetScale, rescaleFactor);
    }

    private sealed class Choice(MammoModel model, PreparationWishes wishes, PreparationUse use, string sizeParameter)
    {
        private readonly List<string> _decisions = [];
        private readonly List<Finding> _findings = [];

        public ModelPreparation Make()
        {
            var size = Size();
            var contrast = Contrast();
            var (scale, factor) = Scaling(contrast);
            var mean = Mean();
            var card = model.Card;
            var preparation = new Preparation
            {
                Size = size,
                // What the network was made for, whatever is asked for now.
                Top = card.TargetScale is null && card.RescaleFactor is null
                    ? ValueScale.Top(scale, factor, mean?.Average)
                    : ValueScale.Top(card.TargetScale, card.RescaleFactor, card.FeaturewiseMean?.Average),
                AutoLevel = Switch("auto-level", wishes.AutoLevel, model.Card.AutoLevel),
                LocalContrast = contrast,
                ZScore = Planes(contrast) == 2,
                TargetScale = scale,
                RescaleFactor = factor,
                EqualizeHistogram = Switch("histogram equalisation", wishes.EqualizeHistogram, model.Card.EqualizeHistogram),
                FeaturewiseMean = mean,
            };
            return new ModelPreparation(preparation, [.. _decisions], [.. _findings]);
        }

        private ImageSize? Size()
        {
            var fixedSize = FixedSize(model.Graph);
            var size = Pick("image size", wishes.ImageSize, fixedSize ?? model.Card.ImageSize, use.ImageSize);
            if (use.IsTraining || wishes.ImageSize is not { } asked)
                return size;
            if (fixedSize is { } only && asked != only)
            {
                var message = $"The network of '{model.Name}' takes images of {only} only, not {asked}.";
                throw new MammoException(ErrorIds.ModelInputMismatch, message, $"Leave out {sizeParameter}.", model.Name);
            }

            if (model.Card.ImageSize is { } trained && asked != trained)
            {
                var evidence = $"Images are given to '{model.Name}' at {asked}, but it was made for {trained}";
                Add(
                    ErrorIds.ImageSizeDiffers,
                    $"{evidence}: lesions are larger or smaller in pixels than in the training images.",
                    $"Leave out {sizeParameter}.");
            }

            return size;
        }

        private double? Contrast()
        {
            var (asked, trained) = (wishes.LocalContrast, model.Card.LocalContrast);
            if (asked is null && trained is null)
                return null;
            var sigma = asked ?? trained!.Value;
            _decisions.Add(string.Create(CultureInfo.CurrentCulture, $"local contrast {sigma} from {(asked is null ? "the model's card" : "the parameter")}"));

            // A card without it says that there was none where Mammo trained the network.
            if (!use.IsTraining && sigma != (trained ?? 0) && (trained is not null || model.Card.Training is not null))
            {
                Add(
                    ErrorIds.LocalContrastDiffers,
                    $"Images are given to '{model.Name}' {Text(sigma)}, but it was trained on images {Text(trained)}.",
                    "Leave out -LocalContrast.");
            }

            return sigma > 0 ? sigma : null;

            static string Text(double? sigma) =>
                sigma > 0 ? string.Create(CultureInfo.CurrentCulture, $"with local contrast of {sigma} pixels") : "without local contrast";
        }

        private (double? TargetScale, double? RescaleFactor) Scaling(double? contrast)
        {
            var (askedScale, askedFactor) = ScaleOfUser(contrast);
            var (scale, factor) = ModelPreparation.Scaling(model.Card, askedScale, askedFactor);
            if (factor is null && scale is null && use.IsTraining)
                factor = 1;
            if (scale is not null)
                Pick("target scale", askedScale, model.Card.TargetScale, null);
            if (factor is not null || scale is null)
                Pick("rescale factor", askedFactor, model.Card.RescaleFactor, factor);
            if (factor is null && scale is null)
            {
                Add(
                    ErrorIds.PreparationAssumed,
                    $"No rescale factor is known for '{model.Name}', so pixels are used as they are stored.",
                    "Set -RescaleFactor (Get-RescaleFactor reports it) so that the maximum becomes 255.");
            }

            return (scale, factor);
        }

        // Values of local contrast are 0..255 whatever the bit depth of the film is: a factor for the film's own would make them nearly 0.
        private (double? TargetScale, double? RescaleFactor) ScaleOfUser(double? contrast)
        {
            var (asked, card) = ((wishes.TargetScale, wishes.RescaleFactor), model.Card);
            if (use.IsTraining || contrast is null || card.LocalContrast is null || asked is (null, null)
                || (card.TargetScale is null && card.RescaleFactor is null) || asked == (card.TargetScale, card.RescaleFactor))
                return asked;
            Add(
                ErrorIds.RescaleFactorUnused,
                $"The rescale factor or target scale that was given is not used: '{model.Name}' is given local contrast, whose values are 0..255 whatever the "
                + "bit depth of the image is.",
                "Leave out -RescaleFactor and -TargetScale.");
            return (null, null);
        }

        private FeaturewiseMean? Mean()
        {
            if (wishes.NoFeaturewiseMean)
            {
                _decisions.Add("no feature-wise mean, as the parameter says");
                return null;
            }

            var channels = Channels(model.Graph);
            var wished = wishes.FeaturewiseMean?.For(channels, $"the input of '{model.Name}'");
            var mean = Pick("feature-wise mean", wished, model.Card.FeaturewiseMean, use.FeaturewiseMean)?.For(channels, $"the input of '{model.Name}'");
            if (!use.IsTraining && wished?.Average == 0 && model.Card.FeaturewiseMean is { Average: not 0 } trained)
            {
                Add(
                    ErrorIds.MeanFarFromData,
                    string.Create(CultureInfo.CurrentCulture, $"No mean is subtracted, but '{model.Name}' was trained with {trained} subtracted."),
                    "Leave out -FeaturewiseMean, or give the mean of the images.");
            }

            if (wishes.FeaturewiseMean is null && model.Card.FeaturewiseMean is null)
            {
                Add(
                    ErrorIds.PreparationAssumed,
                    string.Create(
                        CultureInfo.CurrentCulture,
                        $"No feature-wise mean is known for '{model.Name}', so the original's default {use.FeaturewiseMean} is subtracted."),
                    "Set -FeaturewiseMean to the mean of the training images (Get-FeaturewiseMean reports it).");
            }

            return mean;
        }

        private int Planes(double? contrast)
        {
            if (Channels(model.Graph) != 2)
                return 1;
            if (contrast is not null)
            {
                _decisions.Add("two planes, z-score in the breast and local contrast, for the two channels of the network");
                return 2;
            }

            // A network that was trained so is given what it knows.
            if (use.IsTraining || model.Card.Training is null)
            {
                Add(
                    ErrorIds.PreparationAssumed,
                    $"'{model.Name}' has two input channels, but no local contrast is asked for: both are given the same grey values.",
                    "Set -LocalContrast: the channels are then given the z-score in the breast and local contrast.");
            }

            return 1;
        }

        private bool Switch(string what, bool? parameter, bool card)
        {
            if (card || parameter is not null)
                _decisions.Add($"{what} {(parameter ?? card ? "on" : "off")} from {(parameter is null ? "the model's card" : "the parameter")}");
            return parameter ?? card;
        }

        private T? Pick<T>(string what, T? parameter, T? card, T? fallback)
            where T : struct
        {
            var (value, origin) = parameter is not null ? (parameter, "the parameter") : card is not null ? (card, "the model's card")
                : (fallback, "the defaults");
            _decisions.Add(string.Create(CultureInfo.CurrentCulture, $"{what} {(value is null ? "none" : value)} from {origin}"));
            return value;
        }

        private void Add(string id, string message, string suggestedFix) =>
            _findings.Add(new Finding(id, message) { Subject = model.Name, SuggestedFix = suggestedFix });
    }
}
