#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film './film0.png', './film1.png', './film2.png'
    # A circle in the middle of the brightest part of each film.
    Set-Content ./set.csv @'
path,label,patient,laterality,view,roi_x,roi_y,roi_radius,roi_type,pathology
film0.png,pos,P0,L,CC,40,80,12,mass,MALIGNANT
film1.png,neg,P1,L,CC,40,80,12,mass,BENIGN
film2.png,pos,P2,L,CC,90,80,12,mass,MALIGNANT
'@
    $set = Import-MammoDataset ./set.csv -Class neg, pos
    $options = @{ PatchSize = 32; Abnormality = 3; Background = 4; HardNegative = 2; Seed = 7 }
}

AfterAll { Pop-Location }

Describe 'New-MammoPatchSet' {
    It 'writes class folders, which are a dataset, and a record for each film' {
        $records = $set | New-MammoPatchSet ./patches @options
        $records.Name | Should -Be 'P0_L_CC', 'P1_L_CC', 'P2_L_CC'
        $records | ForEach-Object Count | Should -Be 7, 7, 7
        $records[0].Patches['malignant'], $records[0].Patches['background'] | Should -Be 3, 4
        $patches = Import-MammoDataset ./patches
        $patches.Classes | Should -Be 'background', 'benign', 'malignant'
        $patches.ClassCounts | Should -Be 12, 3, 6
    }

    It 'gives the same patches whatever the number of workers, and others for another seed' {
        $null = New-MammoPatchSet ./one -InputObject ./set.csv @options -WorkerCount 1
        $null = New-MammoPatchSet ./two -Dataset ./set.csv @options -WorkerCount 2
        Get-Tree ./two | Should -Be (Get-Tree ./one)
        $other = Join-Table $options @{ Seed = 8 }
        $null = $set | New-MammoPatchSet ./other @other
        (Get-Tree ./other) -join ';' | Should -Not -Be ((Get-Tree ./one) -join ';')
    }

    It 'makes one set of several datasets, with the classes asked for' {
        $records = $set | Split-MammoDataset -Fold 3 |
            New-MammoPatchSet ./joined -PatchSize 32 -Abnormality 1 -Background 1 -HardNegative 0 -Labelling Abnormality -ClassName @{ abnormal = 'lesion' }
        $records | Should -HaveCount 3
        (Import-MammoDataset ./joined).Classes | Should -Be 'background', 'lesion'
    }

    It "takes the original's names of options" {
        $records = $set | New-MammoPatchSet ./original -PatchSize 32 -NbAbn 2 -NbBkg 2 -NbHns 0 -PosCutoff 0.5 -NegCutoff 0.1 -TargetHeight 240 `
            -NoSegmentBreast -Compatibility Numpy12345 -RandomSeed 1 -NumCpuCores 1
        $records | ForEach-Object Count | Should -Be 4, 4, 4
    }

    It 'takes a share of the background outside the breast and on its edge, and leaves the other patches where they were' {
        $null = $set | New-MammoPatchSet ./inside -PatchSize 16 -Abnormality 1 -Background 4 -HardNegative 1 -NoSegmentation
        $records = $set | New-MammoPatchSet ./outside -PatchSize 16 -Abnormality 1 -Background 8 -HardNegative 1 -NoSegmentation -BackgroundOutside 0.5
        $records | ForEach-Object { "$($_.Outside) $($_.Edge) $($_.HardNegative)" } | Should -Be '2 2 1', '2 2 1', '2 2 1'
        $places = Import-Csv ./outside/patches.csv
        $places | Group-Object source | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" } |
            Should -Be 'background 9', 'edge 6', 'hard_negative 3', 'outside 6', 'roi 3'
        $before = Import-Csv ./inside/patches.csv | ForEach-Object { $_ | ConvertTo-Csv -NoHeader }
        $places | Where-Object source -In background, hard_negative, roi | ForEach-Object { $_ | ConvertTo-Csv -NoHeader } | Should -Be $before
    }

    It 'writes nothing with -WhatIf' {
        $set | New-MammoPatchSet ./none @options -WhatIf | Should -BeNullOrEmpty
        './none' | Should -Not -Exist
    }

    It 'replaces a set only with -Force' {
        $null = $set | New-MammoPatchSet ./twice @options
        $before = Get-Tree ./twice
        Get-ErrorId { $set | New-MammoPatchSet ./twice @options } | Should -Be 'Mammo.FileExists'
        $set | New-MammoPatchSet ./twice @options -Force -WhatIf | Should -BeNullOrEmpty
        Get-Tree ./twice | Should -Be $before
        $null = $set | New-MammoPatchSet ./twice -PatchSize 32 -Abnormality 1 -Background 1 -HardNegative 0 -Force
        (Import-MammoDataset ./twice).Count | Should -Be 6
    }

    It 'reports a bad film and goes on' {
        New-Pgm ./black.pgm -Value 0
        New-Pgm ./white.pgm -Value 255
        Set-Content ./bad.csv @'
path,label,patient,laterality,view,roi_x,roi_y,roi_radius,roi_type,pathology,roi_mask
black.pgm,pos,P4,L,CC,20,20,5,mass,MALIGNANT,
film0.png,pos,,L,CC,40,80,12,mass,MALIGNANT,
film1.png,pos,P5,L,CC,,,,mass,MALIGNANT,white.pgm
film2.png,pos,P6,L,CC,900,900,5,mass,MALIGNANT,
'@
        $records = Import-MammoDataset ./bad.csv -Class neg, pos -WarningAction Ignore |
            New-MammoPatchSet ./bad @options -ErrorAction SilentlyContinue -ErrorVariable failures
        $records | ForEach-Object { "$(Split-Path $_.Path -Leaf) $($_.Count) $([bool] "$($_.Warnings)")" } |
            Should -Be 'black.pgm 0 False', 'film0.png 7 False', 'film1.png 0 True', 'film2.png 0 True'
        $records[1].Name | Should -Be 'film0' -Because 'the file gives its name where there is no patient'
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -Match '^Mammo\.BreastNotFound,'
    }

    It 'has the id <Id> for <Name>, and writes nothing' -ForEach @(
        @{ Id = 'Mammo.PatchOptionInvalid'; Name = 'more hard negatives than background'; Script = { $set | New-MammoPatchSet ./never -Background 2 -HardNegative 5 } }
        @{ Id = 'Mammo.PatchOptionInvalid'; Name = 'an overlap that cannot be'; Script = { $set | New-MammoPatchSet ./never -PositiveCutoff 1 } }
        @{ Id = 'Mammo.PatchOptionInvalid'; Name = 'a share outside the breast as the original has none'; Script = { $set | New-MammoPatchSet ./never -BackgroundOutside 0.2 -Compatibility Numpy12345 } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a share above 1'; Script = { $set | New-MammoPatchSet ./never -BackgroundOutside 1.2 } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'patches of one pixel'; Script = { $set | New-MammoPatchSet ./never -PatchSize 1 } }
        @{ Id = 'Mammo.RowsContradict'; Name = 'a list whose rows contradict each other'; Script = {
                Set-Content ./torn.csv 'path,label,roi_x,roi_y,roi_radius', 'film0.png,pos,40,80,12', 'film0.png,neg,40,80,12'
                New-MammoPatchSet ./never -Dataset ./torn.csv
            }
        }
    ) {
        Get-ErrorId $Script | Should -Be $Id
        './never' | Should -Not -Exist
    }

    It 'is shown with the number of patches of each class' {
        Get-View ($set | New-MammoPatchSet ./shown @options) | Should -Match 'Name\s+Count\s+Patches\s+HardNegative\s+Cutoff\s+Problem'
    }
}
