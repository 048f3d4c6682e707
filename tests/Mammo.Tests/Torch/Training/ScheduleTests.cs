using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch.Training;

namespace Mammo.Tests.Torch.Training;

public sealed class ScheduleTests
{
    /// <summary>Positions with a dropout layer before the output, from the original's table of default top layer numbers.</summary>
    [Theory]
    [InlineData("resnet50", 162)]
    [InlineData("vgg16", 15)]
    [InlineData("vgg19", 17)]
    [InlineData("xception", 126)]
    [InlineData("inception_v3", 194)]
    [InlineData("yaroslav", 0)]
    public void The_second_patch_stage_trains_the_originals_layers(string architecture, int first)
    {
        using var model = ModelFactory.Patch(
            new PatchOptions { Architecture = architecture, WidthMultiplier = 1 / 16.0, HiddenDropout = architecture == "yaroslav" ? 0 : 0.5 }, 1);
        var stages = new PatchSchedule().Stages(model.Graph);
        var weighty = WeightPlan.Of(model.Graph).Select(weight => weight.Name[..weight.Name.LastIndexOf('/')]).ToHashSet();
        Assert.Equal(
            model.Graph.Layers.Skip(first).Select(layer => layer.Name).Where(weighty.Contains),
            model.Graph.Layers.Select(layer => layer.Name).Where(name => weighty.Contains(name) && stages[1].TrainableLayers.Contains(name)));
        Assert.Equal([model.Graph.Outputs[0]], stages[0].TrainableLayers);
        Assert.Equal(model.Graph.Layers.Length, stages[2].TrainableLayers.Count);
        Assert.Equal([0.01, 0.01 * 0.1, 0.01 * 0.01], stages.Select(stage => stage.LearningRate));
        Assert.Equal([5, 10, 20], stages.Select(stage => stage.EpochLimit));
    }

    [Fact]
    public void A_patch_network_without_trained_body_has_one_stage()
    {
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1 / 16.0 }, 1);
        var stage = Assert.Single(new PatchSchedule { IsPretrained = false, Epoch = 9, WeightDecay = 0.5 }.Stages(model.Graph));
        Assert.Equal(9, stage.EpochLimit);
        Assert.Equal(model.Graph.Layers.Length, stage.TrainableLayers.Count);
        Assert.Equal(0.5, ((LayerKind.Dense)stage.Graph[stage.Graph.Outputs[0]].Kind).L2);
    }

    [Fact]
    public void Whole_image_stages_freeze_by_role_and_carry_their_own_decay_and_dropout()
    {
        using var model = Whole(heatmap: false);
        var stages = new WholeImageSchedule { WeightDecay = 0.1, WeightDecay2 = 0.2, HiddenDropout = 0.3, HiddenDropout2 = 0.4 }.Stages(
            model.Graph, TrainingCompatibility.Default);
        Assert.All(model.Graph.Layers, layer => Assert.Equal(layer.Role == LayerRole.Top, stages[0].TrainableLayers.Contains(layer.Name)));
        Assert.Equal(model.Graph.Layers.Length, stages[1].TrainableLayers.Count);
        AssertDecay(stages[0].Graph, 0.1, 0.3);
        AssertDecay(stages[1].Graph, 0.2, 0.4);
        Assert.Equal(stages[0].TrainableLayers, new WholeImageSchedule().Stages(model.Graph, TrainingCompatibility.Keras208)[0].TrainableLayers);
    }

    [Fact]
    public void Behind_a_heatmap_the_original_freezes_two_layers_too_many()
    {
        using var model = Whole(heatmap: true);
        var (ours, original) = (Frozen(TrainingCompatibility.Default), Frozen(TrainingCompatibility.Keras208));
        Assert.All(ours, name => Assert.NotEqual(LayerRole.Top, model.Graph[name].Role));
        var extra = original.Except(ours).Select(name => model.Graph[name].Kind).ToArray();
        Assert.Equal(2, extra.Length);
        Assert.Single(extra.OfType<LayerKind.Conv2D>());
        Assert.Single(extra.OfType<LayerKind.BatchNormalization>());

        var numbered = new WholeImageSchedule { TopLayerNumber = 2 }.Stages(model.Graph, TrainingCompatibility.Default)[0];
        Assert.All(model.Graph.Layers.Where(layer => layer.Role == LayerRole.Heatmap), layer => Assert.Contains(layer.Name, numbered.TrainableLayers));

        string[] Frozen(TrainingCompatibility compatibility)
        {
            var trained = new WholeImageSchedule().Stages(model.Graph, compatibility)[0].TrainableLayers;
            return [.. model.Graph.Layers.Select(layer => layer.Name).Where(name => !trained.Contains(name))];
        }
    }

    [Fact]
    public void With_top_k_pooling_the_first_stage_trains_the_heatmap()
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "resnet_small", WidthMultiplier = 0.25, Classes = ["background", "lesion"] }, 1);
        var options = new WholeImageOptions { ImageSize = new ImageSize(64, 64), HeatmapPooling = HeatmapPooling.TopK, AvgPoolSize = Size2D.Square(2) };
        using var model = ModelFactory.WholeImage(patch, options, 1, out _);
        foreach (var compatibility in Enum.GetValues<TrainingCompatibility>())
        {
            var first = new WholeImageSchedule().Stages(model.Graph, compatibility)[0];
            Assert.Equal(["dense_1"], WeightPlan.Of(model.Graph).Select(weight => weight.Name.Split('/')[0]).Distinct().Where(first.TrainableLayers.Contains));
        }
    }

    [Fact]
    public void Learning_rates_rise_and_fall()
    {
        var schedule = new LearningRateSchedule(Steps: 10, WarmUpSteps: 2, Cosine: true);
        var factors = Enumerable.Range(0, 12).Select(step => schedule.Factor(step)).ToArray();
        Assert.Equal([1 / 3.0, 2 / 3.0, 1], factors.Take(3));
        Assert.Equal(factors.Skip(2).OrderDescending(), factors.Skip(2));
        Assert.Equal(0.5, factors[6], 1e-12);
        Assert.Equal(0, factors[10], 1e-12);
        Assert.All(Enumerable.Range(0, 9), step => Assert.Equal(1, new LearningRateSchedule(9, 0, false).Factor(step)));
    }

    private static void AssertDecay(LayerGraph graph, double weightDecay, double dropout)
    {
        foreach (var layer in graph.Layers)
        {
            var (l2, rate) = (layer.Role == LayerRole.Base ? 0 : weightDecay, layer.Role == LayerRole.Base ? 0 : dropout);
            Assert.True(layer.Kind switch
            {
                LayerKind.Conv2D conv => conv.L2 == l2,
                LayerKind.Dense dense => dense.L2 == l2,
                LayerKind.Dropout drop => drop.Rate == rate,
                _ => true,
            });
        }
    }

    private static MammoModel Whole(bool heatmap)
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1 / 16.0 }, 1);
        var options = new WholeImageOptions
        {
            ImageSize = new ImageSize(192, 160),
            TopDepth = [8],
            TopRepetition = [
            1],
            AddHeatmap = heatmap,
            AvgPoolSize = Size2D.Square(2),
            HeatmapPoolSize = Size2D.Square(2)
        };
        return ModelFactory.WholeImage(patch, options, 1, out _);
    }
}
