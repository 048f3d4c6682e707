using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Networks.Storage;

/// <summary>Makes a model with a card out of a Keras file.</summary>
internal static class KerasImport
{
    /// <summary>Reads the file and fills the card with what it, or its name, says.</summary>
    public static ImportedModel Read(string path)
    {
        var file = KerasFile.Read(path);
        var (graph, weights) = (file.Graph, file.Weights);
        var input = ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape;
        var notes = new List<string>(file.Notes);
        if (SigmoidOutput.Doubled(graph, weights) is { } doubled)
        {
            (graph, weights) = doubled;
            notes.Add("Its one sigmoid output p became the two outputs 1 - p and p: the second of two classes is the one that the network was trained "
                + "to find.");
        }

        var card = new ModelCard
        {
            Channels = input.Channels ?? new ModelCard().Channels,
            ImageSize = input is { Rank: 3, IsKnown: true } ? new ImageSize(input.Sizes[0]!.Value, input.Sizes[1]!.Value) : null,
            Architecture = ArchitectureRecognition.NameOf(graph),
            Lineage = [$"read from {Path.GetFileName(path)}: network '{graph.Name}' saved by Keras {file.KerasVersion ?? "of unknown version"}"],
            WeightHash = WeightHash.Of(weights),
        };
        card = PublishedModels.Fill(card, path, graph, notes);
        card = PatchClasses(card, graph, notes);
        return new ImportedModel(new MammoModel(Path.GetFileNameWithoutExtension(path), graph, weights, card), [.. notes]);
    }

    /// <summary>The order of the original's five patch classes is in no file; it is that of its folders' names.</summary>
    private static ModelCard PatchClasses(ModelCard card, LayerGraph graph, List<string> notes)
    {
        var output = graph[graph.Outputs[0]];
        var classes = new PatchOptions().Classes;
        if (!card.Classes.IsEmpty || output.Role != LayerRole.PatchHead || ShapeInference.Infer(graph)[output.Name] != TensorShape.Of(classes.Length))
            return card;
        notes.Add($"The five outputs were taken for {string.Join(", ", classes)}: the order that the author of end2end-all-conv gave from memory. "
            + "Give the classes if yours are others.");
        return card with { Classes = classes };
    }
}
