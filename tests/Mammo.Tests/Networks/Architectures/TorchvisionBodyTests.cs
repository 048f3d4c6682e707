using System.Collections.Immutable;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Tests.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Tests.Networks.Architectures;

public class TorchvisionBodyTests
{
    private static readonly LayerGraph ResNet = PatchNetwork.Build(new PatchOptions { Architecture = "resnet50_torchvision" });

    [Theory]
    [InlineData("vgg16", new[] { 0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28 })]
    [InlineData("vgg19", new[] { 0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34 })]
    public void VggTensorsFindTheirConvolutions(string architecture, int[] indices)
    {
        var graph = PatchNetwork.Build(new PatchOptions { Architecture = architecture });
        var convolutions = WeightPlan.Of(graph).Where(weight => weight.Name.StartsWith("block", StringComparison.Ordinal)).ToArray();
        var tensors = indices.SelectMany(
            (index, i) => new[] { ($"features.{index}.weight", convolutions[2 * i].Shape), ($"features.{index}.bias", convolutions[(2 * i) + 1].Shape) })
            .Append(("classifier.0.weight", [1, 1])).ToDictionary(pair => pair.Item1, pair => Empty(pair.Item2));
        var weights = TorchvisionBody.Map(graph, tensors, "vgg.safetensors");
        Assert.Equal(convolutions.Select(weight => weight.Name).Order(), weights.Keys.Order());
        Assert.Same(tensors[$"features.{indices[^1]}.weight"], weights[convolutions[^2].Name]);
        Assert.Same(tensors["features.5.bias"], weights["block2_conv1/bias"]);
    }

    [Fact]
    public void ResNetTensorsFindTheirLayers()
    {
        var tensors = Checkpoint(ResNet, _ => []);
        Assert.Equal(320, tensors.Count);
        var weights = TorchvisionBody.Map(ResNet, tensors, "resnet50.safetensors");
        Assert.Equal(265, weights.Count);
        Assert.Same(tensors["conv1.weight"], weights["conv1/kernel"]);
        Assert.Same(tensors["bn1.running_var"], weights["bn_conv1/moving_variance"]);
        Assert.Same(tensors["layer1.0.downsample.1.running_mean"], weights["bn2a_branch1/moving_mean"]);
        Assert.Same(tensors["layer3.5.conv2.weight"], weights["res4f_branch2b/kernel"]);
        Assert.Same(tensors["layer4.2.bn3.bias"], weights["bn5c_branch2c/beta"]);

        // torchvision's own count is 25,557,032 with its top of 2,049,000; and 53,120 moving statistics.
        Assert.Equal(25_557_032 - 2_049_000 + 53_120, WeightPlan.Of(ResNet).Where(weight => weights.ContainsKey(weight.Name)).Sum(weight => weight.Elements));
    }

    /// <summary>The graph under Keras's names against torch's own operations under torchvision's names, written from its published definition.</summary>
    [Fact]
    public void ResNetComputesWhatTorchvisionComputes()
    {
        var graph = PatchNetwork.Build(new PatchOptions { Architecture = "resnet50_torchvision", WidthMultiplier = 1.0 / 16 });
        var random = new Random(3);
        var tensors = Checkpoint(
            graph,
            name => name.EndsWith("running_var", StringComparison.Ordinal) ? [0.5, 1.5] : name.EndsWith("weight", StringComparison.Ordinal) ? [-0.3, 0.5]
                : [-0.2, 0.2],
            random);
        var pixels = Enumerable.Range(0, 3 * 71 * 64).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray();
        using var scope = NewDisposeScope();
        var checkpoint = tensors.ToDictionary(
            pair => pair.Key, pair => tensor(pair.Value.Values, [.. pair.Value.Shape.Select(size => (long)size)]).to(ScalarType.Float64));
        var expected = Torchvision(tensor(pixels, 1, 71, 64, 3).to(ScalarType.Float64).permute(0, 3, 1, 2), checkpoint);

        var body = new LayerGraph("body", [.. graph.Layers.TakeWhile(layer => layer.Kind is not LayerKind.Dense)], ["global_average_pooling2d_1"]);
        var actual = NetworkRuns.Infer(body, TorchvisionBody.Map(graph, tensors, "x"), pixels, [1, 71, 64, 3]);
        var values = expected.flatten().data<double>().ToArray();
        Assert.True(values.Max(Math.Abs) > 0.01);
        Assert.InRange(NetworkRuns.Distance(values, actual), 0, 1e-10);
    }

    [Fact]
    public void KerasResNetRefusesTorchvisionWeights()
    {
        var error = Assert.Throws<MammoException>(
            () => TorchvisionBody.Map(PatchNetwork.Build(new PatchOptions()), Checkpoint(ResNet, _ => []), "resnet50.safetensors"));
        Assert.Equal("Mammo.ModelWeightMismatch", error.ErrorId);
        Assert.Contains("3x3", error.Message, StringComparison.Ordinal);
        Assert.Contains("resnet50_torchvision", error.SuggestedFix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layer2.3.conv3.weight", null, "no tensor 'layer2.3.conv3.weight'")]
    [InlineData(null, "layer3.6.conv1.weight", "'layer3.6.conv1.weight' belongs to no layer")]
    public void OtherNetworksAreRefused(string? missing, string? superfluous, string told)
    {
        var tensors = Checkpoint(ResNet, _ => []);
        if (missing is not null)
            tensors.Remove(missing);
        if (superfluous is not null)
            tensors[superfluous] = Empty([1]);
        var error = Assert.Throws<MammoException>(() => TorchvisionBody.Map(ResNet, tensors, "x"));
        Assert.Equal("Mammo.ModelWeightMismatch", error.ErrorId);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherWidthsAndArchitecturesAreRefused()
    {
        var narrow = PatchNetwork.Build(new PatchOptions { Architecture = "resnet50_torchvision", WidthMultiplier = 0.5 });
        Assert.Contains(
            "(64, 3, 7, 7) where 'conv1/kernel' needs (32, 3, 7, 7)", Assert.Throws<MammoException>(() =>
                TorchvisionBody.Map(narrow, Checkpoint(ResNet, _ => []), "x")).Message, StringComparison.Ordinal);
        var xception = PatchNetwork.Build(new PatchOptions { Architecture = "xception" });
        Assert.Contains(
            "vgg16, vgg19 and resnet50_torchvision", Assert.Throws<MammoException>(() =>
                TorchvisionBody.Map(xception, Checkpoint(ResNet, _ => []), "x")).Message, StringComparison.Ordinal);
    }

    /// <summary>A state_dict by torchvision's naming, with random values in the ranges given by name (no values for an empty range).</summary>
    private static Dictionary<string, Weight> Checkpoint(LayerGraph graph, Func<string, double[]> range, Random? random = null)
    {
        var tensors = new Dictionary<string, Weight>(StringComparer.Ordinal);
        var kernels = WeightPlan.Of(graph).Where(weight => weight.Name.EndsWith("kernel", StringComparison.Ordinal))
            .ToDictionary(weight => weight.Name, weight => weight.Shape);
        Conv("conv1", "bn1", kernels["conv1/kernel"]);
        int[] blocks = [3, 4, 6, 3];
        for (var stage = 1; stage <= 4; stage++)
        {
            for (var block = 0; block < blocks[stage - 1]; block++)
            {
                var (path, keras) = ($"layer{stage}.{block}", $"res{stage + 1}{"abcdef"[block]}_branch");
                for (var conv = 1; conv <= 3; conv++)
                    Conv($"{path}.conv{conv}", $"{path}.bn{conv}", kernels[$"{keras}2{"abc"[conv - 1]}/kernel"]);
                if (block == 0)
                    Conv($"{path}.downsample.0", $"{path}.downsample.1", kernels[$"{keras}1/kernel"]);
            }
        }

        Put("fc.weight", [1000, 2048]);
        Put("fc.bias", [1000]);
        return tensors;

        void Conv(string conv, string norm, ImmutableArray<int> kernel)
        {
            Put(conv + ".weight", kernel);
            foreach (var word in (string[])["weight", "bias", "running_mean", "running_var"])
                Put($"{norm}.{word}", [kernel[0]]);
            Put(norm + ".num_batches_tracked", []);
        }

        void Put(string name, ImmutableArray<int> shape)
        {
            if (range(name) is not [var low, var high])
                tensors[name] = Empty(shape);
            else
                tensors[
                    name] = new Weight(shape,
                    [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size))
                        .Select(_ => (float)(low + ((high - low) * random!.NextDouble())))]);
        }
    }

    private static Tensor Torchvision(Tensor x, Dictionary<string, Tensor> weights)
    {
        x = Norm(nn.functional.conv2d(x, weights["conv1.weight"], null, [2, 2], [3, 3]), "bn1").relu();
        x = nn.functional.max_pool2d(x, [3, 3], [2, 2], [1, 1]);
        int[] blocks = [3, 4, 6, 3];
        for (var stage = 1; stage <= 4; stage++)
        {
            for (var block = 0; block < blocks[stage - 1]; block++)
                x = Bottleneck(x, $"layer{stage}.{block}", stage > 1 && block == 0 ? 2 : 1);
        }

        return x.mean([2, 3]);

        Tensor Bottleneck(Tensor input, string path, long stride)
        {
            var y = Norm(nn.functional.conv2d(input, weights[path + ".conv1.weight"]), path + ".bn1").relu();
            y = Norm(nn.functional.conv2d(y, weights[path + ".conv2.weight"], null, [stride, stride], [1, 1]), path + ".bn2").relu();
            y = Norm(nn.functional.conv2d(y, weights[path + ".conv3.weight"]), path + ".bn3");
            var shortcut = weights.TryGetValue(path + ".downsample.0.weight", out var projection)
                ? Norm(nn.functional.conv2d(input, projection, null, [stride, stride]), path + ".downsample.1")
                : input;
            return (y + shortcut).relu();
        }

        Tensor Norm(Tensor y, string path) => nn.functional.batch_norm(
            y, weights[path + ".running_mean"], weights[path + ".running_var"], weights[path + ".weight"], weights[path + ".bias"], training: false, eps: 1e-5);
    }

    private static Weight Empty(ImmutableArray<int> shape) => new(shape, []);
}
