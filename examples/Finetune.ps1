<#
.SYNOPSIS
Trains a narrow whole-image network on mini-MIAS films, abnormal against normal, and measures it on patients that it has never seen. For research only.

.DESCRIPTION
Whole images without patches, from random weights: about the weakest road there is, and a fair first impression of what 322 films are worth.
Takes about twenty minutes on two processor cores. The films (research use only) are not part of Mammo.

.PARAMETER MiniMias
The folder of mini-MIAS: the films, and its Info.txt or a table made of it.

.EXAMPLE
dotnet run -c Release --project src/Mammo.Host -- examples/Finetune.ps1 -MiniMias ./mini-mias
#>
param(
    [Parameter(Mandatory)] [string] $MiniMias,
    [int] $Epoch = 30,
    [int] $Size = 256,
    [double] $Width = 0.125,
    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
$films = Import-MammoDataset $MiniMias -Format MiniMias -Labelling Abnormality
$train, $validation, $test = $films | Split-MammoDataset -By Patient -Stratify -Share 0.6, 0.2, 0.2 -Seed $Seed
$train, $validation, $test | Out-Default

$mean = (Get-FeaturewiseMean $train -ImageSize $Size, $Size -RescaleFactor 1).Mean
New-PatchModel resnet50 -WidthMultiplier $Width -Class normal, abnormal -RescaleFactor 1 -Seed $Seed |
    New-WholeImageModel -ImageSize $Size, $Size -TopDepth 64, 64 -TopRepetition 1, 1 -BottleneckEnlargeFactor 2 -Class neg, pos -Seed $Seed |
    Invoke-MammoFinetune -Train $train -Validation $validation -FeaturewiseMean $mean -BatchSize 8 -TrainBatchMultiplier 1 -Augmentation:$false -Epoch 0 -AllLayerEpoch $Epoch `
        -Optimizer AdamW -LearningRate 0.002 -AllLayerMultiplier 1 -WeightDecay2 0.001 -HiddenDropout2 0 -CosineSchedule -WarmUpEpoch 2 `
        -EarlyStoppingPatience 40 -LoadTrainRam -LoadValidationRam -Seed $Seed -HistoryVariable history -Verbose |
    Invoke-MammoPredict -Dataset $test -Augment |
    Measure-MammoPrediction | Out-Default

$best = $history[0]
$history | ForEach-Object { if ($_.Auc -gt $best.Auc) { $best = $_ } }
"{0} epochs, {1:0} s; best epoch {2} with validation AUC {3:0.000}" -f $history.Count, ($history | ForEach-Object -Begin { $sum = 0 } -Process { $sum += $_.Seconds } -End { $sum }), $best.Epoch, $best.Auc
