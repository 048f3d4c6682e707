#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $model = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Seed 1 -RescaleFactor 1 -FeaturewiseMean 52.18 |
        New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1
    1..6 | ForEach-Object { New-Pgm "./archive/$_.pgm" -Seed $_ }
    $null = New-MammoWorklist ./archive -Out ./run/worklist.jsonl
    $quiet = @{ LogSeconds = 0; WarningAction = 'Ignore' }
    $null = 0, 1 | ForEach-Object { Invoke-MammoWorklist ./run/worklist.jsonl $model -Out ./run/shards -Shard "$_/2" @quiet }
}

AfterAll { Pop-Location }

Describe 'Merge-MammoResult' {
    It 'writes a row for each image and says that it adds up' {
        $report = Merge-MammoResult ./run -Out ./scores.csv
        $report.In, $report.Scored, $report.Refused, $report.Missing, $report.AddsUp | Should -Be 6, 6, 0, 0, $true
        $rows = Import-Csv ./scores.csv
        $rows | Should -HaveCount 6
        $rows.Identity | Should -Be @($rows.Identity | Sort-Object -Culture '')
        Get-View $report | Should -Match '(?m)^AddsUp\s+: True'
        "$report" | Should -BeLike '6 images in: 6 scored, 0 refused, 0 missing;*'
    }

    It 'merges to the same again, with -Force alone, and writes nothing with -WhatIf' {
        $null = Merge-MammoResult ./run -Out ./again.csv
        $before = Get-Tree ./
        Get-ErrorId { Merge-MammoResult ./run -Out ./again.csv } | Should -Be 'Mammo.FileExists'
        Merge-MammoResult ./run -Out ./whatif.csv -WhatIf
        $null = Merge-MammoResult ./run -Out ./again.csv -Force
        Get-Tree ./ | Should -Be $before
    }

    It 'writes JSON lines and Parquet by the name, or the format' {
        $null = Merge-MammoResult ./run -Out ./scores.jsonl
        (Get-Content ./scores.jsonl | ConvertFrom-Json).Score | Should -Be ([double[]] (Import-Csv ./scores.csv).Score)
        $null = Merge-MammoResult ./run -Out ./scores.parquet
        [Text.Encoding]::ASCII.GetString([IO.File]::ReadAllBytes("$PWD/scores.parquet")[0..3]) | Should -Be 'PAR1'
        $null = Merge-MammoResult ./run -Out ./scores.data -Format Parquet
        (Get-FileHash ./scores.data).Hash | Should -Be (Get-FileHash ./scores.parquet).Hash
    }

    It 'is an error when images are missing, or a warning when that is wanted' {
        $null = New-Item ./part/shards -ItemType Directory -Force
        Copy-Item ./run/worklist.jsonl ./part
        Copy-Item ./run/shards/0000-of-0002.*.jsonl ./part/shards
        Get-ErrorId { Merge-MammoResult ./part -Out ./part.csv } | Should -Be 'Mammo.ResultsIncomplete'
        $report = Merge-MammoResult ./part -Out ./part.csv -ErrorAction SilentlyContinue -ErrorVariable failure 2>$null | Select-Object -First 1
        Test-Path ./part.csv | Should -BeFalse
        Get-WarningId { Merge-MammoResult ./part -Out ./part.csv -Partial } | Should -Be 'Mammo.ResultsIncomplete'
        Import-Csv ./part.csv | Should -Not -BeNullOrEmpty
        (Merge-MammoResult ./part -Out ./part.csv -Partial -Force -WarningAction Ignore).MissingExamples | Should -Not -BeNullOrEmpty
    }

    It 'names what is damaged' {
        Copy-Item ./run ./damaged -Recurse
        $file = (Get-ChildItem ./damaged/shards/0000-of-0002.*.jsonl)[0]
        $text = [IO.File]::ReadAllText($file)
        [IO.File]::WriteAllText($file, $text.Substring(0, $text.Length - 100))
        Get-WarningId { try { Merge-MammoResult ./damaged -Out ./damaged.csv } catch { $_.FullyQualifiedErrorId | Should -Match "^Mammo.ResultsIncomplete" } } | Should -Be 'Mammo.ResultDamaged'
        $null = Invoke-MammoWorklist ./damaged/worklist.jsonl $model -Out ./damaged/shards -Shard 0/2 @quiet
        (Merge-MammoResult ./damaged -Out ./damaged.csv).AddsUp | Should -BeTrue
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.FileNotFound'; Name = 'a folder without a list'; Script = { Merge-MammoResult ./archive -Out ./x.csv } }
        @{ Id = 'Mammo.FileNotFound'; Name = 'a folder that is missing'; Script = { Merge-MammoResult ./missing -Out ./x.csv } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a negative tolerance'; Script = { Merge-MammoResult ./run -Out ./x.csv -Tolerance -1 } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
