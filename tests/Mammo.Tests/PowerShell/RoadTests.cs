using System.Globalization;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;
using Mammo.Torch.Training;

namespace Mammo.Tests.PowerShell;

/// <summary>From annotated films to a measured model by cmdlets alone, as examples/Train-MiniMias.ps1 goes on real films.</summary>
public sealed class RoadTests
{
    [Fact]
    public void Folds_patches_patch_classifier_top_k_model_regions_and_measure()
    {
        using var session = new Session();
        var folder = Shared.NewFolder();
        session.SetLocation(folder);
        var lines = Enumerable.Range(0, 10).Select(i =>
        {
            Films.Write(folder, string.Create(CultureInfo.InvariantCulture, $"film{i}.png"), i);
            return string.Create(CultureInfo.InvariantCulture, $"film{i}.png,{(i % 2 == 0 ? "neg,P" : "pos,P")}{i},L,CC,{(i % 2 == 0 ? ",,,," : "60,90,15,mass,MALIGNANT")}");
        });
        File.WriteAllLines(Path.Combine(folder, "films.csv"), ["path,label,patient,laterality,view,roi_x,roi_y,roi_radius,roi_type,pathology", .. lines]);

        var result = session.Run("""
            $parts = Import-MammoDataset ./films.csv -Class neg, pos | Split-MammoDataset -Fold 5 -Stratify -Seed 1
            $train, $val = Split-MammoDataset $parts[0..3] -Share 0.5, 0.5 -Stratify -Seed 1
            $names = @{ background = 'neg'; abnormal = 'pos' }
            $null = $train | New-MammoPatchSet ./train -PatchSize 32 -Abnormality 4 -Background 4 -Labelling Abnormality -ClassName $names
            $null = $val | New-MammoPatchSet ./val -PatchSize 32 -Abnormality 4 -Background 4 -Labelling Abnormality -ClassName $names
            $whole = New-PatchModel resnet_small -WidthMultiplier 0.25 -Class neg, pos -RescaleFactor 1 -Seed 1 |
                Invoke-PatchTraining -Train ./train -Validation ./val -ImageSize 32, 32 -FeaturewiseMean 60 -FromScratch -Epoch 1 -BatchSize 8 -Optimizer AdamW -LearningRate 0.002 |
                New-WholeImageModel -ImageSize 200, 140 -HeatmapPooling TopK -TopK 3 -AvgPoolSize 2, 2 -Class neg, pos |
                Invoke-MammoFinetune -Train $train -Validation $val -Epoch 0 -AllLayerEpoch 2 -BatchSize 2 -TrainBatchMultiplier 1 -Optimizer AdamW -LearningRate 1e-3 -AllLayerMultiplier 1 -RoiLoss 1 -HistoryVariable history
            $whole
            $history
            $whole | Invoke-MammoPredict -Dataset $parts[4] -Augment | Measure-MammoPrediction
            """);
        Assert.Empty(session.Errors);
        var card = Assert.IsType<MammoModel>(result[0]).Card;
        Assert.Equal(2, card.Training!["splits"]!.AsArray().Count);
        Assert.Equal("resnet_small (width 0.25) + heatmap-top3", card.Architecture);
        Assert.True(Assert.IsType<EpochRecord>(result[2]).Loss < Assert.IsType<EpochRecord>(result[1]).Loss);
        Assert.Equal(2, Assert.IsType<Mammo.Evaluation.MammoMeasurement>(result[3]).Count);
    }

    [Fact]
    public void Datasets_of_other_classes_are_not_joined()
    {
        using var session = new Session();
        session.Set("a", new MammoDataset("a", ["neg", "pos"], []));
        session.Set("b", new MammoDataset("b", ["normal", "benign"], []));
        var error = session.Fails("Split-MammoDataset $a, $b -Fold 2", "ParameterArgumentTransformationError");
        Assert.Contains("no common dataset", error.Exception.Message, StringComparison.Ordinal);
    }
}
