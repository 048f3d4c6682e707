using Mammo.Networks.Architectures;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.PowerShell.Common;

namespace Mammo.Tests.Networks.Architectures;

public class KerasBodyTests
{
    private static readonly LayerGraph Vgg = PatchNetwork.Build(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1.0 / 16 });
    private static readonly LayerGraph Inception = PatchNetwork.Build(new PatchOptions { Architecture = "inception_v3", WidthMultiplier = 1.0 / 16 });

    [Fact]
    public void BodyComesFromAKerasFileAndTheOutputLayerDoesNot()
    {
        var path = Shared.Data("oracle", "models", "vgg16_patch_d16_weights_only.h5");
        var (weights, note) = KerasBody.Map(Vgg, KerasWeights.ReadLayers(path), path);
        Assert.Null(note);
        Assert.Equal(26, weights.Count);
        Assert.DoesNotContain("dense_1/kernel", weights.Keys);
        var whole = KerasWeights.Read(path, Vgg);
        Assert.All(weights, pair => Assert.Equal(whole[pair.Key].Values, pair.Value.Values));
    }

    [Fact]
    public void FilesOfKeras1AreReadByTheirWords()
    {
        // The published ImageNet files: weights in the layer's order under Keras 1's names.
        var layers = File(
            Vgg, (_, weight) => weight.Replace("/kernel", "_W_1:0", StringComparison.Ordinal).Replace("/bias", "_b_1:0", StringComparison.Ordinal));
        var (weights, _) = KerasBody.Map(Vgg, layers, "vgg16_notop.h5");
        Assert.Same(layers.Single(layer => layer.Layer == "block4_conv2").Weights[1].Weight, weights["block4_conv2/bias"]);
    }

    [Fact]
    public void OtherNamesGoByPositionAndAreTold()
    {
        var layers = File(Inception, (_, weight) => weight, rename: (name, position) => $"{name.Split('_')[0]}_{position + 200}");
        var (weights, note) = KerasBody.Map(Inception, layers, "inception_notop.h5");
        Assert.Contains("by position", note, StringComparison.Ordinal);

        // Keras's order: conv2d_9 comes before conv2d_6.
        var position = BodyWeights.Of(Inception).Select(entry => entry.Layer.Name).ToList().IndexOf("conv2d_9");
        Assert.True(position < BodyWeights.Of(Inception).Select(entry => entry.Layer.Name).ToList().IndexOf("conv2d_6"));
        Assert.Same(layers[position].Weights[0].Weight, weights["conv2d_9/kernel"]);
        Assert.Equal(BodyWeights.Of(Inception).Sum(entry => entry.Weights.Length), weights.Count);
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        var layers = File(Vgg, (_, weight) => weight + ":0");
        AssertMismatch(layers.Where(layer => layer.Layer != "block3_conv2"), "no layer 'block3_conv2'");
        AssertMismatch(
            layers.Select(layer => layer.Layer == "block3_conv2" ? layer with { Weights = [layer.Weights[0]] } : layer),
            "layer 'block3_conv2' has 1 weights in the file and 2");
        AssertMismatch(
            layers.Select(layer => layer.Layer == "block3_conv2" ? layer with { Weights = [layer.Weights[1], layer.Weights[0]] } : layer),
            "'block3_conv2/bias:0' is in the place of 'block3_conv2/kernel'");
        AssertMismatch(
            File(PatchNetwork.Build(new PatchOptions { Architecture = "vgg16" }), (_, weight) => weight),
            "shape (64, 3, 3, 3) where 'block1_conv1/kernel' needs (4, 3, 3, 3)");
    }

    [Fact]
    public void TorchvisionsResNetRefusesKerasWeights()
    {
        var keras = File(PatchNetwork.Build(new PatchOptions()), (_, weight) => weight);
        var error = Assert.Throws<MammoException>(
            () => KerasBody.Map(PatchNetwork.Build(new PatchOptions { Architecture = "resnet50_torchvision" }), keras, "resnet50_notop.h5"));
        Assert.Equal("Mammo.ModelWeightMismatch", error.ErrorId);
        Assert.Contains("layer 'conv1' has 2 weights in the file and 1 in the network", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NarrowNetworksRefusePretrainedWeights()
    {
        var error = Assert.Throws<MammoException>(
            () => PretrainedWeights.Read("vgg16_notop.h5", new PatchOptions { Architecture = "vgg16", WidthMultiplier = 0.5 }));
        Assert.Equal("Mammo.ModelOptionConflict", error.ErrorId);
        Assert.Contains("WidthMultiplier 0.5", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What a file of that body would hold, empty arrays of the right shapes.</summary>
    private static KerasLayerWeights[] File(LayerGraph graph, Func<string, string, string> name, Func<string, int, string>? rename = null) =>
    [
        .. BodyWeights.Of(graph).Select((entry, position) => new KerasLayerWeights(
            rename?.Invoke(entry.Layer.Name, position) ?? entry.Layer.Name,
            [.. entry.Weights.Select(weight => name(entry.Layer.Name, weight.Name))
                .Zip(entry.Weights, (given, weight) => new KerasNamedWeight(given, KerasWeightName.Parse(given).Word, new Weight(weight.Shape, [])))])),
    ];

    private static void AssertMismatch(IEnumerable<KerasLayerWeights> file, string told)
    {
        var error = Assert.Throws<MammoException>(() => KerasBody.Map(Vgg, [.. file], "vgg16_notop.h5"));
        Assert.Equal("Mammo.ModelWeightMismatch", error.ErrorId);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }
}
