<#
.SYNOPSIS
The full workflow on mini-MIAS: patches, patch classifier, whole-image model, training on regions of interest, test on unseen patients. For research only.

.DESCRIPTION
Five folds by patient: each fifth of the patients is scored by a model that was trained on the others, and all 322 scores are measured together.
Abnormal films against normal ones. What is done for a fold is kept in the work folder. A fold that is finished there is not trained again: a run can
be stopped and continued, and several processes can train a fold each.
About an hour on two processor cores. The films (research use only) are not part of Mammo.

.PARAMETER MiniMias
The folder of mini-MIAS: the films, and its Info.txt or a table made of it.

.PARAMETER WorkFolder
Where patches, models and the split are kept.

.PARAMETER Fold
The folds to train; all that are finished are measured.

.PARAMETER OriginalMethod
Train a second whole-image model of each patch classifier by the original's method (convolutional head, two stages), for comparison. Takes half as long again.

.PARAMETER ExportModel
File for the first fold's model with its measured performance in its card; the model that comes with Mammo was made so.

.PARAMETER PatchEpoch
Passes over the patches.

.PARAMETER DenseEpoch
Passes over the films in the training on regions of interest.

.PARAMETER Seed
Decides folds, places of patches and initial weights.

.EXAMPLE
./examples/Train-MiniMias.ps1 -MiniMias ./mini-mias -WorkFolder ./mini-mias-run
#>

#Requires -Version 7.6

param(
    [Parameter(Mandatory)] [string] $MiniMias,
    [Parameter(Mandatory)] [string] $WorkFolder,
    [ValidateRange(1, 5)] [int[]] $Fold = @(1, 2, 3, 4, 5),
    [switch] $OriginalMethod,
    [string] $ExportModel,
    [int] $PatchEpoch = 24,
    [int] $DenseEpoch = 16,
    [int] $Seed = 1
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../Mammo.psd1" }
$size = 512
$patchSize = 64
$films = Import-MammoDataset $MiniMias -Format MiniMias -Labelling Abnormality -FindingVariable findings -WarningAction SilentlyContinue
"{0} films, {1} findings in the list" -f $films.Count, $findings.Count
$WorkFolder = (New-Item $WorkFolder -ItemType Directory -Force).FullName
$parts = $films | Split-MammoDataset -By Patient -Fold 5 -Stratify -Seed $Seed -SplitPath "$WorkFolder/folds.json" -Force

# One mean for all folds, of the films as a whole: a single number, and the same for training and test films.
$mean = [Math]::Round((Get-FeaturewiseMean $films -ImageSize $size, $size -RescaleFactor 1).Mean, 1)

# Lesions have no upright position: any rotation, both flips, some zoom and grey.
$augmentation = @{ Augmentation = $true; SmoothAugmentation = $true; RotationRange = 180; ZoomRange = 0.22; ShearRange = 0 }
$training = @{
    FeaturewiseMean = $mean; TrainBatchMultiplier = 1; Optimizer = 'AdamW'; CosineSchedule = $true; EarlyStoppingPatience = 1000
    LoadTrainRam = $true; LoadValidationRam = $true; Seed = $Seed; Force = $true; WarningAction = 'SilentlyContinue'
}

function Get-Set([int] $Number) {
    $rest = 1..5 | Where-Object { $_ -ne $Number } | ForEach-Object { $parts[$_ - 1] }
    Split-MammoDataset $rest -Stratify -Share 0.9, 0.1 -Seed $Seed
    $parts[$Number - 1]
}

function New-Patch([int] $Number, [string] $Folder, $Train, $Validation) {
    $sampling = @{
        PatchSize = $patchSize; ImageSize = @($size, $size); Abnormality = 24; Background = 8; HardNegative = 4; NoSegmentation = $true
        Seed = $Seed; Force = $true; Labelling = 'Abnormality'; ClassName = @{ background = 'neg'; abnormal = 'pos' }; ErrorAction = 'SilentlyContinue'
    }
    $null = $Train | New-MammoPatchSet "$Folder/train" @sampling
    $null = $Validation | New-MammoPatchSet "$Folder/validation" @sampling
    $null = New-PatchModel resnet_small -Class neg, pos -RescaleFactor 1 -Seed $Seed |
        Invoke-PatchTraining -Train (Import-MammoDataset "$Folder/train" -Class neg, pos) `
            -Validation (Import-MammoDataset "$Folder/validation" -Class neg, pos) -ImageSize $patchSize, $patchSize -FromScratch -Epoch $PatchEpoch `
            -BatchSize 64 -LearningRate 0.002 -WarmUpEpoch 2 -WeightDecay 0.001 -LabelSmoothing 0.05 -AutoBatchBalance -AugmentationFill Reflect `
            -FinalModel "$Folder/patch.safetensors" -HistoryVariable history @augmentation @training
    "fold {0}: patch classifier, validation AUC of patches {1:0.000}" -f $Number, $history[-1].Auc
}

# The epochs are fixed and the last weights are taken: the validation films are too few to choose an epoch by.
function New-DenseModel([int] $Number, [string] $Folder, $Train, $Validation) {
    $null = Import-MammoModel "$Folder/patch.safetensors" |
        New-WholeImageModel -ImageSize $size, $size -HeatmapPooling TopK -TopK 4 -AvgPoolSize ($patchSize / 16), ($patchSize / 16) -Class neg, pos |
        Invoke-MammoFinetune -Train $Train -Validation $Validation -Epoch 0 -AllLayerEpoch $DenseEpoch -BatchSize 4 -LearningRate 6e-4 `
            -AllLayerMultiplier 1 -WarmUpEpoch 1 -WeightDecay2 0.001 -RoiLoss 1 -AutoBatchBalance:$false -AugmentationFill Constant `
            -FinalModel "$Folder/dense.safetensors" @augmentation @training
}

function New-OriginalModel([int] $Number, [string] $Folder, $Train, $Validation) {
    $null = Import-MammoModel "$Folder/patch.safetensors" |
        New-WholeImageModel -ImageSize $size, $size -TopDepth 32, 32 -TopRepetition 2, 2 -BottleneckEnlargeFactor 2 -Class neg, pos -Seed $Seed |
        Invoke-MammoFinetune -Train $Train -Validation $Validation -Epoch 2 -AllLayerEpoch 12 -BatchSize 4 -LearningRate 1e-3 `
            -AllLayerMultiplier 0.3 -WarmUpEpoch 1 -WeightDecay 0.001 -WeightDecay2 0.01 -AugmentationFill Constant `
            -FinalModel "$Folder/original.safetensors" @augmentation @training
}

foreach ($number in $Fold) {
    $folder = "$WorkFolder/fold$number"
    $train, $validation, $test = Get-Set $number
    if (-not (Test-Path -LiteralPath "$folder/patch.safetensors")) { New-Patch $number $folder $train $validation }
    if (-not (Test-Path -LiteralPath "$folder/dense.safetensors")) { New-DenseModel $number $folder $train $validation }
    if ($OriginalMethod -and -not (Test-Path -LiteralPath "$folder/original.safetensors")) { New-OriginalModel $number $folder $train $validation }
}

# The highest place of a film's heatmap: is it on a lesion, or within 16 pixels of its circle?
function Get-PeakHit([string] $ModelPath, $Test) {
    $abnormal = $Test.Images | Where-Object { $_.Class -eq 'pos' }
    $peaks = @{}
    Import-MammoModel $ModelPath | Get-MammoHeatmap -Dataset $Test -WarningAction SilentlyContinue | ForEach-Object { $peaks[$_.Path] = $_.Peak('pos') }
    foreach ($film in $abnormal) {
        $peak = $peaks[$film.Path]
        foreach ($roi in $film.Rois) {
            if ($roi.Shape) {
                $distance = [Math]::Sqrt(($peak.X - $roi.Shape.X) * ($peak.X - $roi.Shape.X) + ($peak.Y - $roi.Shape.Y) * ($peak.Y - $roi.Shape.Y))
                [pscustomobject]@{ Film = $film.Path; Lesion = $roi.Number; Hit = $distance -le $roi.Shape.Radius + 16 }
            }
        }
    }
}

$methods = [ordered]@{
    patch = 'patch classifier at every position, mean of the top 4'
    dense = 'trained on regions of interest'
    original = "the original's method"
}
$predictions = @{ patch = @(); dense = @(); original = @() }
$hits = @{ patch = @(); dense = @() }
$finished = 0
foreach ($number in 1..5) {
    $folder = "$WorkFolder/fold$number"
    if (-not (Test-Path -LiteralPath "$folder/dense.safetensors")) { continue }
    $finished++
    $test = $parts[$number - 1]
    $null = Import-MammoModel "$folder/patch.safetensors" |
        New-WholeImageModel -ImageSize $size, $size -HeatmapPooling TopK -TopK 4 -AvgPoolSize ($patchSize / 16), ($patchSize / 16) -Class neg, pos |
        Export-MammoModel "$folder/patchmap.safetensors" -Force -PassThru
    foreach ($method in 'patch', 'dense', 'original') {
        $model = "$folder/$(if ($method -eq 'patch') { 'patchmap' } else { $method }).safetensors"
        if (-not (Test-Path -LiteralPath $model)) { continue }
        $scores = @(Import-MammoModel $model | Invoke-MammoPredict -Dataset $test -Augment -WarningAction SilentlyContinue)
        $predictions[$method] += $scores
        $measure = $scores | Measure-MammoPrediction
        "fold {0}, {1}: {2}" -f $number, $methods[$method], $measure
        if ($method -eq 'dense' -and $number -eq 1) { $first = $measure }
        if ($hits.ContainsKey($method)) { $hits[$method] += @(Get-PeakHit $model $test) }
    }
}

"", "$finished folds together, abnormal against normal:"
foreach ($method in $methods.Keys) {
    if ($predictions[$method].Count -eq 0) { continue }
    $measure = $predictions[$method] | Measure-MammoPrediction
    $line = "  {0}: AUC {1:0.000} ({2}), {3} films" -f $methods[$method], $measure.Auc, $measure.AucInterval, $measure.Count
    if ($hits.ContainsKey($method)) {
        $on = @($hits[$method] | Where-Object { $_.Hit }).Count
        $line += ", highest peak on {0} of {1} lesions ({2:0%})" -f $on, $hits[$method].Count, ($on / $hits[$method].Count)
    }
    $line
}

if ($ExportModel -and $first) {
    $together = $predictions.dense | Measure-MammoPrediction
    $trainedOn = 'mini-MIAS, abnormal against normal, folds 2 to 5 of 5 by patient; trained on mini-MIAS, research use only'
    $measuredOn = "fold 1 of 5 by patient of mini-MIAS; the models of {0} folds together have {1:0.000} ({2}) on {3} films" -f
        $finished, $together.Auc, $together.AucInterval, $together.Count
    Import-MammoModel "$WorkFolder/fold1/dense.safetensors" -TrainedOn $trainedOn -License 'research use only, as the films of mini-MIAS' |
        Export-MammoModel $ExportModel -Measurement $first -Force -MeasuredOn $measuredOn
}
