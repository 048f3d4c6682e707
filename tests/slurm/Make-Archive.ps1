#Requires -Version 7.6

# Small DICOM and PNG files, no two with the same pixels, and a model that scores them fast enough for a test and slowly enough to be killed.
param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [string] $Repository, [int] $Count = 2000)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Mammo)) { Import-Module "$Repository/Mammo.psd1" }
$random = [Random]::new(1)
$half = [int] ($Count / 2)

# A file of the tests with other UIDs and other pixels: its last bytes are pixels.
$film = [IO.File]::ReadAllBytes("$Repository/tests/data/dicom/explicit-le.dcm")
$text = [Text.Encoding]::Latin1.GetString($film)
$uid = (Get-MammoImageInfo "$Repository/tests/data/dicom/explicit-le.dcm").SopInstanceUid
for ($i = 0; $i -lt $half; $i++) {
    $own = $uid.Substring(0, $uid.Length - 6) + (100000 + $i)
    $bytes = [Text.Encoding]::Latin1.GetBytes($text.Replace($uid, $own))
    for ($j = 0; $j -lt 40; $j++) { $bytes[$bytes.Length - 2000 + 20 * $j] = [byte] $random.Next(256) }
    $path = '{0}/archive/study{1:000}/IM{2:0000}' -f $Folder, [Math]::Floor($i / 20), $i
    if ($i % 20 -eq 0) { $null = New-Item (Split-Path $path) -ItemType Directory -Force }
    [IO.File]::WriteAllBytes($path, $bytes)
}

$null = New-Item "$Folder/pgm" -ItemType Directory -Force
$pixels = [byte[]]::new(96 * 80)
for ($i = 0; $i -lt $Count - $half; $i++) {
    $random.NextBytes($pixels)
    [Array]::Clear($pixels, 0, 2000)
    $pixels[0] = 255
    [IO.File]::WriteAllBytes(('{0}/pgm/{1:0000}.pgm' -f $Folder, $i), [byte[]] ([Text.Encoding]::ASCII.GetBytes("P5`n80 96`n255`n") + $pixels))
}
$null = Convert-MammoImage "$Folder/pgm/*.pgm" "$Folder/archive/png" -WarningAction Ignore
Remove-Item "$Folder/pgm" -Recurse

# One of them is no image any more, and two are copies.
Set-Content "$Folder/archive/png/0000.png" 'no picture'
Copy-Item "$Folder/archive/png/0001.png" "$Folder/archive/png/copy.png"
Copy-Item "$Folder/archive/study000/IM0001" "$Folder/archive/study000/COPY"

# Large enough for a time limit of a minute to come before a fifth of the images is done.
New-PatchModel vgg16 -WidthMultiplier 0.0625 -Seed 1 -RescaleFactor 1 -FeaturewiseMean 52.18 |
    New-WholeImageModel -ImageSize 576, 448 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1 | Export-MammoModel "$Folder/model.safetensors"
New-MammoWorklist "$Folder/archive" -Out "$Folder/run/worklist.jsonl" | Format-List
