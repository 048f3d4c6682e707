#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    # Ten patients of two films each, every second one positive.
    Set-Content ./films.csv (@('path,label,patient') + (0..9 | ForEach-Object { "a$_.png,$(('neg', 'pos')[$_ % 2]),P$_"; "b$_.png,$(('neg', 'pos')[$_ % 2]),P$_" }))
    $films = Import-MammoDataset ./films.csv -Class neg, pos
}

AfterAll { Pop-Location }

Describe 'Split-MammoDataset' {
    It 'deals patients into shares' {
        $parts = $films | Split-MammoDataset -By Patient -Share 0.6, 0.2, 0.2 -Seed 1
        $parts | ForEach-Object Count | Should -Be 12, 4, 4
        $patients = $parts | ForEach-Object { $_.Images.Patient | Select-Object -Unique }
        $patients | Should -HaveCount 10
        $patients | Select-Object -Unique | Should -HaveCount 10
    }

    It 'gives every part its share of each class with -Stratify' {
        $parts = Split-MammoDataset $films -Share 0.6, 0.4 -Stratify
        $parts[0].ClassCounts | Should -Be 6, 6
        $parts[1].ClassCounts | Should -Be 4, 4
    }

    It 'makes folds of one size' {
        $films | Split-MammoDataset -Fold 5 | ForEach-Object Count | Should -Be 4, 4, 4, 4, 4
    }

    It "repeats the original's split" {
        $films | Split-MammoDataset -OriginalValidationShare 0.2 | ForEach-Object Count | Should -Be 16, 4
    }

    It 'gives the same parts for the same seed, whatever the order of the images' {
        $reversed = Import-Csv ./films.csv
        [Array]::Reverse($reversed)
        $reversed | Export-Csv ./reversed.csv
        $one = $films | Split-MammoDataset -Fold 2 -Seed 7
        $two = Import-MammoDataset ./reversed.csv -Class neg, pos | Split-MammoDataset -Fold 2 -Seed 7
        $other = $films | Split-MammoDataset -Fold 2 -Seed 8
        ($two[0].Images.Path | Sort-Object) | Should -Be ($one[0].Images.Path | Sort-Object)
        ($other[0].Images.Path | Sort-Object) -join ';' | Should -Not -Be (($one[0].Images.Path | Sort-Object) -join ';')
    }

    It 'keeps a split in a file and uses it again' {
        $parts = $films | Split-MammoDataset -Fold 2 -SplitPath ./split.json
        $again = $films | Split-MammoDataset -FromSplit ./split.json
        $again[0].Images.Path | Should -Be $parts[0].Images.Path
        $again[1].Splits | Should -Be $parts[1].Splits
    }

    It 'takes a list or a folder by its name, and several datasets as one' {
        Split-MammoDataset ./films.csv -Fold 2 | ForEach-Object Count | Should -Be 10, 10
        $rest = $films | Split-MammoDataset -Fold 5
        Split-MammoDataset $rest[1..4] -Fold 2 | ForEach-Object Count | Should -Be 8, 8
    }

    It 'writes no file with -WhatIf' {
        $null = $films | Split-MammoDataset -Fold 2 -SplitPath ./none.json -WhatIf
        './none.json' | Should -Not -Exist
    }

    It 'replaces a file only with -Force' {
        $null = $films | Split-MammoDataset -Fold 2 -SplitPath ./twice.json
        Get-ErrorId { $films | Split-MammoDataset -Fold 3 -SplitPath ./twice.json } | Should -Be 'Mammo.FileExists'
        $films | Split-MammoDataset -Fold 3 -SplitPath ./twice.json -Force | Should -HaveCount 3
    }

    It 'warns of images without a patient, and keeps them in -FindingVariable' {
        Set-Content ./lone.csv (@(Get-Content ./films.csv) + 'lone.png,neg,')
        $with = Import-MammoDataset ./lone.csv -Class neg, pos
        Get-WarningId { $with | Split-MammoDataset -Fold 2 } | Should -Be 'Mammo.PatientMissing'
        $null = $with | Split-MammoDataset -Fold 2 -FindingVariable findings -WarningAction Ignore
        $findings.Id | Should -Be 'Mammo.PatientMissing'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.SplitImpossible'; Name = 'shares that do not add up'; Script = { $films | Split-MammoDataset -Share 0.6, 0.2 } }
        @{ Id = 'Mammo.SplitImpossible'; Name = 'more folds than patients'; Script = { $films | Split-MammoDataset -Fold 11 } }
        @{ Id = 'Mammo.FileNotFound'; Name = 'a split that is missing'; Script = { $films | Split-MammoDataset -FromSplit ./missing.json } }
        @{ Id = 'Mammo.SplitFileInvalid'; Name = 'a split that was changed'; Script = {
                $null = $films | Split-MammoDataset -Fold 2 -SplitPath ./changed.json -Force
                (Get-Content ./changed.json -Raw) -replace 'P1', 'P2' | Set-Content ./changed.json
                $films | Split-MammoDataset -FromSplit ./changed.json
            }
        }
        @{ Id = 'AmbiguousParameterSet'; Name = 'shares and folds at once'; Script = { $films | Split-MammoDataset -Fold 2 -Share 0.5, 0.5 } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'one fold'; Script = { $films | Split-MammoDataset -Fold 1 } }
        @{ Id = 'Mammo.DatasetInvalid'; Name = 'datasets of different classes'; Script = {
                Set-Content ./other.csv 'path,label,patient', 'x.png,benign,P1', 'y.png,normal,P2'
                Split-MammoDataset $films, (Import-MammoDataset ./other.csv) -Fold 2
            }
        }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
