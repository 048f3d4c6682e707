<#
.SYNOPSIS
Scores the six mammograms in examples/data and measures the scores. For research only.

.DESCRIPTION
Without a model file it takes the model that comes with Mammo. That one was trained on the 322 films of mini-MIAS, digitised by one scanner in the
early nineties. It is not validated on films of other scanners, such as these six of CBIS-DDSM; expect poor accuracy. Its card has its measured
performance on patients of mini-MIAS that it had not seen.

.PARAMETER Model
A whole-image model file (Keras .h5 or .safetensors), in place of the model that comes with Mammo.

.EXAMPLE
./examples/QuickStart.ps1 -Model ./hybrid.safetensors

.EXAMPLE
dotnet run --project src/Mammo.Host -- examples/QuickStart.ps1
#>

#Requires -Version 7.6

param(
    [string] $Model
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../Mammo.psd1" }

# Out-Default ends each table: objects of several kinds in one output would be shown as lists.
$images = Import-MammoDataset "$PSScriptRoot/data/images.csv" -Class neg, pos
$images | Out-Default

# The films are stored in 16 bits; the factor brings them to 0..255, the scale that networks are trained on.
$rescale = 0.003891
Get-RescaleFactor $images | Out-Default
Get-FeaturewiseMean $images -RescaleFactor $rescale | Out-Default

$network = if ($Model) { Import-MammoModel -LiteralPath $Model } else { Import-MammoModel -Name mini-mias-contrast }
$network | Out-Default

# A model of local contrast needs no factor: what it is given has values from 0 to 255, whatever the bit depth of the film is.
$scale = if ($network.Card.LocalContrast) { @{} } else { @{ RescaleFactor = $rescale } }
$predictions = $images | Invoke-MammoPredict -Model $network -Augment @scale
$predictions | Out-Default
$predictions | Measure-MammoPrediction | Out-Default

if ($network.Card.Measurement) { "On films like those that it was trained on: $($network.Card.Measurement)." }
"Six images of three patients measure nothing about a model; use a test set of your own. For research only."
