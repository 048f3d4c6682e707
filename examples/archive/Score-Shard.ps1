<#
.SYNOPSIS
Scores a share of a worklist: what each task of the schedulers' templates in this folder runs. For research only.

.DESCRIPTION
Ends with 0 when the shard is finished, with 143 when a signal stopped it (there is more to do), and with 1 after an error.

.PARAMETER Worklist
The worklist (New-MammoWorklist).

.PARAMETER Model
A model file, or the name of a model that comes with Mammo.

.PARAMETER Out
Folder of the results, which all tasks share.

.PARAMETER Shard
Number of the shard, and how many there are.

.PARAMETER Root
Folder of the archive on this machine, where it is not the one that the worklist was made of.

.PARAMETER Staging
Folder on a disk of the node, where results are kept until the task ends.

.PARAMETER Spread
Seconds over which tasks that start together are spread, so that a thousand of them do not open the same weights at once.

.PARAMETER Option
Further parameters of Invoke-MammoWorklist.

.EXAMPLE
./examples/archive/Score-Shard.ps1 -Worklist ./run/worklist.jsonl -Model mini-mias -Out ./run/shards -Shard 0/8 -Option @{ Augment = $true }
#>

#Requires -Version 7.6

param(
    [Parameter(Mandatory)] [string] $Worklist,
    [Parameter(Mandatory)] [string] $Model,
    [Parameter(Mandatory)] [string] $Out,
    [string] $Shard = '0/1',
    [string] $Root,
    [string] $Staging,
    [int] $Spread = 0,
    [hashtable] $Option = @{}
)

$ErrorActionPreference = 'Stop'
if ($Spread -gt 0) { Start-Sleep -Seconds (Get-Random -Maximum $Spread) }
if (-not (Get-Module Mammo)) { Import-Module "$PSScriptRoot/../../Mammo.psd1" }

$where = @{}
if ($Root) { $where.Root = $Root }
if ($Staging) { $where.Staging = $Staging }
$null = Invoke-MammoWorklist $Worklist -Model $Model -Out $Out -Shard $Shard @where @Option
