using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Torch.Training;

namespace Mammo.Tests.PowerShell;

/// <summary>The training cmdlets through the real engine on tiny pictures: what is bound, written, kept and refused. The arithmetic is tested below them.</summary>
public sealed class TrainingCmdletTests
{
    private const string Model = "$m = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 1 | New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1; ";
    private const string Common = "-Train ./train -Validation ./val -FeaturewiseMean 60 -BatchSize 4 -Optimizer Adam -LearningRate 0.001 -WorkerCount 1 ";

    [Fact]
    public void Finetune_trains_keeps_the_best_writes_files_and_goes_on_down_the_pipeline()
    {
        using var session = Prepared(out var folder);
        var before = ((MammoModel)session.Run(Model + "$m")[0]).Weights;
        var result = session.Run("$m | Invoke-MammoFinetune " + Common
            + "-Epoch 1 -AllLayerEpoch 2 -BestModel ./best.safetensors -FinalModel NOSAVE -Checkpoint ./run -HistoryVariable h");
        var model = Assert.IsType<MammoModel>(Assert.Single(result));
        Assert.Same(session.Run("$m")[0], model);
        var history = session.Run("$h").Cast<EpochRecord>().ToArray();
        Assert.Equal(["top layers", "all layers"], history.Select(record => record.Stage));
        Assert.Equal(2, File.ReadAllLines(Path.Combine(folder, "run", "history.jsonl")).Length);
        var best = (MammoModel)session.Run("Import-MammoModel ./best.safetensors")[0];
        Assert.All(model.Weights, weight => Assert.Equal(weight.Value.Values, best.Weights[weight.Key].Values));
        Assert.Equal((60.0, "train"), (best.Card.FeaturewiseMean, best.Card.TrainedOn));
        Assert.Equal(12345, (int)best.Card.Training!["seed"]!);
        Assert.Contains(before, weight => !weight.Value.Values.SequenceEqual(model.Weights[weight.Key].Values));

        session.Fails(Model + "$m | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 2 -BestModel ./best.safetensors", ErrorIds.FileExists);
        session.Fails(Model + "$m | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 2 -Checkpoint ./run", ErrorIds.CheckpointExists);
        session.Fails(Model + "$m | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 2 -Checkpoint ./run -Resume -Seed 2", ErrorIds.CheckpointMismatch);
        var again = (MammoModel)session.Run(Model + "$m | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 2 -Checkpoint ./run -Resume")[0];
        Assert.All(model.Weights, weight => Assert.Equal(weight.Value.Values, again.Weights[weight.Key].Values));
    }

    [Fact]
    public void Patch_training_takes_three_stages_or_one()
    {
        using var session = Prepared(out _);
        const string Patch = "$p = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 1; $p | Invoke-PatchTraining -ImageSize 32, 32 " + Common;
        session.Run(Patch + "-Epoch 1 -TopLayerEpoch 2 -AllLayerEpoch 3 -HistoryVariable h");
        Assert.Equal(["last layer", "top layers", "all layers"], session.Run("$h").Cast<EpochRecord>().Select(record => record.Stage));
        session.Run(Patch + "-Epoch 1 -FromScratch -HistoryVariable h");
        Assert.Equal("all layers", Assert.Single(session.Run("$h").Cast<EpochRecord>()).Stage);
    }

    [Fact]
    public void A_model_remembers_how_each_image_was_scaled_and_stretched()
    {
        using var session = Prepared(out _);
        session.Run(Model + "$m | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 0 -TargetScale 200 -AutoLevel -FinalModel ./f.safetensors -WarningAction SilentlyContinue");
        double Score(string options) => ((MammoPrediction)session.Run("Import-MammoModel ./f.safetensors | Invoke-MammoPredict -Dataset (Import-MammoDataset ./val) -WarningAction SilentlyContinue " + options)[0]).Probability["pos"];

        var remembered = Score("");
        Assert.Equal(Score("-TargetScale 200 -AutoLevel -FeaturewiseMean 60"), remembered);
        Assert.NotEqual(Score("-TargetScale 255 -AutoLevel"), remembered);
        Assert.Equal(Score("-TargetScale 255"), Score("-RescaleFactor 1"), 1e-6);
        var card = ((MammoModel)session.Run("$next = Import-MammoModel ./f.safetensors; $next | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 0 -FinalModel NOSAVE")[0]).Card;
        Assert.Equal((200.0, true, null), (card.TargetScale, card.AutoLevel, card.RescaleFactor));
        card = ((MammoModel)session.Run("$next | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 0 -FinalModel NOSAVE -RescaleFactor 1 -AutoLevel:$false")[0]).Card;
        Assert.Equal((null, false, 1.0), (card.TargetScale, card.AutoLevel, card.RescaleFactor));
        Assert.True(((MammoModel)session.Run("Import-MammoModel ./f.safetensors -RescaleFactor 1")[0]).Card is { TargetScale: null, AutoLevel: true });
    }

    [Fact]
    public void What_would_go_wrong_is_said_before_hours_are_spent()
    {
        using var session = Prepared(out var folder);
        session.Fails(Model + "$m | Invoke-MammoFinetune -Train ./train -Validation ./train -FeaturewiseMean 60 -BatchSize 4 -Epoch 1", ErrorIds.DataLeakage);
        session.Run(Model + "$m | Invoke-MammoFinetune " + Common + "-Epoch 0 -AllLayerEpoch 1 -AllLayerMultiplier 0.001");
        Assert.Contains(session.Warnings, warning => warning.Contains(ErrorIds.FreshTopLayers, StringComparison.Ordinal));
        Assert.Contains(session.Warnings, warning => warning.Contains(ErrorIds.LearningRateLow, StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(folder, "lone", "neg"));
        Directory.CreateDirectory(Path.Combine(folder, "lone", "pos"));
        Write(Path.Combine(folder, "lone", "neg", "a.png"), 99);
        session.Fails(Model + "$m | Invoke-MammoFinetune -Train ./lone -Validation ./val -FeaturewiseMean 60 -Epoch 1", ErrorIds.ClassEmpty);
    }

    [Theory]
    [InlineData("-LearningRate 0")]
    [InlineData("-AllLayerMultiplier 0")]
    [InlineData("-AverageDecay 0")]
    public void What_can_teach_nothing_is_refused_at_the_parameter(string parameter)
    {
        using var session = Prepared(out _);
        session.Fails(Model + "$m | Invoke-MammoFinetune -Train ./train -Validation ./val " + parameter, "ParameterArgumentValidationError");
        session.Fails("$m | Invoke-PatchTraining -Train ./train -Validation ./val -TopLayerMultiplier 0", "ParameterArgumentValidationError");
    }

    [Fact]
    public void Files_that_cannot_or_must_not_be_written_are_found_before_the_training()
    {
        using var session = Prepared(out var folder);
        File.WriteAllText(Path.Combine(folder, "file"), "kept");
        const string Train = Model + "$m | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 0 -HistoryVariable h ";
        session.Fails(Train + "-BestModel ./file/below/best.safetensors", ErrorIds.FolderUnwritable);
        session.Fails(Train + "-FinalModel ./file/final.safetensors", ErrorIds.FolderUnwritable);
        session.Fails(Train + "-Checkpoint ./file", ErrorIds.FolderUnwritable);
        session.Fails(Train + "-Cache ./file/cache", ErrorIds.FolderUnwritable);
        session.Fails(Train + "-HistoryPath ./file", ErrorIds.FileExists);
        session.Fails(Train + "-BestModel ./a.safetensors -FinalModel ./a.safetensors", ErrorIds.TrainingOptionInvalid);
        session.Fails(Train + "-BestModel ./a.onnx", ErrorIds.TrainingOptionInvalid);
        session.Fails(Train + "-Resume", ErrorIds.TrainingOptionInvalid);
        Assert.Null(Assert.Single(session.Run("$h")));
        Assert.Equal("kept", File.ReadAllText(Path.Combine(folder, "file")));

        session.Run(Train + "-HistoryPath ./file -Force -BestModel $null -FinalModel ./final.safetensors");
        Assert.Single(File.ReadAllLines(Path.Combine(folder, "file")));
        var final = Assert.IsType<MammoModel>(session.Run("Import-MammoModel ./final.safetensors").SingleOrDefault());
        Assert.Equal("weights after the last epoch, 1", final.Card.Lineage[^1]);
    }

    [Fact]
    public void Parameters_without_effect_are_named()
    {
        using var session = Prepared(out _);
        session.Run(Model + "$m | Invoke-MammoFinetune " + Common
            + "-Epoch 1 -AllLayerEpoch 0 -Augmentation:$false -ZoomRange 0.1 -PositiveClassWeight 3 -LearningRatePatience 3 -HiddenDropout 0.1");
        Assert.Contains("-ZoomRange, -PositiveClassWeight, -LearningRatePatience has no effect", Assert.Single(session.Warnings), StringComparison.Ordinal);
        session.Run("New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 1 | Invoke-PatchTraining -ImageSize 32, 32 " + Common
            + "-FromScratch -Epoch 1 -AllLayerEpoch 3 -HiddenDropout 0.1 -PositiveClassWeight 3");
        Assert.Contains("-HiddenDropout, -AllLayerEpoch has no effect", Assert.Single(session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Control_C_keeps_the_best_file_and_the_checkpoint_and_the_same_model_goes_on()
    {
        using var session = Prepared(out var folder);
        var train = "$m | Invoke-MammoFinetune " + Common + "-Epoch 1 -AllLayerEpoch 500 -EarlyStoppingPatience 500 -Checkpoint ./run -BestModel ./best.safetensors";
        session.Run(Model);
        var log = Path.Combine(folder, "run", "history.jsonl");
        session.Stop(train, () => File.Exists(log) && File.ReadAllLines(log).Length > 1);
        var epochs = File.ReadAllLines(log).Length;
        Assert.InRange(epochs, 2, 499);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "run"), "*.checkpoint"));
        var (model, best) = ((MammoModel)session.Run("$m")[0], (MammoModel)session.Run("Import-MammoModel ./best.safetensors")[0]);
        Assert.All(model.Weights, weight => Assert.Equal(weight.Value.Values, best.Weights[weight.Key].Values));
        session.Stop(train + " -Resume", () => File.ReadAllLines(log).Length > epochs);
        Assert.True(File.ReadAllLines(log).Length > epochs);
    }

    private static Session Prepared(out string folder)
    {
        folder = Shared.NewFolder();
        foreach (var (set, count) in new[] { ("train", 4), ("val", 2) })
        {
            foreach (var name in new[] { "neg", "pos" })
            {
                for (var number = 0; number < count; number++)
                    Write(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, set, name)).FullName, $"{number}.png"), (100 * set.Length) + (10 * number) + (name[0] & 1));
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
