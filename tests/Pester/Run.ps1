<#
.SYNOPSIS
Runs the suites of this folder in one process, and writes a line of JSON for every test.

.PARAMETER Suite
Names of suites; wildcards allowed.

.PARAMETER PesterModule
Pester's manifest; an installed Pester 6 unless set.

.PARAMETER ResultPath
The file of results; none is written unless set.

.EXAMPLE
dotnet test tests/Mammo.Tests --filter PesterTests

.EXAMPLE
Invoke-Pester tests/Pester/Invoke-MammoPredict.Tests.ps1
#>

#Requires -Version 7.6

param(
    [string[]] $Suite = '*',
    [string] $PesterModule = 'Pester',
    [string] $ResultPath
)

$ErrorActionPreference = 'Stop'
Import-Module $PesterModule -MinimumVersion 6.0

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Suite | ForEach-Object { "$PSScriptRoot/$_.Tests.ps1" }
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = if ($ResultPath) { 'None' } else { 'Normal' }
$configuration.TestRegistry.Enabled = $false
$run = Invoke-Pester -Configuration $configuration

# The message, and where in the suites it was; the rest of the stack is Pester's own.
function Get-Text($ErrorRecord) {
    foreach ($record in $ErrorRecord) {
        "$record"
        $record.ScriptStackTrace -split '\r?\n' | Where-Object { $_ -like "*$PSScriptRoot*" -and $_ -notlike "*$PSCommandPath*" }
    }
}

# What fails outside of tests (a file that cannot be read, BeforeAll, AfterAll) has no test to fail.
$failures = foreach ($part in @($run.FailedContainers) + @($run.FailedBlocks)) {
    [ordered]@{ File = Split-Path $(if ($part.Item) { $part.Item } else { $part.ScriptBlock.File }) -Leaf; Name = "$part"; Result = 'Failed'; Error = (Get-Text $part.ErrorRecord) -join "`n" }
}
$tests = foreach ($test in $run.Tests) {
    [ordered]@{
        File = Split-Path $test.ScriptBlock.File -Leaf
        Name = $test.ExpandedPath
        Result = $test.Result
        Error = if ($test.ErrorRecord) { (Get-Text $test.ErrorRecord) -join "`n" } else { 'It did not run.' }
        Seconds = $test.Duration.TotalSeconds
    }
}
if ($ResultPath) {
    @($failures) + @($tests) | ForEach-Object { $_ | ConvertTo-Json -Compress } | Set-Content -LiteralPath $ResultPath
}
elseif ($run.Result -ne 'Passed') {
    exit 1
}
