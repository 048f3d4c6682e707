using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Rois;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Torch.Training;

namespace Mammo.Tests.Torch.Training.Mining;

/// <summary>A patch training of a second, with films of noise on which bright squares are lesions, and others that only look so.</summary>
internal static class TinyMining
{
    public const int Patch = 32;
    public static readonly ImageSize FilmSize = new(160, 128);

    public static TrainingOptions Options { get; } = TinyTraining.Options with { BestBy = BestCriterion.Accuracy, AutoBatchBalance = false };

    public static MammoModel Model() =>
        ModelFactory.Patch(new PatchOptions { Architecture = "resnet_small", WidthMultiplier = 0.25, Classes = ["background", "lesion"] }, 3);

    public static ImmutableArray<TrainingStage> Stages(MammoModel model, int epochs) =>
        new PatchSchedule { IsPretrained = false, Epoch = epochs, LearningRate = 1e-3 }.Stages(model.Graph);

    /// <summary>Twelve training patches, of which eight are background, six validation patches, and three films.</summary>
    public static TrainingData Data(string folder, int every = 1, int count = 2) => new(
        Patches(folder, "train", 12, 100), Patches(folder, "validation", 6, 200), new Preparation { Size = new ImageSize(Patch, Patch), FeaturewiseMean = 60 })
    {
        ArePatches = true,
        Augmentation = AugmentationOptions.Original,
        WorkerCount = 2,
        HardNegatives = new HardNegativeMining(Films(folder), FilmSize) { Every = every, Count = count },
    };

    /// <summary>A normal film, one with a lesion, and one with a lesion of unknown place.</summary>
    public static MammoDataset Films(string folder) => new("films", ["neg", "pos"],
    [
        Film(folder, "normal", 1, []) with { Class = "neg", Label = 0 },
        Film(folder, "lesion", 2, [new Roi(new RoiCircle(40, 50, 12))]) with { Class = "pos", Label = 1 },
        Film(folder, "anywhere", 3, [new Roi(null as RoiShape)]) with { Class = "pos", Label = 1 },
    ]);

    private static MammoDataset Patches(string folder, string set, int count, int seed) => new(set, ["background", "lesion"],
    [
        .. Enumerable.Range(0, count).Select(i => new MammoImage(Write(folder, $"{set}-{i}", Patch, Patch, seed + i, i % 3 == 2 ? [(10, 10)] : []))
        {
            Class = i % 3 == 2 ? "lesion" : "background",
            Label = i % 3 == 2 ? 1 : 0,
        }),
    ]);

    private static MammoImage Film(string folder, string name, int seed, ImmutableArray<Roi> rois) =>
        new(Write(folder, name, FilmSize.Height, FilmSize.Width, seed, [(34, 44), (90, 110), (100, 20)])) { Patient = name, Rois = rois };

    private static string Write(string folder, string name, int height, int width, int seed, (int X, int Y)[] squares)
    {
        var random = new Random(seed);
        var pixels = new byte[height * width];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)random.Next(0, 160);
        foreach (var (x, y) in squares)
        {
            for (var i = 0; i < 144; i++)
                pixels[((y + (i / 12)) * width) + x + (i % 12)] = 250;
        }

        var path = Path.Combine(folder, name + ".pgm");
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P5\n{width} {height}\n255\n")), .. pixels]);
        return path;
    }
}
