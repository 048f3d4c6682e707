#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film './a.png', './b.png', './other/a.png'
    $patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class background, lesion -Seed 1 -RescaleFactor 0.003891 -FeaturewiseMean 60
    $map = Get-MammoHeatmap $patch -Path ./a.png -WarningAction Ignore
    $map | Export-MammoHeatmap ./out -PixelSpacing 0.4
    $json = Get-Content ./out/a.json -Raw | ConvertFrom-Json
}

AfterAll { Pop-Location }

Describe 'Export-MammoHeatmap' {
    It 'writes four files an image' {
        (Get-ChildItem ./out).Name | Sort-Object | Should -Be 'a.json', 'a.map.png', 'a.npy', 'a.overlay.png'
    }

    It 'keeps every value in the numpy file, and those of the class in 16 bits' {
        $bytes = [IO.File]::ReadAllBytes("$PWD/out/a.npy")
        [Text.Encoding]::ASCII.GetString($bytes, 1, 5) | Should -Be 'NUMPY'
        $start = 10 + [BitConverter]::ToUInt16($bytes, 8)
        $start % 64 | Should -Be 0
        [Text.Encoding]::ASCII.GetString($bytes, 10, 100) | Should -Match "'descr': '<f4', 'fortran_order': False, 'shape': \($($map.Rows), $($map.Columns), 2\)"
        $bytes.Count | Should -Be ($start + 4 * $map.Values.Length)
        $row, $column = [int] ($map.Rows / 2), [int] ($map.Columns / 2)
        [BitConverter]::ToSingle($bytes, $start + 4 * ((($row * $map.Columns) + $column) * 2 + 1)) | Should -Be $map.At($row, $column, 'lesion')
        $header = [IO.File]::ReadAllBytes("$PWD/out/a.map.png")
        $header[19], $header[23], $header[24] | Should -Be $map.Columns, $map.Rows, 16
    }

    It 'says where each position lies in the stored image' {
        $json.shownClass, $json.isProbability, $json.pixelSpacing | Should -Be 'lesion', $true, 0.4
        foreach ($place in @(0, 0), @(($map.Rows - 1), 2)) {
            $x = $json.affine[0][0] * $place[1] + $json.affine[0][1] * $place[0] + $json.affine[0][2]
            $y = $json.affine[1][0] * $place[1] + $json.affine[1][1] * $place[0] + $json.affine[1][2]
            [Math]::Abs($x - $map.Place($place[0], $place[1]).X) + [Math]::Abs($y - $map.Place($place[0], $place[1]).Y) | Should -BeLessThan 1e-9
        }
        [float] $json.percentiles.'100' | Should -Be $map.Peak('lesion').Value
        $json.formula | Should -Match 'softmax'
    }

    It 'draws the map: another class is another picture, a constant one has no contours' {
        $map | Export-MammoHeatmap ./background -Class background -PixelSpacing 0.4
        (Get-FileHash ./background/a.overlay.png).Hash | Should -Not -Be (Get-FileHash ./out/a.overlay.png).Hash
        (Get-Content ./background/a.json -Raw | ConvertFrom-Json).shownClass | Should -Be 'background'
        $map | Export-MammoHeatmap ./again -PixelSpacing 0.4
        (Get-FileHash ./again/a.overlay.png).Hash | Should -Be (Get-FileHash ./out/a.overlay.png).Hash
        $map | Export-MammoHeatmap ./bare
        (Get-FileHash ./bare/a.overlay.png).Hash | Should -Not -Be (Get-FileHash ./out/a.overlay.png).Hash
    }

    It 'has an id for <Name>, and goes on' -ForEach @(
        @{ Name = 'files that exist'; Given = { $map }; Target = './out'; Id = 'Mammo.FileExists' }
        @{ Name = 'two images of one name'; Given = { Get-MammoHeatmap $patch -Path ./a.png, ./other/a.png -WarningAction Ignore }; Target = './twice'; Id = 'Mammo.ConversionTargetTaken' }
        @{ Name = 'a class that is not there'; Given = { $map }; Target = './none'; Options = @{ Class = 'mass' }; Id = 'Mammo.ModelClassMismatch' }
    ) {
        $Options ??= @{}
        Get-ErrorId { & $Given | Export-MammoHeatmap $Target @Options } | Should -Be $Id
    }

    It 'refuses an image that is another one now' {
        $b = Get-MammoHeatmap $patch -Path ./b.png -WarningAction Ignore
        New-Pgm ./new.pgm -Value 7
        Move-Item ./new.pgm ./b.png -Force
        Get-ErrorId { $b | Export-MammoHeatmap ./changed } | Should -Be 'Mammo.ImageUnreadable'
        Test-Path ./changed/b.json | Should -BeFalse
    }
}
