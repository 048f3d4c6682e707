using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Networks.Storage;

/// <summary>What makes probabilities of the outputs of a network whose last layer does not.</summary>
public enum OutputActivation
{
    /// <summary>The outputs are logits of classes that exclude each other.</summary>
    Softmax,

    /// <summary>The one output is the logit of the second of two classes.</summary>
    Sigmoid,

    /// <summary>Nothing: the outputs are probabilities as they are.</summary>
    None,
}

/// <summary>Gives a model the activation that its user says was left out of the network.</summary>
public static class OutputActivations
{
    /// <summary>The model with probabilities as outputs.</summary>
    /// <param name="model">A classifier of images.</param>
    /// <param name="activation">What the user says.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelOptionConflict"/>: the outputs are probabilities already, or there are more or fewer than the activation is for.
    /// </exception>
    public static MammoModel Add(MammoModel model, OutputActivation activation)
    {
        ArgumentNullException.ThrowIfNull(model);
        Ensemble.RequireSingle(model, "its parts were joined with the probabilities that they give");
        var count = model.OutputCount;
        if (ModelOutputs.AreProbabilities(model.Graph))
            throw Conflict($"-OutputActivation {activation} has no place on '{model.Name}': its outputs are probabilities already.", "Leave it out.");
        if (model.Graph.Outputs.Length != 1 || ShapeInference.Infer(model.Graph)[model.Graph.Outputs[0]].Rank != 1)
            throw Conflict($"-OutputActivation is for networks with one vector of outputs, which '{model.Name}' has not.", "Leave it out.");
        if (Final(model.Graph) is { } own && activation != OutputActivation.None)
            throw Conflict(
                $"The last layer of '{model.Name}' has the activation {own} already.",
                "Leave -OutputActivation out, or say None if the outputs are probabilities.");
        if (activation == OutputActivation.None)
            return model.WithCard(model.Card with
            {
                OutputsAreProbabilities = true,
                Lineage = [.. model.Card.Lineage, "outputs taken for probabilities as they are"],
            });
        if ((activation == OutputActivation.Sigmoid) != (count == 1))
            throw Conflict(
                $"-OutputActivation {activation} does not fit '{model.Name}', which has {count} {(count == 1 ? "output" : "outputs")}.",
                count == 1 ? "Use Sigmoid for one output." : "Use Softmax for several outputs.");
        var word = activation == OutputActivation.Softmax ? Activation.Softmax : Activation.Sigmoid;
        var (graph, weights) = (With(model.Graph, word), model.Weights);
        if (activation == OutputActivation.Sigmoid)
            (graph, weights) = SigmoidOutput.Doubled(graph, weights)
                ?? throw Conflict($"The one output of '{model.Name}' is not that of a dense layer.", "Convert the model where it was made.");
        var card = model.Card with
        {
            Lineage = [.. model.Card.Lineage, $"{activation.ToString().ToLowerInvariant()} added to its outputs on import"],
            WeightHash = WeightHash.Of(weights),
        };
        return new MammoModel(model.Name, graph, weights, card);

        MammoException Conflict(string message, string fix) => new(ErrorIds.ModelOptionConflict, message, fix, model.Name);
    }

    // A network that ends in a ReLU or a sigmoid was not trained on logits.
    private static Activation? Final(LayerGraph graph) => graph[graph.Outputs[0]].Kind switch
    {
        LayerKind.Dense { Activation: not Activation.Linear } dense => dense.Activation,
        LayerKind.Activate { Activation: not Activation.Linear } activate => activate.Activation,
        _ => null,
    };

    private static LayerGraph With(LayerGraph graph, Activation activation)
    {
        var output = graph[graph.Outputs[0]];
        var isShared = output.SharedWith is not null || graph.Layers.Any(layer => layer.SharedWith == output.Name || layer.Inputs.Contains(output.Name));
        if (output.Kind is LayerKind.Dense dense && !isShared)
            return new LayerGraph(
                graph.Name,
                [.. graph.Layers.Select(layer => layer == output ? layer with { Kind = dense with { Activation = activation } } : layer)],
                graph.Outputs);
        var name = "output_activation";
        while (graph.Contains(name))
            name += "_";
        return new LayerGraph(graph.Name, [.. graph.Layers, new Layer(name, new LayerKind.Activate(activation), [output.Name]) { Role = output.Role }], [name]);
    }
}
