using System.Collections.Immutable;
using System.Globalization;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Networks.Architectures;

/// <summary>Makes models: network, first weights and card.</summary>
public static class ModelFactory
{
    /// <summary>A patch classifier with new weights, or with a body trained elsewhere and a new output layer.</summary>
    /// <param name="options">What it shall be.</param>
    /// <param name="seed">Seed of the new weights.</param>
    /// <param name="pretrained">Weights for the body, read for these options; null for none.</param>
    /// <exception cref="MammoException">Options out of range, or weights that were read for other options.</exception>
    public static MammoModel Patch(PatchOptions options, long seed, PretrainedWeights? pretrained = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var graph = PatchNetwork.Build(options);
        var channels = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape.Channels!.Value;
        var card = new ModelCard
        {
            Classes = options.Classes,
            Channels = channels,
            Architecture = graph.Name + Narrow(options.WidthMultiplier),
            Lineage = [pretrained is null
                ? $"{graph.Name} patch network, new weights from seed {Text(seed)}"
                : $"{graph.Name} patch network, body from {pretrained.Source}, output layer from seed {Text(seed)}"],
        };
        return new MammoModel(graph.Name, graph, Initialization.Fill(graph, seed, pretrained?.Weights), card);
    }

    /// <summary>
    /// Which class of a patch classifier is the background: by name, never by place, for a film's score is that of the positions where this class is least
    /// probable.
    /// </summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelClassMismatch"/>: none of them, or several.</exception>
    internal static int Background(string name, ImmutableArray<string> classes)
    {
        var named = classes.IndexOf("background", 0, classes.Length, StringComparer.OrdinalIgnoreCase);
        int[] meant = [.. Enumerable.Range(0, classes.Length).Where(i =>
            ClassWords.Meaning(classes[i]) is ClassMeaning.Normal or ClassMeaning.Negative or ClassMeaning.NotCancer)];
        return named >= 0 ? named : meant.Length == 1 ? meant[0] : throw new MammoException(
            ErrorIds.ModelClassMismatch,
            $"The classes of '{name}' are ({string.Join(", ", classes)}): it is not clear which of them is the background.",
            "Import the patch classifier with -Class, and 'background' among its names.",
            name);
    }

    /// <summary>A whole-image model that keeps a patch model's body and its preparation of images, under a new head.</summary>
    /// <param name="patch">The patch classifier; stays as it is, the arrays of the kept weights are shared.</param>
    /// <param name="options">The head.</param>
    /// <param name="seed">Seed of the head's weights.</param>
    /// <param name="notes">What a user should know about the conversion; mostly empty.</param>
    /// <exception cref="MammoException">Options that contradict each other, the image or the patch network.</exception>
    public static MammoModel WholeImage(MammoModel patch, WholeImageOptions options, long seed, out ImmutableArray<string> notes)
    {
        ArgumentNullException.ThrowIfNull(patch);
        ArgumentNullException.ThrowIfNull(options);
        Ensemble.RequireSingle(patch, "a whole-image network is made of one patch classifier");
        if (options.IsTopK && !patch.Card.Classes.IsDefaultOrEmpty)
            options = options with { Background = Background(patch.Name, patch.Card.Classes) };
        var plan = WholeImageNetwork.Build(patch.Graph, patch.Weights, options);
        notes = plan.Notes;
        var weights = Initialization.Fill(plan.Graph, seed, plan.Weights);
        var body = patch.Card.Architecture ?? patch.Graph.Name;
        var card = patch.Card with
        {
            Classes = options.HeatmapOnly ? patch.Card.Classes : options.Classes,
            ImageSize = options.ImageSize,
            Architecture = $"{body} + {options.HeadName}",
            Lineage = [.. patch.Card.Lineage, Step(patch, plan, options, seed)],
            WeightHash = null,
            Measurement = null,
            Calibration = null,
            Decision = null,
            Training = null,
        };
        return new MammoModel($"{patch.Name} + {options.HeadName}", plan.Graph, weights, card);
    }

    private static string Step(MammoModel patch, WholeImagePlan plan, WholeImageOptions options, long seed) =>
        $"patch network '{patch.Name}' cut after '{plan.CutLayer}', "
        + (options.HeatmapOnly ? "its output layer put at every position"
            : options.IsTopK ? $"head {options.HeadName}: its output layer at every position, and the mean of the {options.TopK} where the background "
                + "is least probable"
             : $"head {options.HeadName} with new weights from seed {Text(seed)}")
        + $", image size {options.ImageSize}";

    private static string Narrow(double width) => width == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" (width {width})");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
