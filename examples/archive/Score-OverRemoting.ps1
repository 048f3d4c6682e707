<#
.SYNOPSIS
Scores a worklist on several machines by PowerShell remoting, without a scheduler. For research only.

.DESCRIPTION
Each machine takes shards one after the other until none is left; the machines share the folder of the run. Given again after an interruption, it goes on.

.PARAMETER ComputerName
The machines, reached by SSH (New-PSSession -HostName). Without any, the shards are scored here, in processes of their own.

.PARAMETER Worklist
The worklist, by its path on the machines.

.PARAMETER Model
A model file by its path there, or the name of a model that comes with Mammo.

.PARAMETER Out
Folder of the results, by its path there.

.PARAMETER Shard
How many shards; several for each process, so that fast machines do more.

.PARAMETER Process
Processes at the same time on each machine; docs/archive.md says when more than one is faster.

.PARAMETER Script
Score-Shard.ps1, by its path on the machines.

.PARAMETER PowerShell
What runs PowerShell there, with arguments that come first.

.PARAMETER Option
Further parameters of Invoke-MammoWorklist, as PowerShell text.

.EXAMPLE
./examples/archive/Score-OverRemoting.ps1 -ComputerName node1, node2 -Worklist /data/run/worklist.jsonl -Model /data/hybrid.safetensors -Out /data/run/shards
#>

#Requires -Version 7.6

param(
    [string[]] $ComputerName = @(),
    [Parameter(Mandatory)] [string] $Worklist,
    [Parameter(Mandatory)] [string] $Model,
    [Parameter(Mandatory)] [string] $Out,
    [int] $Shard = 64,
    [int] $Process = 1,
    [string] $Script = "$PSScriptRoot/Score-Shard.ps1",
    [string[]] $PowerShell = @('pwsh'),
    [string] $Option = '@{}'
)

$ErrorActionPreference = 'Stop'
# As text, which is what another runspace or machine can be given.
$work = {
    param($PowerShell, $Script, $Worklist, $Model, $Out, $Shard, $Option)
    $command = "& '$Script' -Worklist '$Worklist' -Model '$Model' -Out '$Out' -Shard '$Shard' -Option $Option"
    $first = @($PowerShell | Select-Object -Skip 1)
    & $PowerShell[0] @first -NoProfile -Command $command | Out-Host
    [pscustomobject]@{ Shard = $Shard; ExitCode = $LASTEXITCODE; Machine = [Environment]::MachineName }
}.ToString()

# A queue of shards, and a slot for each process of each machine.
$queue = [Collections.Concurrent.ConcurrentQueue[string]]::new([string[]] (0..($Shard - 1) | ForEach-Object { "$_/$Shard" }))
$slots = if ($ComputerName) { $ComputerName * $Process } else { @('') * $Process }
$results = $slots | ForEach-Object -ThrottleLimit $slots.Count -Parallel {
    $work = [scriptblock]::Create($using:work)
    $queue = $using:queue
    $session = if ($_) { New-PSSession -HostName $_ }
    $next = $null
    while ($queue.TryDequeue([ref] $next)) {
        $all = [object[]] (, [string[]] $using:PowerShell + $using:Script, $using:Worklist, $using:Model, $using:Out, $next, $using:Option)
        if ($session) { Invoke-Command -Session $session -ScriptBlock $work -ArgumentList $all } else { & $work @all }
    }
    if ($session) { Remove-PSSession $session }
}
$results
$failed = @($results | Where-Object ExitCode -NE 0)
if ($failed) {
    Write-Error "$($failed.Count) of $Shard shards were not finished: $($failed.Shard -join ', '). Run the script again."
}
