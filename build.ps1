<#
.SYNOPSIS
Builds, tests, packages or cleans Mammo. Each task is one 'dotnet' command, which does the same without PowerShell.

.PARAMETER Task
Build    dotnet build
Test     dotnet test
Package  dotnet build src/Mammo.PowerShell -t:PackageModule    (NuGet packages in artifacts/: scoring, and with libtorch)
Help     dotnet run --project build/Help    (writes en-US/Mammo.PowerShell.dll-Help.xml from the code and docs/cmdlets)
Clean    dotnet clean

.PARAMETER Configuration
Debug or Release.

.PARAMETER Torch
Which libtorch the module gets: cpu, cuda-windows, cuda-linux, or none (named by MAMMO_LIBTORCH at run time).

.EXAMPLE
./build.ps1 Build, Test

.EXAMPLE
./build.ps1 Package -Torch cuda-linux
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Help', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [ValidateSet('cpu', 'cuda-windows', 'cuda-linux', 'none')]
    [string] $Torch = 'cpu'
)

$ErrorActionPreference = 'Stop'
$solution = Join-Path $PSScriptRoot 'Mammo.sln'
$module = Join-Path $PSScriptRoot 'src/Mammo.PowerShell'

foreach ($name in $Task) {
    switch ($name) {
        'Build' { dotnet build $solution --configuration $Configuration "-p:MammoTorch=$Torch" }
        'Test' { dotnet test $solution --configuration $Configuration "-p:MammoTorch=$Torch" }
        'Package' { dotnet build $module --configuration $Configuration "-p:MammoTorch=$Torch" -t:PackageModule }
        'Help' { dotnet run --project (Join-Path $PSScriptRoot 'build/Help') --configuration $Configuration "-p:MammoTorch=$Torch" }
        'Clean' { dotnet clean $solution --configuration $Configuration }
    }
    if ($LASTEXITCODE -ne 0) {
        throw "$name failed: dotnet ended with exit code $LASTEXITCODE."
    }
}
