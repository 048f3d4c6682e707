using Mammo.Networks.Graphs;

namespace Mammo.Networks.Models;

/// <summary>Whether a network's outputs are probabilities, decided by its last layers and never by their values.</summary>
public static class ModelOutputs
{
    /// <summary>
    /// True where the outputs can only be probabilities that sum to 1: a softmax, followed by nothing but layers that move or average such probabilities.
    /// </summary>
    public static bool AreProbabilities(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Outputs.All(output => AreProbabilities(graph, graph[output]));
    }

    /// <summary>
    /// What there is to ask about a classifier of images whose last layer does not say what its outputs are; null where that is known, from the network or the
    /// card.
    /// </summary>
    public static Finding? Question(MammoModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Graph;
        var output = graph[graph.Outputs[0]];
        if (model.Card.OutputsAreProbabilities || AreProbabilities(graph) || ShapeInference.Infer(graph)[output.Name].Rank != 1)
            return null;
        var activation = Of(output.Kind);
        var what = activation switch
        {
            Activation.Linear => "has no activation: its outputs may be logits, probabilities or neither",
            Activation.Sigmoid => $"gives {model.OutputCount} sigmoids, which are no probabilities of classes that exclude each other",
            { } other => $"has the activation {other}, which does not give probabilities",
            null => $"is a {output.Kind.KerasName}, which does not say whether its outputs are probabilities",
        };
        return new Finding(ErrorIds.OutputActivationUnknown, $"The last layer '{output.Name}' of '{model.Name}' {what}, so that no score is given.")
        {
            Subject = model.Name,
            SuggestedFix = model.OutputCount == 1
                ? "Import it with -OutputActivation Sigmoid if it was trained with binary cross-entropy on logits."
                : "Import it with -OutputActivation Softmax if it was trained with cross-entropy on logits, or None if its outputs are probabilities as they "
                    + "are.",
        };
    }

    private static Activation? Of(LayerKind kind) => kind switch
    {
        LayerKind.Dense dense => dense.Activation,
        LayerKind.Activate activate => activate.Activation,
        _ => null,
    };

    // Walks back on its own stack: files may hold long chains.
    private static bool AreProbabilities(LayerGraph graph, Layer last)
    {
        var open = new Stack<Layer>([last]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out var layer))
        {
            if (!seen.Add(layer.Name))
                continue;
            switch (layer.Kind)
            {
                case LayerKind.Dense { Activation: Activation.Softmax }
                    or LayerKind.Conv2D { Activation: Activation.Softmax }
                    or LayerKind.Activate { Activation: Activation.Softmax }:
                    break;
                case LayerKind.TopKPooling2D or LayerKind.GlobalAveragePooling2D or LayerKind.Average or LayerKind.Dropout
                    or LayerKind.Activate { Activation: Activation.Linear }:
                    foreach (var input in layer.Inputs)
                        open.Push(graph[input]);
                    break;
                case LayerKind.Flatten or LayerKind.Reshape when IsOnePosition(graph, layer):
                    open.Push(graph[layer.Inputs[0]]);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    // Of a map with several positions, flattening makes a vector of several distributions.
    private static bool IsOnePosition(LayerGraph graph, Layer layer)
    {
        var shape = ShapeInference.Infer(graph)[layer.Inputs[0]];
        return shape.Channels is { } channels && shape.Elements == channels;
    }
}
