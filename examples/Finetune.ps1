<#
.SYNOPSIS
Trains a narrow whole-image network on mini-MIAS films, abnormal against normal, and measures it on patients that it has never seen. For research only.

.DESCRIPTION
Whole images without patches, from random weights: about the weakest way to train, and a fair first impression of what 322 films can give.
Takes about twenty minutes on two processor cores. The films (research use only) are not part of Mammo.

.PARAMETER MiniMias
The folder of mini-MIAS: the films, and its Info.txt or a table made of it.

.PARAMETER Epoch
Passes over the training films.

.PARAMETER Size
Height and width of the films as the network sees them.

.PARAMETER Width
The network's width, as a share of ResNet-50's.

.PARAMETER Seed
Decides the split and the initial weights.

.EXAMPLE
./examples/Finetune.ps1 -MiniMias ./mini-mias
#>

#Requires -Version 7.6

param(
    [Parameter(Mandatory)] [string] $MiniMias,
    [int] $Epoch = 30,
    [int] $Size = 256,
    [double] $Width = 0.125,
    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../Mammo.psd1" }
$films = Import-MammoDataset $MiniMias -Format MiniMias -Labelling Abnormality
$train, $validation, $test = $films | Split-MammoDataset -By Patient -Stratify -Share 0.6, 0.2, 0.2 -Seed $Seed
$train, $validation, $test | Out-Default

$mean = (Get-FeaturewiseMean $train -ImageSize $Size, $Size -RescaleFactor 1).Mean
New-PatchModel resnet50 -WidthMultiplier $Width -Class normal, abnormal -RescaleFactor 1 -Seed $Seed |
    New-WholeImageModel -ImageSize $Size, $Size -TopDepth 64, 64 -TopRepetition 1, 1 -BottleneckEnlargeFactor 2 -Class neg, pos -Seed $Seed |
    Invoke-MammoFinetune -Train $train -Validation $validation -FeaturewiseMean $mean -BatchSize 8 -TrainBatchMultiplier 1 -Augmentation:$false `
        -Epoch 0 -AllLayerEpoch $Epoch -Optimizer AdamW -LearningRate 0.002 -AllLayerMultiplier 1 -WeightDecay2 0.001 -HiddenDropout2 0 `
        -CosineSchedule -WarmUpEpoch 2 -EarlyStoppingPatience 40 -LoadTrainRam -LoadValidationRam -Seed $Seed -HistoryVariable history -Verbose |
    Invoke-MammoPredict -Dataset $test -Augment |
    Measure-MammoPrediction | Out-Default

$best = $history | Sort-Object Auc -Descending -Stable | Select-Object -First 1
$seconds = ($history | Measure-Object Seconds -Sum).Sum
"{0} epochs, {1:0} s; best epoch {2} with validation AUC {3:0.000}" -f $history.Count, $seconds, $best.Epoch, $best.Auc
