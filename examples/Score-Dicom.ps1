<#
.SYNOPSIS
Scores the mammograms of a folder of DICOM files, and says of each image without a score why it has none. For research only.

.DESCRIPTION
Without a folder it takes the small DICOM files of Mammo's own tests: crops of mammograms in many transfer syntaxes, and files that are damaged or should not be scored. Without a model
file it takes the model that comes with Mammo, which was trained on digitised film and is not validated on other images; expect poor accuracy.

.PARAMETER Folder
A folder of DICOM files with subfolders, for instance an export of an archive.

.PARAMETER Model
A whole-image model file (Keras .h5 or .safetensors), in place of the model that comes with Mammo.

.PARAMETER LabelList
A CSV with the columns label and sop_instance_uid, accession_number or patient. With it the scores are measured.

.EXAMPLE
./examples/Score-Dicom.ps1 ./export -Model ./hybrid.safetensors

.EXAMPLE
dotnet run --project src/Mammo.Host -- examples/Score-Dicom.ps1
#>

#Requires -Version 7.6

param(
    [string] $Folder = "$PSScriptRoot/../tests/data/dicom",
    [string] $Model,
    [string] $LabelList
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../Mammo.psd1" }

# Headers alone. Files that are damaged, or are no images, are reported in $findings and left out.
$labels = if ($LabelList) { @{ LabelList = $LabelList; Class = 'neg', 'pos' } } else { @{} }
$images = Import-MammoDataset $Folder -Format Dicom @labels -FindingVariable findings -WarningAction SilentlyContinue
$images | Get-MammoImageInfo | Group-Object Manufacturer, TransferSyntax -NoElement | Sort-Object Count -Descending | Out-Default

# DICOM images are given on the scale of the images that the network was trained on; no factor is needed.
$network = if ($Model) { Import-MammoModel -LiteralPath $Model } else { Import-MammoModel -Name mini-mias }
$records = $images | Invoke-MammoPredict -Model $network -Augment -IncludeFailed -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
$scores = $records | Where-Object { -not $_.ErrorId }
$scores | Out-Default

$reasons = @(
    $findings | Select-Object @{ n = 'Image'; e = { Split-Path $_.Subject -Leaf } }, Id, Message
    $records | Where-Object ErrorId | Select-Object @{ n = 'Image'; e = { Split-Path $_.Path -Leaf } }, @{ n = 'Id'; e = 'ErrorId' }, @{ n = 'Message'; e = 'Reason' }
)
$reasons | ForEach-Object { "$($_.Image): $($_.Message) [$($_.Id)]" }

if ($LabelList) { $scores | Measure-MammoPrediction | Out-Default }
"$(@($scores).Count) images have a score, $($reasons.Count) have a reason why not. For research only."
