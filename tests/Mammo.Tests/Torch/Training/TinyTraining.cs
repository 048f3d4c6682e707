using System.Collections.Immutable;
using System.Text;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Torch.Training;

namespace Mammo.Tests.Torch.Training;

/// <summary>A training that takes a second: a narrow whole-image network on small made-up films, positives with a bright spot.</summary>
internal static class TinyTraining
{
    public static readonly ImageSize Size = new(64, 48);

    public static TrainingOptions Options { get; } = new()
    {
        Optimizer = OptimizerKind.Adam,
        BatchSize = 4,
        TrainBatchMultiplier = 0.5,
        Seed = 7,
        Device = "cpu",
    };

    public static WholeImageSchedule Schedule { get; } = new()
    { Epoch = 1, AllLayerEpoch = 2, LearningRate = 1e-3, WeightDecay = 0.001, WeightDecay2 = 0.01, HiddenDropout = 0.2, HiddenDropout2 = 0.1 };

    /// <summary>A narrow VGG16 with a residual head; with batch norm in the head alone.</summary>
    public static MammoModel Model(int seed = 3)
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1 / 16.0, Classes = ["background", "lesion"] }, seed);
        return ModelFactory.WholeImage(
            patch,
            new WholeImageOptions
            {
                ImageSize = Size,
                TopDepth = [8],
                TopRepetition = [
                1],
                BottleneckEnlargeFactor = 2,
                HiddenDropout = 0.2,
                WeightDecay = 0.001
            },
            seed,
            out _);
    }

    public static ImmutableArray<TrainingStage> Stages(
        MammoModel model, WholeImageSchedule? schedule = null, TrainingCompatibility compatibility = TrainingCompatibility.Default) =>
        (schedule ?? Schedule).Stages(model.Graph, compatibility);

    /// <summary>Training and validation films of 8 bits in a new folder.</summary>
    public static TrainingData Data(string folder, int trainCount = 7, int validationCount = 5) =>
        new(Set(folder, "train", trainCount, 100), Set(folder, "validation", validationCount, 200), new Preparation { Size = Size, FeaturewiseMean = 60 })
        {
            Augmentation = AugmentationOptions.Original,
            WorkerCount = 2,
        };

    public static MammoDataset Set(string folder, string name, int count, int seed) =>
        new(name, ["neg", "pos"], [.. Enumerable.Range(0, count).Select(i => Film(folder, name, i, seed + i))]);

    /// <summary>True when two models have the same weights to the last bit.</summary>
    public static bool AreEqual(IReadOnlyDictionary<string, Weight> left, IReadOnlyDictionary<string, Weight> right) =>
        left.Count == right.Count && left.All(pair => pair.Value.Values.AsSpan().SequenceEqual(right[pair.Key].Values));

    private static MammoImage Film(string folder, string set, int index, int seed)
    {
        var random = new Random(seed);
        var label = index % 2;
        var pixels = new byte[80 * 60];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)random.Next(0, 160);
        var (row, column) = (random.Next(10, 60), random.Next(10, 40));
        for (var i = 0; label == 1 && i < 100; i++)
            pixels[((row + (i / 10)) * 60) + column + (i % 10)] = 255;
        pixels[0] = 255;
        var path = Path.Combine(folder, FormattableString.Invariant($"{set}-{index}.pgm"));
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes("P5\n60 80\n255\n"), .. pixels]);
        return new MammoImage(path) { Class = label == 0 ? "neg" : "pos", Label = label, Patient = $"{set}-{index}" };
    }
}
