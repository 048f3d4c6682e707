<#
.SYNOPSIS
The full workflow on mini-MIAS: local contrast, patches, whole-image model, training on regions of interest, five folds by patient. For research only.

.DESCRIPTION
Each fifth of the patients is scored by a model that was trained on the others; abnormal films against normal ones. What is finished is kept in the work
folder and not done again: a run can be stopped and continued, and several processes can take a fold or a seed each. At the end all scores that are there
are written to scores.csv, from which Measure-MiniMias.ps1 computes every figure of docs/mini-mias.md.
The films (research use only) are not part of Mammo.

.PARAMETER MiniMias
The folder of mini-MIAS: the films, and its Info.txt or a table made of it.

.PARAMETER WorkFolder
Where models, scores and the split are kept.

.PARAMETER Fold
The folds to train.

.PARAMETER Seed
The seeds to train each fold with; a seed decides initial weights, order and transforms. The folds are the same for all.

.PARAMETER PatchEpoch
Passes over the patches.

.PARAMETER DenseEpoch
Passes over the films in the training on regions of interest.

.PARAMETER TrainOnly
Do not score the test films yet, as in the processes that train beside another one.

.PARAMETER ExportModel
File for the first fold's models of all seeds as one ensemble, with its measured performance in its card; the model that comes with Mammo was made so.

.PARAMETER MeasuredOn
What the card says of the films of its measurement, and of those of the other folds.

.EXAMPLE
./examples/Train-MiniMias.ps1 -MiniMias ./mini-mias -WorkFolder ./mini-mias-run
#>

#Requires -Version 7.6

param(
    [Parameter(Mandatory)] [string] $MiniMias,
    [Parameter(Mandatory)] [string] $WorkFolder,
    [ValidateRange(1, 5)] [int[]] $Fold = @(1, 2, 3, 4, 5),
    [int[]] $Seed = @(1, 2),
    [int] $PatchEpoch = 10,
    [int] $DenseEpoch = 16,
    [switch] $TrainOnly,
    [string] $ExportModel,
    [string] $MeasuredOn = 'fold 1 of 5 by patient of mini-MIAS; docs/mini-mias.md has all folds'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../Mammo.psd1" }
$images = Import-MammoDataset $MiniMias -Format MiniMias -Labelling Abnormality -WarningAction SilentlyContinue
$WorkFolder = (New-Item $WorkFolder -ItemType Directory -Force).FullName
$parts = $images | Split-MammoDataset -By Patient -Fold 5 -Stratify -Seed 1

# Three quarters of the size at which the database comes here (512x512): half the time. Lesions are told by local contrast, grey values are not.
$size = 384
$patchSize = 48
$contrast = 12

# A lesion has no upright position: any rotation, both flips, some zoom and grey. The last weights are taken: so few films choose no epoch.
$training = @{
    LocalContrast = $contrast; FeaturewiseMean = 49; TrainBatchMultiplier = 1; Optimizer = 'AdamW'; CosineSchedule = $true; EarlyStoppingPatience = 1000
    Augmentation = $true; SmoothAugmentation = $true; RotationRange = 180; ZoomRange = 0.22; ShearRange = 0
    LoadTrainRam = $true; LoadValidationRam = $true; Force = $true; WarningAction = 'SilentlyContinue'
}

function New-Model([int] $Number, [int] $ModelSeed, [string] $Name) {
    # A few films are set aside, for the training cmdlets want some to watch; nothing is chosen by them.
    $rest = 1..5 | Where-Object { $_ -ne $Number } | ForEach-Object { $parts[$_ - 1] }
    $train, $watched = Split-MammoDataset $rest -Stratify -Share 0.95, 0.05 -Seed 1
    $sampling = @{
        PatchSize = $patchSize; ImageSize = @($size, $size); LocalContrast = $contrast; Abnormality = 24; Background = 8; HardNegative = 4
        NoSegmentation = $true; Seed = $ModelSeed; Force = $true; ErrorAction = 'SilentlyContinue'
        Labelling = 'Abnormality'; ClassName = @{ background = 'neg'; abnormal = 'pos' }
    }
    $null = $train | New-MammoPatchSet "$Name/train" @sampling
    $null = $watched | New-MammoPatchSet "$Name/watched" @sampling
    $null = New-PatchModel resnet_small -Class neg, pos -RescaleFactor 1 -Seed $ModelSeed |
        Invoke-PatchTraining -Train (Import-MammoDataset "$Name/train" -Class neg, pos) -Validation (Import-MammoDataset "$Name/watched" -Class neg, pos) `
            -ImageSize $patchSize, $patchSize -FromScratch -Epoch $PatchEpoch -BatchSize 64 -LearningRate 0.002 -WarmUpEpoch 2 -WeightDecay 0.001 `
            -LabelSmoothing 0.05 -AutoBatchBalance -AugmentationFill Reflect -FinalModel "$Name-patch.safetensors" -Seed $ModelSeed @training
    $null = Import-MammoModel "$Name-patch.safetensors" |
        New-WholeImageModel -ImageSize $size, $size -HeatmapPooling TopK -TopK 4 -AvgPoolSize ($patchSize / 16), ($patchSize / 16) -Class neg, pos |
        Invoke-MammoFinetune -Train $train -Validation $watched -Epoch 0 -AllLayerEpoch $DenseEpoch -BatchSize 4 -LearningRate 6e-4 `
            -AllLayerMultiplier 1 -WarmUpEpoch 1 -WeightDecay2 0.001 -RoiLoss 1 -AutoBatchBalance:$false -AugmentationFill Constant `
            -FinalModel "$Name.safetensors" -Seed $ModelSeed @training
}

# The highest place of a film's heatmap: on how many of its lesions is it, or within 16 pixels of the circle at 512x512?
function Get-HitCount($Film, $Peak) {
    @($Film.Rois | Where-Object {
            $_.Shape -and [Math]::Sqrt([Math]::Pow($Peak.X - $_.Shape.X, 2) + [Math]::Pow($Peak.Y - $_.Shape.Y, 2)) -le $_.Shape.Radius + 16
        }).Count
}

function Get-Logit([double] $Score) { [Math]::Log($Score / (1 - $Score)) }

# Models of different folds put all their scores higher or lower, by which scores of all folds together suffer. A model's level and spread are those of the
# films that it was trained on, their mean and standard deviation in logits; no label and no test film has a part in it.
function Get-Scale($Model, [int] $Number) {
    $films = 1..5 | Where-Object { $_ -ne $Number } | ForEach-Object { $parts[$_ - 1] }
    $films | Invoke-MammoPredict -Model $Model -Augment -WarningAction SilentlyContinue | ForEach-Object { Get-Logit $_.Score } |
        Measure-Object -Average -StandardDeviation
}

# Two rows for a film: the model's score, and the same on the scale that all folds share.
function Get-Score($Model, [int] $Number, [string] $ModelSeed) {
    $test = $parts[$Number - 1]
    $scale = Get-Scale $Model $Number
    $films = @{}
    $test.Images | ForEach-Object { $films[$_.Path] = $_ }
    $peaks = @{}
    $Model | Get-MammoHeatmap -Dataset $test -Augment -WarningAction SilentlyContinue | ForEach-Object { $peaks[$_.Path] = $_.Peak('pos') }
    foreach ($prediction in $Model | Invoke-MammoPredict -Dataset $test -Augment -WarningAction SilentlyContinue) {
        $shared = 1 / (1 + [Math]::Exp(($scale.Average - (Get-Logit $prediction.Score)) / $scale.StandardDeviation))
        foreach ($row in @('new', $prediction.Score), @('one scale', $shared)) {
            [pscustomobject]@{
                film = [IO.Path]::GetFileNameWithoutExtension($prediction.Path); fold = $Number; seed = $ModelSeed; method = $row[0]
                score = [Math]::Round($row[1], 6); hits = Get-HitCount $films[$prediction.Path] $peaks[$prediction.Path]
            }
        }
    }
}

foreach ($modelSeed in $Seed) {
    foreach ($number in $Fold) {
        $name = "$WorkFolder/fold$number-seed$modelSeed"
        if (-not (Test-Path -LiteralPath "$name.safetensors")) {
            New-Model $number $modelSeed $name
            '{0:HH:mm:ss} fold {1}, seed {2} is trained' -f (Get-Date), $number, $modelSeed
        }
        if ($TrainOnly -or (Test-Path -LiteralPath "$name.csv")) { continue }
        $scores = @(Get-Score (Import-MammoModel "$name.safetensors") $number $modelSeed)
        $scores | Export-Csv "$name.csv" -UseQuotes AsNeeded
        '{0:HH:mm} fold {1}, seed {2}: {3} films' -f (Get-Date), $number, $modelSeed, ($scores.Count / 2)
    }
}

if ($TrainOnly) { return }
Get-ChildItem $WorkFolder -Filter 'fold?-seed*.csv' | Sort-Object Name | ForEach-Object { Import-Csv $_ } |
    Export-Csv "$WorkFolder/scores.csv" -UseQuotes AsNeeded
& "$PSScriptRoot/Measure-MiniMias.ps1" -Scores "$WorkFolder/scores.csv"

if ($ExportModel) {
    $trainedOn = 'mini-MIAS, abnormal against normal, folds 2 to 5 of 5 by patient; trained on mini-MIAS, research use only'
    $ensemble = $Seed | ForEach-Object {
        Import-MammoModel "$WorkFolder/fold1-seed$_.safetensors" -TrainedOn $trainedOn -License 'research use only, as the films of mini-MIAS'
    } | Join-MammoModel -Name mini-mias-contrast -PartName @($Seed | ForEach-Object { "seed$_" })
    $measurement = $ensemble | Invoke-MammoPredict -Dataset $parts[0] -Augment -WarningAction SilentlyContinue | Measure-MammoPrediction
    $ensemble | Export-MammoModel $ExportModel -Measurement $measurement -Force -MeasuredOn $MeasuredOn
}
