using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Inference;
using Mammo.Networks.Models;

namespace Mammo.Networks.Training.Checks;

/// <summary>Whether images, preparation and network fit, seen on a few training images.</summary>
internal static class ImageChecks
{
    private const int Looked = 12;

    /// <summary>Checks the size against the model and looks at images spread over the training set.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.TrainingOptionInvalid"/>: no fixed size; <see cref="ErrorIds.ModelInputMismatch"/>: the network cannot take the size, or is no classifier of single images; or an image cannot be read.
    /// </exception>
    public static void Run(MammoModel model, TrainingData data, Action<InputWarning> warn)
    {
        CheckOutput(model);
        CheckSize(model, data.Preparation, warn);
        var checks = new InputChecks(data.Preparation);
        var told = new HashSet<string>(StringComparer.Ordinal);
        var step = Math.Max(1, data.Train.Count / Looked);
        for (var i = 0; i < data.Train.Count; i += step)
        {
            var image = data.Train.Images[i];
            foreach (var warning in checks.Examine(image, data.Preparation.Read(image.Path)).Where(warning => told.Add(warning.Id)))
                warn(warning);
        }
    }

    /// <summary>Rows and columns that a network's input fixes; null where it is open.</summary>
    public static ImageSize? FixedSize(LayerGraph graph) =>
        ((LayerKind.Input)graph[graph.Inputs[0]].Kind).Shape is { Rank: 3 } shape && shape.Sizes[0] is { } rows && shape.Sizes[1] is { } columns ? new ImageSize(rows, columns) : null;

    private static void CheckOutput(MammoModel model)
    {
        var graph = model.Graph;
        var isClassifier = graph is { Inputs.Length: 1, Outputs.Length: 1 } && ShapeInference.Infer(graph)[graph.Outputs[0]].Rank == 1
            && GivesProbabilities(graph, graph[graph.Outputs[0]]);
        if (!isClassifier)
            throw new MammoException(ErrorIds.ModelInputMismatch, $"Model '{model.Name}' cannot be trained: it does not end in one softmax over classes for one image.", "Train a patch or whole-image classifier, and make heatmap models of it afterwards.", model.Name);
    }

    private static bool GivesProbabilities(LayerGraph graph, Layer layer) => layer.Kind switch
    {
        LayerKind.Dense dense => dense.Activation == Activation.Softmax,
        LayerKind.Activate activate => activate.Activation == Activation.Softmax,
        LayerKind.TopKPooling2D => GivesProbabilities(graph, graph[layer.Inputs[0]]),
        _ => false,
    };

    private static void CheckSize(MammoModel model, Preparation preparation, Action<InputWarning> warn)
    {
        if (preparation is not { Size: { } size, TargetHeight: null })
            throw new MammoException(ErrorIds.TrainingOptionInvalid, "Training needs one size for all images, but the preparation leaves it open.", "Set -ImageSize.");
        var graph = model.Graph;
        if (FixedSize(graph) is { } fixedSize && fixedSize != size && graph.Layers.Any(layer => layer.Kind is LayerKind.Flatten or LayerKind.Reshape))
            throw new MammoException(ErrorIds.ModelInputMismatch, $"Model '{model.Name}' takes images of {fixedSize} only, not {size}: its dense layers see every position.", $"Use -ImageSize {fixedSize.Height}, {fixedSize.Width}.");
        ShapeInference.Infer(graph, new Size2D(size.Height, size.Width));
        var trained = model.Card.ImageSize ?? FixedSize(graph);
        if (trained is { } known && known != size)
            warn(new InputWarning(ErrorIds.ImageSizeDiffers, $"Images are given to '{model.Name}' at {size}, but it was made for {known}: lesions have another size in pixels than it has learnt. Use its size unless that is meant."));
    }
}
