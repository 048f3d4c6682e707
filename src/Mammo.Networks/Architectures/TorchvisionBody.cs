using System.Globalization;
using System.Text.RegularExpressions;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Finds the weights of a network's body among the tensors of a torchvision checkpoint.</summary>
internal static partial class TorchvisionBody
{
    /// <summary>What torchvision does with images before its networks, and what follows for the planes that are 0..255 minus a mean.</summary>
    public const string InputNote =
        "torchvision trained these weights on pixels from 0 to 1, minus (0.485, 0.456, 0.406), divided by (0.229, 0.224, 0.225). "
        + "Planes on the 0..255 scale are 57.6 times as large: divide both the rescale factor and the feature-wise mean by 57.6 to give the network the "
            + "contrast it was trained with.";

    /// <summary>Weights by our names.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelWeightMismatch"/>: a tensor is missing, superfluous or of another shape, or the network's steps differ from torchvision's.
    /// </exception>
    public static Dictionary<string, Weight> Map(LayerGraph graph, IReadOnlyDictionary<string, Weight> tensors, string path)
    {
        Refuse(graph, tensors, path);
        var names = graph.Name == "resnet50_torchvision" ? ResNetNames(graph) : VggNames(graph);
        var rest = tensors.Keys.Where(name => !IsPassedOver(name)).ToHashSet(StringComparer.Ordinal);
        var weights = new Dictionary<string, Weight>(StringComparer.Ordinal);
        foreach (var (layer, shapes) in BodyWeights.Of(graph))
        {
            foreach (var shape in shapes)
            {
                var name = $"{names[layer.Name]}.{Word(shape.Name[(layer.Name.Length + 1)..])}";
                if (!tensors.TryGetValue(name, out var tensor))
                    throw BodyWeights.Mismatch(path, graph, $"the file has no tensor '{name}'", name);
                weights.Add(shape.Name, BodyWeights.Checked(tensor, name, shape, graph, path));
                rest.Remove(name);
            }
        }

        if (rest.Order(StringComparer.Ordinal).FirstOrDefault() is { } superfluous)
            throw BodyWeights.Mismatch(path, graph, $"the file's tensor '{superfluous}' belongs to no layer of it", superfluous);
        return weights;
    }

    private static void Refuse(LayerGraph graph, IReadOnlyDictionary<string, Weight> tensors, string path)
    {
        var isResNet = tensors.ContainsKey("layer1.0.conv1.weight");
        if (graph.Name == "resnet50" && isResNet)
        {
            throw BodyWeights.Mismatch(
                path,
                graph,
                "a torchvision ResNet has its strides in the 3x3 convolutions, symmetric borders, no biases and another epsilon, and would not compute "
                    + "the same as Keras's",
                suggestedFix: "Use the architecture resnet50_torchvision, which is that network, or a Keras file.");
        }

        if (graph.Name is not ("vgg16" or "vgg19" or "resnet50_torchvision"))
        {
            throw BodyWeights.Mismatch(
                path, graph, "torchvision's weights are understood for vgg16, vgg19 and resnet50_torchvision",
                suggestedFix: "Use a Keras file without top for this architecture.");
        }
    }

    /// <summary>Tensors that no body needs: the top for ImageNet's classes, and counters.</summary>
    public static bool IsPassedOver(string name) =>
        name.StartsWith("classifier.", StringComparison.Ordinal)
        || name.StartsWith("fc.", StringComparison.Ordinal)
        || name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    /// <summary>torchvision numbers convolutions, ReLUs and pools in one sequence.</summary>
    private static Dictionary<string, string> VggNames(LayerGraph graph)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var layer in graph.Layers)
        {
            names[layer.Name] = string.Create(CultureInfo.InvariantCulture, $"features.{index}");
            index += layer.Kind switch { LayerKind.Conv2D => 2, LayerKind.MaxPooling2D => 1, _ => 0 };
        }

        return names;
    }

    private static Dictionary<string, string> ResNetNames(LayerGraph graph) =>
        graph.Layers.Where(layer => layer.Role == LayerRole.Base).ToDictionary(layer => layer.Name, layer => ResNetName(layer.Name), StringComparer.Ordinal);

    private static string ResNetName(string name)
    {
        if (name is "conv1" or "bn_conv1")
            return name == "conv1" ? name : "bn1";
        var match = BranchPattern().Match(name);
        if (!match.Success)
            return name;
        var isNorm = match.Groups["kind"].Value == "bn";
        var block = string.Create(CultureInfo.InvariantCulture, $"layer{match.Groups["stage"].Value[0] - '1'}.{match.Groups["block"].Value[0] - 'a'}");
        return match.Groups["conv"].Value is [_, var part]
            ? string.Create(CultureInfo.InvariantCulture, $"{block}.{(isNorm ? "bn" : "conv")}{part - 'a' + 1}")
            : $"{block}.downsample.{(isNorm ? 1 : 0)}";
    }

    private static string Word(string kerasWord) => kerasWord switch
    {
        "kernel" or "gamma" => "weight",
        "beta" => "bias",
        "moving_mean" => "running_mean",
        "moving_variance" => "running_var",
        _ => kerasWord,
    };

    [GeneratedRegex("^(?<kind>res|bn)(?<stage>[2-5])(?<block>[a-f])_branch(?<conv>2[abc]|1)$")]
    private static partial Regex BranchPattern();
}
