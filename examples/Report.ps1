<#
.SYNOPSIS
Measures the predictions in examples/data, writes a report of them, and compares them with those without flips.

.DESCRIPTION
The predictions are those of the model that comes with Mammo on the 66 mini-MIAS films of the fold that it was not trained on. No image and no model is needed: what Export-Csv
kept is enough for every number. For research only.

.PARAMETER Folder
Where the report and a plot are written.

.PARAMETER Bootstrap
Replicates of the bootstrap by patient.

.EXAMPLE
dotnet run --project src/Mammo.Host -- examples/Report.ps1

.EXAMPLE
./examples/Report.ps1 -Folder ./reports -Bootstrap 5000
#>

#Requires -Version 7.6

param(
    [string] $Folder = './report',
    [int] $Bootstrap = 2000
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../Mammo.psd1" }

$flips = Import-Csv "$PSScriptRoot/data/mini-mias-flips.csv"
$plain = Import-Csv "$PSScriptRoot/data/mini-mias-plain.csv"

# By patient, for both films of a woman resemble each other; and each kind of tissue by itself.
$flips | Measure-MammoPrediction -By Patient -Bootstrap $Bootstrap -Seed 1 -GroupBy tissue | Out-Host

# Do the flips help? Paired, on the same films; the warning says that the runs differ in nothing but the flips.
Compare-MammoPrediction $plain $flips -By Patient -Bootstrap $Bootstrap -Seed 1 | Out-Host

$report = @{
    By = 'Patient'; Bootstrap = $Bootstrap; Seed = 1; GroupBy = 'tissue'; Model = 'mini-mias'; Force = $true; PassThru = $true
    Title = 'mini-mias on films of its own source'
    Question = 'Are abnormal films of mini-MIAS distinguished from normal ones, on patients that the model was not trained on?'
}
$flips | Export-MammoReport (Join-Path $Folder report.html) @report
$flips | Export-MammoPlot (Join-Path $Folder roc.svg) -Kind Roc -By Patient -Bootstrap $Bootstrap -Seed 1 -Force -PassThru
