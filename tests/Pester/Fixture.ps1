# Dot-sourced by each suite's BeforeAll. Mammo is imported once a process, however many suites run in it.

$repository = (Resolve-Path (Join-Path $PSScriptRoot '../..')).ProviderPath
if (-not (Get-Module Mammo)) {
    Import-Module (Join-Path $repository 'Mammo.psd1')
}
$manifest = Join-Path (Get-Module Mammo).ModuleBase 'Mammo.psd1'

# Writes small films of 16 bits: the six mammograms of examples/data and, from the seventh on, the same at another size, so that no two have the same pixels.
function New-Film([string[]] $Path) {
    $mammograms = (Get-ChildItem (Join-Path $repository 'examples/data/*.png') | Sort-Object Name).FullName
    for ($i = 0; $i -lt $Path.Count; $i += 6) {
        $names = $Path[$i..([Math]::Min($i + 5, $Path.Count - 1))]
        $null = Convert-MammoImage $mammograms[0..($names.Count - 1)] $TestDrive/new -ImageSize $(if ($i -eq 0) { 160, 128 } else { 192, 144 }) -Force
        for ($j = 0; $j -lt $names.Count; $j++) {
            $null = New-Item (Split-Path $names[$j]) -ItemType Directory -Force
            Move-Item -LiteralPath (Join-Path $TestDrive new (Split-Path $mammograms[$j] -Leaf)) $names[$j] -Force
        }
    }
}

# Writes a grey image of 8 bits in the format PGM: one value everywhere, or noise of a seed that is brighter in one half.
function New-Pgm([string] $Path, [int] $Height = 64, [int] $Width = 64, [int] $Value, [int] $Seed, [switch] $IsBrightBelow) {
    $pixels = [byte[]]::new($Height * $Width)
    if ($PSBoundParameters.ContainsKey('Value')) {
        [Array]::Fill($pixels, [byte] $Value)
    }
    else {
        [Random]::new($Seed).NextBytes($pixels)
        $half = [byte[]]::new($pixels.Count / 2)
        [Array]::Fill($half, [byte] 40)
        $half.CopyTo($pixels, $(if ($IsBrightBelow) { 0 } else { $half.Count }))
        $pixels[0] = $pixels[-1] = 255
    }
    $file = New-Item $Path -ItemType File -Force
    [IO.File]::WriteAllBytes($file.FullName, [byte[]] ([Text.Encoding]::ASCII.GetBytes("P5`n$Width $Height`n255`n") + $pixels))
}

# Parameters of several tables; a later table wins.
function Join-Table {
    $all = @{}
    foreach ($table in $args) {
        foreach ($key in $table.Keys) {
            $all[$key] = $table[$key]
        }
    }
    $all
}

# Ids of the errors that a script writes, or of the one that ends it; of a refused argument that at the end of its message, for PowerShell gives these ids of its own.
function Get-ErrorId([scriptblock] $Script) {
    $id = { if ($_.FullyQualifiedErrorId -like 'ParameterArgument*' -and "$_" -match '\[(Mammo\.\w+)\]$') { $Matches[1] } else { ($_.FullyQualifiedErrorId -split ',')[0] } }
    try {
        & $Script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | ForEach-Object $id
    }
    catch {
        $_ | ForEach-Object $id
    }
}

# Ids of the warnings that a script writes; the whole text of one that has none.
function Get-WarningId([scriptblock] $Script) {
    & $Script 3>&1 | Where-Object { $_ -is [Management.Automation.WarningRecord] } |
        ForEach-Object { if ($_.Message -match '\[(Mammo\.\w+)\]$') { $Matches[1] } else { $_.Message } }
}

# Every file below a folder with its content, for a comparison of before and after.
function Get-Tree([string] $Path) {
    if (Test-Path -LiteralPath $Path) {
        $root = (Get-Item -LiteralPath $Path).FullName
        Get-ChildItem -LiteralPath $root -Recurse -File | Sort-Object FullName |
            ForEach-Object { "$([IO.Path]::GetRelativePath($root, $_.FullName)) $((Get-FileHash -LiteralPath $_.FullName).Hash)" }
    }
}

# What a person sees, at a width at which no column is left out.
function Get-View($InputObject) {
    ($InputObject | Out-String -Width 200) -replace '\e\[[\d;]*m'
}

# What tab completion offers at the end of a text.
function Get-Completion([string] $Text) {
    (TabExpansion2 $Text $Text.Length).CompletionMatches.CompletionText
}

# Lines that a script writes in a session of its own, with Mammo's manifest in $manifest: what .NET has loaded stays, so that tests of loading need one. What runs
# these tests may be a library that 'dotnet' runs. A variable of the environment without value is taken away.
function Invoke-NewSession([scriptblock] $Script, [hashtable] $Environment = @{}) {
    $program = (Get-Process -Id $PID).Path
    $library = @(if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] })
    $before = @{}
    foreach ($name in $Environment.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $Environment[$name])
    }
    try {
        & $program @library -NoProfile -NonInteractive -Command "`$manifest = '$($manifest -replace "'", "''")'; $Script" 2>&1 | ForEach-Object { "$_" }
    }
    finally {
        foreach ($name in $before.Keys) {
            [Environment]::SetEnvironmentVariable($name, $before[$name])
        }
    }
}
