using System.Collections.Immutable;
using Mammo.Data.Examination;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Models;

/// <summary>
/// Ensembles: models that are several networks, whose probability is the mean of the parts' probabilities. Joined from models, and taken apart again.
/// </summary>
public static class Ensemble
{
    /// <summary>One model of several, scored like one. The arrays of the weights are shared.</summary>
    /// <param name="models">Two or more models that give one probability for each class of an image, with the same classes and preparation.</param>
    /// <param name="name">Name of the ensemble.</param>
    /// <param name="partNames">Names of its parts; null for those of the models, numbered where two are alike.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelsDiffer"/>: other classes or another preparation; <see cref="ErrorIds.EnsembleInvalid"/>: too few, one of them twice, names
    /// that cannot be used; <see cref="ErrorIds.ModelIsEnsemble"/>: one is an ensemble itself; <see cref="ErrorIds.OutputActivationUnknown"/>: outputs that
    /// may be no probabilities.
    /// </exception>
    public static MammoModel Join(IReadOnlyList<MammoModel> models, string name, IReadOnlyList<string>? partNames = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (models.Count < 2)
            throw Invalid($"'{name}' needs at least two parts, and {models.Count} is given.", "Give two models or more.", name);
        foreach (var model in models)
            CheckPart(model);
        foreach (var model in models.Skip(1))
            CheckSame(models[0], model);
        var names = partNames ?? UniqueNames([.. models.Select(model => model.Name)]);
        if (names.Count != models.Count)
            throw Invalid($"{names.Count} names are given for {models.Count} parts.", "Name each part once, in the order of the models.", name);
        if (EnsembleGraph.NameComplaint(names) is { } complaint)
            throw Invalid($"'{name}' cannot be made: {complaint}.", "Name the parts with -PartName.", name);
        var parts = models.Select((model, index) => ModelPart.Of(names[index], model)).ToImmutableArray();
        RequireDistinct(name, parts);
        return new MammoModel(
            name,
            EnsembleGraph.Of([.. models.Select((model, index) => (names[index], model.Graph))]),
            models.SelectMany((model, index) => EnsembleGraph.Joined(names[index], model.Weights)),
            Card(models[0].Card, parts));
    }

    /// <summary>The parts as models of their own, each with its card; of a model that is no ensemble, the model itself.</summary>
    public static ImmutableArray<MammoModel> Parts(MammoModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Parts.IsEmpty ? [model] : [.. model.Parts.Select(part => Of(model, part))];
    }

    /// <summary>One part as a model of its own; the arrays of its weights are shared.</summary>
    /// <param name="model">The ensemble.</param>
    /// <param name="part">Name of the part, in any case of letters.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.PartUnknown"/>: there is no such part.</exception>
    public static MammoModel Part(MammoModel model, string part)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireEnsemble(model);
        return model.Parts.FirstOrDefault(known => known.Name.Equals(part, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Of(model, found)
            : throw new MammoException(
                ErrorIds.PartUnknown,
                $"'{model.Name}' has no part '{part}'.",
                $"Take one of {string.Join(", ", model.Parts.Select(known => known.Name))}.",
                part);
    }

    /// <summary>Makes sure that a model is an ensemble.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.PartUnknown"/>: it is one network.</exception>
    public static void RequireEnsemble(MammoModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Parts.IsEmpty)
        {
            throw new MammoException(
                ErrorIds.PartUnknown,
                $"'{model.Name}' is one network, so it has no parts.",
                "Use the model as it is; an ensemble is made by Join-MammoModel.",
                model.Name);
        }
    }

    /// <summary>Makes sure that a model is one network.</summary>
    /// <param name="model">The model.</param>
    /// <param name="why">What needs one network: <c>only one network can be trained</c>.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelIsEnsemble"/>.</exception>
    public static void RequireSingle(MammoModel model, string why)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.Parts.IsEmpty)
        {
            throw new MammoException(
                ErrorIds.ModelIsEnsemble,
                $"'{model.Name}' is an ensemble of {model.Parts.Length} networks, and {why}.",
                $"Take one of its parts: Split-MammoModel -Part {model.Parts[0].Name}.",
                model.Name);
        }
    }

    /// <summary>The networks of the parts; of a model that is no ensemble, its network.</summary>
    public static ImmutableArray<LayerGraph> Graphs(MammoModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Parts.IsEmpty ? [model.Graph] : [.. model.Parts.Select(part => EnsembleGraph.Part(model.Graph, part))];
    }

    /// <summary>
    /// An ensemble with other networks in place of its parts, such as the parts up to their heatmaps; classes and preparation are the networks'.
    /// </summary>
    internal static MammoModel Like(MammoModel model, IReadOnlyList<MammoModel> networks)
    {
        var card = networks[0].Card with { Parts = [.. model.Parts.Zip(networks, (part, network) => part with { Network = network.Graph.Name })] };
        return new MammoModel(
            model.Name,
            EnsembleGraph.Of([.. model.Parts.Zip(networks, (part, network) => (part.Name, network.Graph))]),
            model.Parts.Zip(networks).SelectMany(pair => EnsembleGraph.Joined(pair.First.Name, pair.Second.Weights)),
            card);
    }

    /// <summary>Names of models with numbers where two are alike, whatever their case of letters.</summary>
    internal static ImmutableArray<string> UniqueNames(IReadOnlyList<string> names)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. names.Select(Unique)];

        string Unique(string name)
        {
            var unique = name;
            for (var number = 2; !taken.Add(unique); number++)
                unique = $"{name}_{number}";
            return unique;
        }
    }

    /// <summary>The card with the fingerprints of the parts' weights as a file will hold them.</summary>
    internal static ModelCard Hashed(ModelCard card, IReadOnlyCollection<KeyValuePair<string, Weight>> weights) => card with
    {
        Parts = [.. card.Parts.Select(part => part with { WeightHash = WeightHash.Of(EnsembleGraph.Weights(part.Name, weights)) })],
    };

    /// <summary>The card as it is made now: earlier ones counted images as often as parts were trained on them.</summary>
    internal static ModelCard Counted(ModelCard card) =>
        card is { Inputs: not null, Parts.Length: > 1 } && OfOwnImages(card.Parts).Take(2).ToArray() is [{ Inputs: { } inputs }]
            ? card with { Inputs = inputs }
            : card;

    /// <summary>Compares what a file says of its parts with its weights.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.EnsembleInvalid"/>: a part has other weights than its card says, or those of another.</exception>
    internal static void CheckFile(string path, ModelCard card, IReadOnlyCollection<KeyValuePair<string, Weight>> weights)
    {
        if (card.Parts.IsEmpty)
            return;
        var found = Hashed(card, weights).Parts;
        foreach (var (part, real) in card.Parts.Zip(found))
        {
            if (part.WeightHash is { } expected && !expected.Equals(real.WeightHash, StringComparison.OrdinalIgnoreCase))
            {
                throw Invalid(
                    $"'{path}': the weights of part '{part.Name}' have the SHA-256 {real.WeightHash}, and the card says {expected}.", "Fetch the file again.",
                    path);
            }
        }

        RequireDistinct(path, found);
    }

    // The mean of a network and itself is no ensemble: a fold was given twice, and another is missing.
    private static void RequireDistinct(string name, ImmutableArray<ModelPart> parts)
    {
        foreach (var alike in parts.GroupBy(part => part.WeightHash, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            throw Invalid(
                $"'{name}': the parts {string.Join(" and ", alike.Select(part => $"'{part.Name}'"))} have the same weights, so that one network would count "
                    + "more than once.",
                "Give each network once.",
                name);
        }
    }

    private static MammoModel Of(MammoModel model, ModelPart part) => new(
        part.Name, EnsembleGraph.Part(model.Graph, part), EnsembleGraph.Weights(part.Name, model.Weights), part.Card(model.Card));

    private static void CheckPart(MammoModel model)
    {
        RequireSingle(model, "an ensemble of ensembles would weigh its networks unequally");
        if (ModelOutputs.Question(model) is { } question)
            throw new MammoException(question.Id, question.Message, question.SuggestedFix, model.Name);
        if (model.Graph is not { Inputs.Length: 1, Outputs: [var output] } graph || ShapeInference.Infer(graph)[output].Rank != 1)
        {
            throw Invalid(
                $"'{model.Name}' does not give one probability for each class of an image.", "Give classifiers of images or patches.", model.Name);
        }
    }

    private static void CheckSame(MammoModel first, MammoModel other)
    {
        if (!other.Classes.SequenceEqual(first.Classes, StringComparer.OrdinalIgnoreCase))
        {
            throw Differ(
                $"has the classes ({string.Join(", ", first.Classes)}), '{other.Name}' ({string.Join(", ", other.Classes)})",
                "Give models with the same classes in the same order; set them with -Class of Import-MammoModel.");
        }

        string[] differences =
        [
            .. CardDifferences.Of(ModelPart.Common(first.Card), ModelPart.Common(other.Card)),
            .. Input(first) == Input(other) ? Array.Empty<string>() : [$"size of the network's input ({Input(first)} and {Input(other)})"],
        ];
        if (differences.Length > 0)
        {
            throw Differ(
                $"and '{other.Name}' prepare images differently: {string.Join(", ", differences)}",
                "Train the parts with one preparation; Invoke-MammoPredict -Model takes several models with a preparation each.");
        }

        MammoException Differ(string what, string fix) =>
            new(ErrorIds.ModelsDiffer, $"The models cannot be one ensemble: '{first.Name}' {what}.", fix, other.Name);

        static string Input(MammoModel model) => ((LayerKind.Input)model.Graph[model.Graph.Inputs[0]].Kind).Shape.ToString();
    }

    private static ModelCard Card(ModelCard common, ImmutableArray<ModelPart> parts) => ModelPart.Common(common) with
    {
        Architecture = $"mean of {parts.Length}: {string.Join(", ", parts.Select(part => part.Architecture ?? part.Network).Distinct())}",
        Lineage = [$"joined from {parts.Length} models, whose probabilities are averaged: {string.Join(", ", parts.Select(part => part.Name))}"],
        License = Said(parts.Select(part => part.License)),
        TrainedOn = Said(parts.Select(part => part.TrainedOn)),
        Inputs = parts.All(part => part.Inputs is not null) ? InputProfile.Join([.. OfOwnImages(parts).Select(part => part.Inputs!)]) : null,
        Parts = parts,
    };

    // Images on which several parts were trained count once.
    private static IEnumerable<ModelPart> OfOwnImages(ImmutableArray<ModelPart> parts) => parts.DistinctBy(part => (object?)part.TrainingImages ?? part);

    // What is not known of one part is not known of the whole.
    private static string? Said(IEnumerable<string?> texts)
    {
        string?[] all = [.. texts.Distinct(StringComparer.Ordinal)];
        return Array.Exists(all, text => text is null) ? null : string.Join("; ", all);
    }

    private static MammoException Invalid(string message, string fix, string target) => new(ErrorIds.EnsembleInvalid, message, fix, target);
}
