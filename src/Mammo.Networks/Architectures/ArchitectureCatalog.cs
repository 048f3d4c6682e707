using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>What can be built.</summary>
public static class ArchitectureCatalog
{
    /// <summary>All bodies, the original's in the order of its documentation.</summary>
    public static ImmutableArray<Architecture> All { get; } =
    [
        new("vgg16", "VGG16 of Keras 2.0.8: 13 convolutions, no batch norm", "block5_conv1", Vgg.Vgg16),
        new("vgg19", "VGG19 of Keras 2.0.8: 16 convolutions, no batch norm", "block5_conv1", Vgg.Vgg19),
        new("resnet50", "ResNet50 of Keras 2.0.8: stride in the first 1x1, epsilon 0.001", "activation_46", ResNet50.Body),
        new("xception", "Xception of Keras 2.0.8: separable convolutions", "block14_sepconv1", Xception.Body),
        new("inception_v3", "InceptionV3 of Keras 2.0.8: batch norm without gamma", "activation_59", InceptionV3.Body),
        new("yaroslav", "YaroslavNet of the original program: 12 convolutions with batch norm, one channel", null, Yaroslav.Body)
        {
            Channels = 1,
            OutputName = "predictions",
            WeightDecay = 0,
        },
        new("resnet_small", "Residual network of 9 convolutions with 0.3 million weights, one channel: for few films", null, ResNetSmall.Body) { Channels = 1 },
        new(
            "resnet50_torchvision",
            "ResNet50 as torchvision builds it, for its weights: stride in the 3x3, epsilon 1e-5",
            "activation_46",
            ResNet50Torchvision.Body),
    ];

    /// <summary>The body of that name, whatever its case; <c>inception</c>, the original's word, is <c>inception_v3</c>.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelArchitectureUnknown"/>: there is none.</exception>
    public static Architecture Find(string name)
    {
        var wanted = string.Equals(name, "inception", StringComparison.OrdinalIgnoreCase) ? "inception_v3" : name;
        return All.FirstOrDefault(architecture => string.Equals(architecture.Name, wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw new MammoException(
                ErrorIds.ModelArchitectureUnknown,
                $"There is no architecture '{name}'.",
                $"Take one of {string.Join(", ", All.Select(architecture => architecture.Name))}.",
                name);
    }

    /// <summary>Size and cost of a patch network, or of the whole-image network that a recipe makes of it, without weights.</summary>
    /// <param name="architecture">The body.</param>
    /// <param name="imageSize">Size for the multiply-adds, and of the whole image.</param>
    /// <param name="recipe">Null for the patch network alone.</param>
    /// <param name="widthMultiplier">Factor on the body's filters.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelGraphInvalid"/> or <see cref="ErrorIds.ModelOptionConflict"/>: the size is too small.
    /// </exception>
    public static ArchitectureSummary Summarize(Architecture architecture, ImageSize imageSize, HeadRecipe? recipe = null, double widthMultiplier = 1)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var graph = PatchNetwork.Build(new PatchOptions { Architecture = architecture.Name, WidthMultiplier = widthMultiplier });
        if (recipe is not null)
            graph = WholeImageNetwork.Build(graph, null, recipe.Apply(new WholeImageOptions { ImageSize = imageSize })).Graph;
        return new ArchitectureSummary(
            architecture.Name,
            recipe?.Name,
            recipe is null ? architecture.Description : $"{architecture.Description}; {recipe.Description}",
            graph.Layers.Length,
            WeightPlan.Of(graph).Sum(weight => weight.Elements),
            ComputeCost.MultiplyAdds(graph, imageSize),
            imageSize);
    }
}

/// <summary>What a network that can be built costs.</summary>
/// <param name="Architecture">Name of the body.</param>
/// <param name="Recipe">Name of the head recipe; null for the patch network.</param>
/// <param name="Description">One line.</param>
/// <param name="Layers">Number of layers, nested ones included.</param>
/// <param name="Parameters">Number of weight values, moving statistics included; five patch classes, two image classes.</param>
/// <param name="MultiplyAdds">Multiply-adds of one image of that size.</param>
/// <param name="ImageSize">The size.</param>
public sealed record ArchitectureSummary(
    string Architecture, string? Recipe, string Description, int Layers, long Parameters, long MultiplyAdds, ImageSize ImageSize);
