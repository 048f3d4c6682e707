using Mammo.Data.Patches;
using Mammo.Data.Rois;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Torch;
using Mammo.Torch.Training;
using Mammo.Torch.Training.Losses;
using Mammo.Torch.Training.Runs;
using TorchSharp;

namespace Mammo.Tests.Torch.Training.Losses;

public sealed class RoiLossTests
{
    private readonly string _folder = Shared.NewFolder();

    public RoiLossTests() => NativeTorch.EnsureLoaded();

    [Fact]
    public void It_is_the_mean_of_regions_and_half_and_half_of_background_and_its_hardest()
    {
        using var scope = torch.NewDisposeScope();
        var random = new Random(5);
        double[] lesion = [.. Enumerable.Range(0, 80).Select(_ => 0.01 + (0.98 * random.NextDouble()))];
        sbyte[] labels = [.. Enumerable.Range(0, 80).Select(i => (sbyte)(i % 3 == 0 ? 1 : i % 3 == 1 ? 0 : RoiLabels.None))];
        var heatmap = torch.tensor(lesion, [2, 1, 5, 8]);
        var loss = RoiLoss.Of(torch.cat([1 - heatmap, heatmap], 1), labels, background: 0)!.item<double>();

        var regions = lesion.Where((_, i) => labels[i] == 1).Average(p => -Math.Log(p));
        double[] elsewhere = [.. lesion.Where((_, i) => labels[i] == 0).Select(p => -Math.Log(1 - p)).OrderDescending()];
        Assert.Equal(27, elsewhere.Length);
        Assert.Equal(regions + (0.5 * elsewhere.Average()) + (0.5 * elsewhere[0]), loss, 1e-9);
        Assert.Null(RoiLoss.Of(torch.cat([1 - heatmap, heatmap], 1), [.. labels.Select(_ => RoiLabels.None)], background: 0));
    }

    [Fact]
    public void Regions_are_learned_whether_gradients_are_checkpointed_or_not()
    {
        using var plain = Model();
        using var checkpointed = Model();
        var before = plain.Weights["dense_1/kernel"].Values.ToArray();
        var history = Train(plain, TinyTraining.Options with { RoiLoss = 1 });
        Train(checkpointed, TinyTraining.Options with { RoiLoss = 1, GradientCheckpoint = true });
        Assert.True(history[^1].Loss < history[0].Loss, $"{history[0].Loss} -> {history[^1].Loss}");
        Assert.NotEqual(before, plain.Weights["dense_1/kernel"].Values);
        Assert.True(TinyTraining.AreEqual(plain.Weights, checkpointed.Weights));
    }

    [Fact]
    public void Probabilities_of_a_bfloat16_network_are_float32()
    {
        using var model = Model();
        using var scope = torch.NewDisposeScope();
        using var network = new Network(model.Graph, model.Weights, torch.CPU, Precision.BFloat16);
        using var generator = new torch.Generator(1);
        var probabilities = network.Forward([network.Place(torch.rand([4, 64, 48, 1], generator: generator))], Pass.Inference)[0];
        Assert.Equal(torch.ScalarType.Float32, probabilities.dtype);
        Assert.All(probabilities.sum(1).data<float>().ToArray(), sum => Assert.Equal(1, sum, 1e-6f));
        Assert.Contains(probabilities.data<float>().ToArray(), value => (BitConverter.SingleToUInt32Bits(value) & 0xFFF) != 0);
    }

    [Fact]
    public void A_step_of_fewer_batches_than_asked_weighs_regions_alike()
    {
        using var four = Model();
        using var many = Model();
        Train(four, TinyTraining.Options with { RoiLoss = 1, AccumulateStep = 4 });
        Train(many, TinyTraining.Options with { RoiLoss = 1, AccumulateStep = 9 });
        Assert.True(TinyTraining.AreEqual(four.Weights, many.Weights));
    }

    [Fact]
    public void Networks_without_probabilities_at_positions_and_sets_without_regions_are_refused()
    {
        var options = TinyTraining.Options with { RoiLoss = 1 };
        using var head = TinyTraining.Model();
        Assert.Equal(ErrorIds.RoiTrainingImpossible, Assert.Throws<MammoException>(() => Train(head, options)).ErrorId);
        using var model = Model();
        var data = TinyTraining.Data(_folder);
        Assert.Equal(
            ErrorIds.RoiTrainingImpossible,
            Assert.Throws<MammoException>(
                () => new Trainer(model, options).Train(TinyTraining.Stages(model), data, TestContext.Current.CancellationToken)).ErrorId);
    }

    private static MammoModel Model()
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "resnet_small", WidthMultiplier = 0.25, Classes = ["background", "lesion"] }, 3);
        return ModelFactory.WholeImage(
            patch, new WholeImageOptions
            {
                ImageSize = TinyTraining.Size,
                HeatmapPooling = HeatmapPooling.TopK,
                TopK = 2,
                AvgPoolSize = new(
                1, 1),
                HeatmapStride = new(1, 1)
            }, 3, out _);
    }

    private IReadOnlyList<EpochRecord> Train(MammoModel model, TrainingOptions options)
    {
        var data = TinyTraining.Data(_folder);
        data = data with
        {
            Train = data.Train with
            {
                Images = [
            .. data.Train.Images.Select(image => image.Label == 1 ? image with { Rois = [new Roi(new RoiCircle(20, 20, 8))] } : image)]
            }
        };
        var stages = new WholeImageSchedule { Epoch = 0, AllLayerEpoch = 4, LearningRate = 0.01 }.Stages(model.Graph, TrainingCompatibility.Default);
        return new Trainer(model, options).Train(stages, data, TestContext.Current.CancellationToken).Epochs;
    }
}
