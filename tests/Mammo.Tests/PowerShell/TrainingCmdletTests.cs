using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Networks.Models;

namespace Mammo.Tests.PowerShell;

/// <summary>A training that is stopped, on tiny pictures; the rest is in tests/Pester.</summary>
public sealed class TrainingCmdletTests
{
    private const string Model = """
        $m = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 1 |
            New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1
        """;

    private const string Train = """
        $m | Invoke-MammoFinetune -Train ./train -Validation ./val -FeaturewiseMean 60 -BatchSize 4 -Optimizer Adam -LearningRate 0.001 -WorkerCount 1 `
            -Epoch 1 -AllLayerEpoch 500 -EarlyStoppingPatience 500 -Checkpoint ./run -BestModel ./best.safetensors
        """;

    [Fact]
    public void Control_C_keeps_the_best_file_and_the_checkpoint_and_the_same_model_goes_on()
    {
        using var session = Prepared(out var folder);
        session.Run(Model);
        var log = Path.Combine(folder, "run", "history.jsonl");
        session.Stop(Train, () => File.Exists(log) && File.ReadAllLines(log).Length > 1);
        var epochs = File.ReadAllLines(log).Length;
        Assert.InRange(epochs, 2, 499);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "run"), "*.checkpoint"));
        var (model, best) = ((MammoModel)session.Run("$m")[0], (MammoModel)session.Run("Import-MammoModel ./best.safetensors")[0]);
        Assert.All(model.Weights, weight => Assert.Equal(weight.Value.Values, best.Weights[weight.Key].Values));
        session.Stop(Train + " -Resume", () => File.ReadAllLines(log).Length > epochs);
        Assert.True(File.ReadAllLines(log).Length > epochs);
    }

    private static Session Prepared(out string folder)
    {
        folder = Shared.NewFolder();
        foreach (var (set, count) in new[] { ("train", 4), ("val", 2) })
        {
            foreach (var name in new[] { "neg", "pos" })
            {
                var images = Directory.CreateDirectory(Path.Combine(folder, set, name)).FullName;
                for (var number = 0; number < count; number++)
                    Write(Path.Combine(images, $"{number}.png"), (100 * set.Length) + (10 * number) + (name[0] & 1));
            }
        }

        var session = new Session();
        session.SetLocation(folder);
        return session;
    }

    /// <summary>Noise that is brighter at the side that the seed says, with a maximum of 255.</summary>
    private static void Write(string path, int seed)
    {
        var random = new Random(seed);
        var pixels = new ushort[64 * 64];
        for (var index = 0; index < pixels.Length; index++)
            pixels[index] = (ushort)random.Next(index % 64 / 32 == (seed & 1) ? 200 : 60);
        pixels[0] = 255;
        PngWriter.Write(path, new GreyImage(64, 64, 8, pixels));
    }
}
