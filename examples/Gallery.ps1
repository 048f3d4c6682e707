<#
.SYNOPSIS
Makes the pictures of examples/README.md: a heatmap over a mammogram, curves of a measurement, a table. For research only.

.DESCRIPTION
Everything is made of what is in examples/data and of the model that comes with Mammo; with -Seed 1 the curves are the same each time. Fonts are the
system's, so that the pictures of another machine differ in their letters.

.PARAMETER Folder
Where the pictures are written; the gallery of these examples unless set.

.EXAMPLE
./examples/Gallery.ps1 -Folder ./gallery
#>

#Requires -Version 7.6

param(
    [string] $Folder = "$PSScriptRoot/gallery"
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../Mammo.psd1" }
$null = New-Item $Folder -ItemType Directory -Force

# A heatmap is four files; the gallery shows the picture.
$overlays = Join-Path ([IO.Path]::GetTempPath()) "mammo-gallery-$PID"
$film = "$PSScriptRoot/data/Calc-Test_P_00127_RIGHT_CC.png"
Get-MammoHeatmap mini-mias -LiteralPath $film -RescaleFactor 0.003891 | Export-MammoHeatmap $overlays -Class pos -Height 480
Copy-Item (Join-Path $overlays '*.overlay.png') (Join-Path $Folder heatmap.png)
Remove-Item -LiteralPath $overlays -Recurse

# What Export-Csv kept of the predictions on 66 films of mini-MIAS is enough for every curve.
$scores = Import-Csv "$PSScriptRoot/data/mini-mias-flips.csv"
$measured = $scores | Measure-MammoPrediction -By Patient -Bootstrap 500 -Seed 1
foreach ($kind in 'Roc', 'PrecisionRecall', 'Calibration', 'DecisionCurve') {
    $measured | Export-MammoPlot (Join-Path $Folder "$($kind.ToLowerInvariant()).png") -Kind $kind -Width 480 -Force
}
$scores | Export-MammoPlot (Join-Path $Folder histogram.png) -Kind Histogram -Width 480 -Force

# The table at the end of the page.
$scores | Measure-MammoPrediction -By Patient -Bootstrap 500 -Seed 1 -GroupBy tissue
