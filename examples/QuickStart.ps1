<#
.SYNOPSIS
Scores the six mammograms in examples/data and measures the scores. For research only.

.PARAMETER Model
A whole-image model file (Keras .h5 or .safetensors). Without one, an untrained network stands in, whose scores mean nothing.

.EXAMPLE
dotnet run --project src/Mammo.Host -- examples/QuickStart.ps1 -Model ./hybrid.safetensors
#>
param(
    [string] $Model
)

$ErrorActionPreference = 'Stop'

# Out-Default ends each table: objects of several kinds in one output would be shown as lists.
$images = Import-MammoDataset "$PSScriptRoot/data/images.csv" -Class neg, pos
$images | Out-Default

if ($Model) {
    $network = Import-MammoModel -LiteralPath $Model
}
else {
    "No model was given: an UNTRAINED network with random weights stands in, so the scores below mean nothing."
    $network = New-PatchModel -Architecture resnet50 -WidthMultiplier 0.125 -Class background, calc_ben, calc_mal, mass_ben, mass_mal -Seed 1 |
        New-WholeImageModel -ImageSize 1152, 896 -TopDepth 64, 64 -TopRepetition 2, 2 -BottleneckEnlargeFactor 2 -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52.18 -Seed 1
}

$network | Out-Default
Get-RescaleFactor $images | Out-Default
Get-FeaturewiseMean $images -RescaleFactor 0.003891 | Out-Default
$predictions = $images | Invoke-MammoPredict -Model $network -Augment
$predictions | Out-Default
$predictions | Measure-MammoPrediction | Out-Default
"Six images of three patients measure nothing about a model; use a test set of your own. For research only."
