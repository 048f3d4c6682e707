#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Seed 1 -Class background, ben, mal -RescaleFactor 0.003891 -FeaturewiseMean 52.18
    $top = $patch | New-WholeImageModel -ImageSize 288, 256 -HeatmapPooling TopK -Class $patch.Classes
    $plain = $patch | New-WholeImageModel -ImageSize 288, 256 -TopDepth 8 -TopRepetition 1
    New-Film './film.png', './other.png'
    $set = Import-MammoDataset (New-Item ./list.csv -Value "path,label`nfilm.png,pos`n") -Class neg, pos -WarningAction Ignore
}

AfterAll { Pop-Location }

Describe 'Get-MammoHeatmap' {
    It 'takes <Name>' -ForEach @(
        @{ Name = 'file names from the pipeline'; Script = { './film.png' | Get-MammoHeatmap $top } }
        @{ Name = 'file objects from the pipeline'; Script = { Get-Item ./film.png | Get-MammoHeatmap -Model $top } }
        @{ Name = 'wildcards'; Script = { Get-MammoHeatmap $top -Path './fil*.png' } }
        @{ Name = 'literal paths'; Script = { Get-MammoHeatmap $top -LiteralPath ./film.png } }
        @{ Name = 'a dataset from the pipeline'; Script = { $set | Get-MammoHeatmap $top } }
        @{ Name = 'a dataset beside a model from the pipeline'; Script = { $top | Get-MammoHeatmap -Test $set } }
        @{ Name = 'a patch classifier at every position'; Script = { './film.png' | Get-MammoHeatmap $patch -ImgSize 288, 256 } }
    ) {
        $heatmap = & $Script
        $heatmap.Path | Should -Be (Join-Path $TestDrive film.png)
        $heatmap.Rows, $heatmap.Columns, $heatmap.Classes.Count, "$($heatmap.Kind)" | Should -Be 3, 2, 3, 'Forward'
        $heatmap.Values | Should -Be ('./film.png' | Get-MammoHeatmap $top).Values
    }

    It 'tells values, peaks and places in the stored image' {
        $heatmap = './film.png' | Get-MammoHeatmap $top
        $heatmap.At(1, 1, 'mal') | Should -Be $heatmap.At(1, 1, 2)
        $heatmap.Peak('mal') | Should -Be $heatmap.Peaks[2]
        $heatmap.Peaks.Class | Should -Be $heatmap.Classes
        $heatmap.Peak('mal').Value | Should -Be (0..5 | ForEach-Object { $heatmap.Values[3 * $_ + 2] } | Measure-Object -Maximum).Maximum
        $place = $heatmap.Place(0, 0)
        $place.X | Should -BeGreaterThan 0
        $place.X | Should -BeLessThan 128
    }

    It 'sweeps the breast patch by patch' {
        $sweep = Get-MammoHeatmap $patch -LiteralPath ./film.png -Kind Sweep -TargetHeight 288 -PatchSize 64 -Stride 96 -TargetScale 255 -BatchSize 8
        "$($sweep.Kind)", $sweep.Geometry.PatchHeight, $sweep.Geometry.ColumnStride | Should -Be 'Sweep', 64, 96
        $sweep.Values.Count | Should -Be ($sweep.Rows * $sweep.Columns * 3)
    }

    It 'makes a heatmap for each model' {
        (Get-MammoHeatmap $patch, $top -Path ./film.png -ImageSize 288, 256).Model | Should -Be $patch.Name, $top.Name
    }

    It 'goes on after a bad image' {
        New-Pgm ./black.pgm 160 128 -Value 0
        Set-Content ./notes.txt 'no picture'
        $heatmaps = './black.pgm', './notes.txt', './film.png' | Get-MammoHeatmap $patch -Kind Sweep -PatchSize 64 -Stride 96 -ErrorAction SilentlyContinue -ErrorVariable failures
        $heatmaps.Path | Should -BeLike '*film.png'
        $failures | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] } | Should -Be 'Mammo.BreastNotFound', 'Mammo.ImageUnreadable'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.HeatmapImpossible'; Name = 'a model without a heatmap'; Script = { './film.png' | Get-MammoHeatmap $plain } }
        @{ Id = 'Mammo.HeatmapImpossible'; Name = 'an option of sweeps alone'; Script = { './film.png' | Get-MammoHeatmap $patch -PatchSize 64 } }
        @{ Id = 'Mammo.ModelOptionConflict'; Name = 'an image that is too small'; Script = { './film.png' | Get-MammoHeatmap $patch -ImageSize 128, 128 } }
        @{ Id = 'Mammo.ModelInputMismatch'; Name = 'a size that is not the network''s'; Script = { './film.png' | Get-MammoHeatmap $top -ImageSize 64, 64 } }
        @{ Id = 'Mammo.SweepImpossible'; Name = 'patches larger than the image'; Script = {
                './film.png' | Get-MammoHeatmap $patch -Kind Sweep -PatchSize 64 -TargetHeight 8 -Stride 10000
            }
        }
        @{ Id = 'Mammo.FileNotFound'; Name = 'a path that is missing'; Script = { Get-MammoHeatmap $top -LiteralPath ./missing.png } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }

    It 'is shown with its peaks, and peaks as a table' {
        $heatmap = './film.png' | Get-MammoHeatmap $top
        Get-View $heatmap | Should -Match 'Image\s+Kind\s+Positions\s+Peaks\s+Warning\s+[-\s]+film\.png\s+Forward\s+3x2'
        Get-View $heatmap.Peaks | Should -Match 'Image\s+Class\s+Value\s+Row\s+Column\s+X\s+Y'
    }
}
