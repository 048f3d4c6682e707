#Requires -Version 7.6

# The merged scores against those of Invoke-MammoPredict on the same files: every image once, every score bit for bit.
param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [string] $Repository)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$Repository/Mammo.psd1" }
$clock = [Diagnostics.Stopwatch]::StartNew()
$report = Merge-MammoResult "$Folder/run" -Out "$Folder/scores.csv" -Force
"merged in {0:0.0} s" -f $clock.Elapsed.TotalSeconds
$report | Format-List
$clock.Restart()
$model = Import-MammoModel -LiteralPath "$Folder/model.safetensors"
$plain = @{}
Get-ChildItem "$Folder/archive" -Recurse -File | Invoke-MammoPredict $model -WarningAction Ignore -ErrorAction SilentlyContinue -ErrorVariable refused |
    ForEach-Object { $plain[$_.Path] = $_.Score }
"Invoke-MammoPredict: {0} scores, {1} refused, in {2:0.0} s" -f $plain.Count, $refused.Count, $clock.Elapsed.TotalSeconds
$rows = Import-Csv "$Folder/scores.csv"
$wrong = foreach ($row in $rows) {
    $score = $plain[$row.Path]
    if ($row.ErrorId) { if ($null -ne $score) { $row } }
    elseif ([BitConverter]::DoubleToInt64Bits([double]::Parse($row.Score, [cultureinfo]::InvariantCulture)) -ne [BitConverter]::DoubleToInt64Bits($score)) { $row }
}
$twice = @($rows | Group-Object Path | Where-Object Count -GT 1)
$missing = $plain.Count + $refused.Count - $report.Copies - $rows.Count
"{0} rows; {1} differ from Invoke-MammoPredict, {2} twice, {3} missing, {4} refused" -f $rows.Count, @($wrong).Count, $twice.Count, $missing, $report.Refused
if ($wrong -or $twice -or $missing -or -not $report.AddsUp) { exit 1 }
