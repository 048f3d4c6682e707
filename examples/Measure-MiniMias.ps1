<#
.SYNOPSIS
Computes every figure of docs/mini-mias.md from the scores that are kept beside it. No films are needed. For research only.

.PARAMETER Scores
The scores: one row for each film, method and seed.

.PARAMETER Films
What the database's list says of the films, with mean, standard deviation and area of the breast.

.EXAMPLE
./examples/Measure-MiniMias.ps1
#>

#Requires -Version 7.6

param(
    [string] $Scores = "$PSScriptRoot/../docs/mini-mias/scores.csv",
    [string] $Films = "$PSScriptRoot/../docs/mini-mias/films.csv"
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../Mammo.psd1" }
$known = @{}
Import-Csv $Films | ForEach-Object { $known[$_.film] = $_ }

# Rows for Measure-MammoPrediction: film, class, score from 0 to 1, and patient.
function New-Row($Score, [scriptblock] $Class = { $_.label }) {
    foreach ($row in $Score) {
        $film = $known[$row.film]
        [pscustomobject]@{
            Path = $film.film; TrueClass = $film | ForEach-Object $Class; Score = [double]$row.score; Patient = $film.patient; tissue = $film.tissue
        }
    }
}

function Get-Area($Rows, [hashtable] $Options = @{}) {
    $estimate = ($Rows | Measure-MammoPrediction @Options -WarningAction SilentlyContinue).AucEstimate
    if (-not $estimate.Preferred) { return '{0:0.000}' -f $estimate.Value }
    '{0:0.000} ({1:0.000} to {2:0.000})' -f $estimate.Value, $estimate.Preferred.Lower, $estimate.Preferred.Upper
}

# A film's score less half of the other breast's, brought back to 0..1; both films of a patient are in the same fold.
function Get-Difference($Score) {
    $other = @{}
    $Score | ForEach-Object { $other["$($known[$_.film].patient) $($known[$_.film].side)"] = [double]$_.score }
    foreach ($row in $Score) {
        $film = $known[$row.film]
        $partner = $other["$($film.patient) $($film.side -eq 'L' ? 'R' : 'L')"]
        [pscustomobject]@{ film = $row.film; score = ([double]$row.score - $partner / 2 + 0.5) / 1.5 }
    }
}

function Get-Mean($Score) {
    $Score | Group-Object film | ForEach-Object { [pscustomobject]@{ film = $_.Name; score = ($_.Group | Measure-Object score -Average).Average } }
}

# What mean grey value, standard deviation and area of the breast alone say: logistic regression on the films of the other folds, by gradient descent.
function Get-Guard($Score) {
    $fold = @{}
    $Score | ForEach-Object { $fold[$_.film] = $_.fold }
    foreach ($number in 1..5) {
        $train = @($known.Values | Where-Object { $fold[$_.film] -ne $number })
        $scale = foreach ($name in 'mean', 'deviation', 'area') { $train | Measure-Object $name -Average -StandardDeviation }
        $feature = { param($Film) 1.0; $scale | ForEach-Object { ([double]$Film.($_.Property) - $_.Average) / $_.StandardDeviation } }
        $samples = foreach ($film in $train) { , @((& $feature $film), [int]($film.label -eq 'pos')) }
        $weights = 0.0, 0.0, 0.0, 0.0
        foreach ($step in 1..100) {
            $gradient = 0.0, 0.0, 0.0, 0.0
            foreach ($sample in $samples) {
                $x = $sample[0]
                $residual = 1 / (1 + [Math]::Exp(-($weights[0] + $weights[1] * $x[1] + $weights[2] * $x[2] + $weights[3] * $x[3]))) - $sample[1]
                for ($i = 0; $i -lt 4; $i++) { $gradient[$i] += $residual * $x[$i] / $samples.Count }
            }
            for ($i = 0; $i -lt 4; $i++) { $weights[$i] -= 2 * $gradient[$i] }
        }
        foreach ($film in $known.Values | Where-Object { $fold[$_.film] -eq $number }) {
            $x = & $feature $film
            $sum = $weights[0] + $weights[1] * $x[1] + $weights[2] * $x[2] + $weights[3] * $x[3]
            [pscustomobject]@{ film = $film.film; score = 1 / (1 + [Math]::Exp(-$sum)) }
        }
    }
}

$all = Import-Csv $Scores
foreach ($method in $all | Group-Object method) {
    "$($method.Name):"
    $seeds = @($method.Group | Group-Object seed)
    foreach ($seed in $seeds) {
        $rows = New-Row $seed.Group
        '  seed {0}, {1} films: AUC {2}' -f $seed.Name, $seed.Count, (Get-Area $rows)
        if ($seed.Group[0].hits -ne '') {
            $located = ($seed.Group | ForEach-Object { [int]$known[$_.film].located } | Measure-Object -Sum).Sum
            $hits = ($seed.Group | Measure-Object hits -Sum).Sum
            '    highest peak on {0} of {1} lesions ({2:0%})' -f $hits, $located, ($hits / $located)
        }
        '    folds: {0}' -f (($seed.Group | Group-Object fold | ForEach-Object { '{0:0.000}' -f (New-Row $_.Group | Measure-MammoPrediction).Auc }) -join ' ')
    }
    $mean = @(Get-Mean $method.Group)
    '  mean of {0} seeds: AUC {1}' -f $seeds.Count, (Get-Area (New-Row $mean))
    '  less half of the other breast: {0}' -f (Get-Area (New-Row (Get-Difference $mean)))
    '  by patient, the higher of both films: {0}' -f (Get-Area (New-Row $mean) @{ By = 'Patient'; Aggregate = 'Max' })
    '  malignant against the rest: {0}' -f (Get-Area (New-Row $mean { $_.severity -match 'M' ? 'pos' : 'neg' }))
    foreach ($type in 'CALC', 'CIRC', 'SPIC', 'MISC', 'ARCH', 'ASYM') {
        $these = @($mean | Where-Object { $known[$_.film].abnormality -in $type, 'NORM' })
        $positive = @($these | Where-Object { $known[$_.film].label -eq 'pos' })
        $places = @($method.Group | Where-Object { $_.hits -ne '' -and $known[$_.film].abnormality -eq $type })
        $located = ($places | ForEach-Object { [int]$known[$_.film].located } | Measure-Object -Sum).Sum
        $hits = ($places | Measure-Object hits -Sum).Sum
        '  {0}, {1} films against normal ones: {2}, peaks on {3} of {4} (all seeds)' -f $type, $positive.Count, (Get-Area (New-Row $these)), $hits, $located
    }
    foreach ($tissue in 'F', 'G', 'D') {
        $these = @($mean | Where-Object { $known[$_.film].tissue -eq $tissue })
        '  tissue {0}, {1} films: {2}' -f $tissue, $these.Count, (Get-Area (New-Row $these))
    }
}

# Paired, on the films that both have.
$new = @(Get-Mean ($all | Where-Object { $_.method -ne 'before' }))
$before = @($all | Where-Object { $_.method -eq 'before' })
if ($before) {
    $same = @($new | Where-Object { $_.film -in $before.film })
    $auc = (Compare-MammoPrediction (New-Row $before) (New-Row $same) -WarningAction SilentlyContinue).Auc
    "the model before it, paired on $($same.Count) films of fold 1: $($auc | Out-String)"
}

$once = @($all | Where-Object { $_.method -ne 'before' } | Sort-Object film -Unique)
'mean, deviation and area of the breast alone: {0}' -f (Get-Area (New-Row (Get-Guard $once)))
