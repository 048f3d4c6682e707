<#
.SYNOPSIS
Adds a task for each shard to the Azure Batch job of azure-batch.json; run by its job manager task. For research only.

.DESCRIPTION
The pool's nodes mount the archive and the run's folder (mountConfiguration of the pool), and hold PowerShell 7.6 and Mammo in /opt/mammo. A task that Batch
preempts or whose node is lost is run again and goes on; so is one that ends with another code than 0, up to maxTaskRetryCount.

.PARAMETER Shard
How many shards there are.

.PARAMETER WhatIf
Shows the tasks and adds none.
#>

#Requires -Version 7.6

[CmdletBinding(SupportsShouldProcess)]
param([int] $Shard = $env:MAMMO_SHARDS)

$ErrorActionPreference = 'Stop'
$tasks = foreach ($index in 0..($Shard - 1)) {
    $script = "& /opt/mammo/examples/archive/Score-Shard.ps1 -Worklist `$env:MAMMO_RUN/worklist.jsonl -Model `$env:MAMMO_RUN/hybrid.safetensors " +
        "-Out `$env:MAMMO_RUN/shards -Root `$env:MAMMO_ROOT -Spread 60 -Shard $index/$Shard"
    @{ id = "shard-$index"; commandLine = "pwsh -NoProfile -Command `"$script`""; constraints = @{ maxTaskRetryCount = 20 } }
}

# At most 100 tasks in one request.
for ($first = 0; $first -lt $tasks.Count; $first += 100) {
    $body = @{ value = @($tasks[$first..([Math]::Min($first + 99, $tasks.Count - 1))]) } | ConvertTo-Json -Depth 5
    $uri = "$env:AZ_BATCH_ACCOUNT_URL/jobs/$env:AZ_BATCH_JOB_ID/addtaskcollection?api-version=2024-07-01.20.0"
    if ($PSCmdlet.ShouldProcess($uri, "Add tasks $first and following")) {
        $null = Invoke-RestMethod $uri -Method Post -Body $body -ContentType 'application/json; odata=minimalmetadata' `
            -Headers @{ Authorization = "Bearer $env:AZ_BATCH_AUTHENTICATION_TOKEN" }
    }
    else {
        $body
    }
}
