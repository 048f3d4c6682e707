#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film './films/1.png', './films/2.png', './films/3.png', './films/4.png'
    Set-Content ./list.csv @'
path,label,patient,laterality,view,roi_x,roi_y,roi_radius,roi_type,pathology
films/1.png,pos,P1,L,CC,60,90,15,mass,MALIGNANT
films/1.png,pos,P1,L,CC,50,60,8,mass,BENIGN
films/2.png,neg,P1,R,CC,40,80,10,mass,BENIGN
films/3.png,neg,P2,L,CC,,,,,
films/4.png,pos,P3,L,MLO,40,80,10,calcification,MALIGNANT
'@
    $set = Import-MammoDataset ./list.csv -Class neg, pos
    function Get-Row($Set) {
        foreach ($image in $Set.Images) {
            $image.Path, $image.Class, $image.Patient, $image.Laterality, $image.View, $image.SampleWeight, ($image.Rois -join '&') -join '|'
        }
    }
}

AfterAll { Pop-Location }

Describe 'Export-MammoDataset' {
    It 'writes a list that gives the dataset back, with its regions' {
        $set | Export-MammoDataset ./lists/set.csv -WarningAction Ignore
        $back = Import-MammoDataset ./lists/set.csv -Class neg, pos
        Get-Row $back | Should -Be (Get-Row $set)
    }

    It 'writes several datasets as one' {
        $set | Split-MammoDataset -Fold 3 | Export-MammoDataset ./folds.csv -WarningAction Ignore
        (Import-MammoDataset ./folds.csv -Class neg, pos).Images.Path | Sort-Object | Should -Be ($set.Images.Path | Sort-Object)
    }

    It 'takes a list by its name' {
        Export-MammoDataset -Path ./named.csv -InputObject ./list.csv -WarningAction Ignore
        './named.csv' | Should -Exist
    }

    It 'writes the dataset to the pipeline only with -PassThru' {
        $set | Export-MammoDataset ./quiet.csv -WarningAction Ignore | Should -BeNullOrEmpty
        $set | Export-MammoDataset ./passed.csv -PassThru -WarningAction Ignore | Should -Be $set
    }

    It "writes the original's folder, from which the same dataset is read" {
        $set | Export-MammoDataset ./original -Format RoiMask -WarningAction Ignore
        './original/roi_mask_path.csv', './original/pat_lst.txt', './original/full_img', './original/roi_mask' | Should -Exist
        $back = Import-MammoDataset ./original -Format RoiMask
        $back.ClassCounts | Should -Be 1, 2
        $back.Images.Rois.Count | Should -Be 4
        (Get-ChildItem ./original/roi_mask -Recurse -File).Count | Should -Be 4
    }

    It 'gives masks of the very pixels of circles, from which the same patches come' {
        New-Film './new/1.png', './new/2.png', './new/3.png'
        $null = Convert-MammoImage ./new ./mias -ImageSize 160, 160
        1..3 | ForEach-Object { Move-Item "./mias/$_.png" "./mias/mdb00$_.png" }
        # Info.txt counts rows from the bottom, in films of 1024 pixels; two films are of one patient.
        Set-Content ./mias/Info.txt 'mdb001 G CIRC B 300 512 70', 'mdb002 G CALC M 300 500 70', 'mdb002 G CIRC B 340 300 60', 'mdb003 D SPIC B 600 500 80'
        $films = Import-MammoDataset ./mias -Format MiniMias -Labelling Malignancy
        $films | Export-MammoDataset ./circles -Format RoiMask
        $sampling = @{ PatchSize = 32; Abnormality = 3; Background = 4; HardNegative = 2; Seed = 7 }
        $before = $films | New-MammoPatchSet ./before @sampling
        $after = Import-MammoDataset ./circles -Format RoiMask | New-MammoPatchSet ./after @sampling
        $after | ForEach-Object { "$($_.Name) $($_.Count)" } | Sort-Object | Should -Be ($before | ForEach-Object { "$($_.Name) $($_.Count)" } | Sort-Object)
        (Get-Tree ./after) -match '\.png ' | Should -Be ((Get-Tree ./before) -match '\.png ')
    }

    It 'reads folders that lie elsewhere, and the patients of a list' {
        $set | Export-MammoDataset ./moved -Format RoiMask -WarningAction Ignore
        Move-Item ./moved/full_img ./elsewhere
        Get-ErrorId { Import-MammoDataset ./moved -Format RoiMask } | Should -Be 'Mammo.FileNotFound'
        Set-Content ./some.txt 'P3', 'P9'
        $some = Import-MammoDataset ./moved/roi_mask_path.csv -Format RoiMask -ImageFolder ./elsewhere -MaskFolder ./moved/roi_mask -PatientList ./some.txt `
            -FindingVariable findings -WarningAction Ignore
        $some.Images.Patient | Should -Be 'P3'
        $findings.Patient | Should -Be 'P9'
        Get-ChildItem ./elsewhere -File | Rename-Item -NewName { "Mass-Training_$($_.Name)" }
        (Import-MammoDataset ./moved/roi_mask_path.csv -Format RoiMask -ImageFolder ./elsewhere -MaskFolder ./moved/roi_mask -IType mass).Count | Should -Be 3
    }

    It 'warns of what a list cannot hold' {
        Get-WarningId { Import-MammoDataset ./list.csv -Class pos, neg | Export-MammoDataset ./reversed.csv } | Should -Be 'Mammo.ListIncomplete'
    }

    It 'writes nothing with -WhatIf' {
        $before = Get-Tree .
        $set | Export-MammoDataset ./none.csv -WhatIf
        $set | Export-MammoDataset ./none -Format RoiMask -WhatIf
        Get-Tree . | Should -Be $before
    }

    It 'replaces <Path> only with -Force' -ForEach @(@{ Path = './twice.csv'; Format = 'Csv' }, @{ Path = './twice'; Format = 'RoiMask' }) {
        $set | Export-MammoDataset $Path -Format $Format -WarningAction Ignore
        Get-ErrorId { $set | Export-MammoDataset $Path -Format $Format -WarningAction Ignore } | Should -Be 'Mammo.FileExists'
        Get-ErrorId { $set | Export-MammoDataset $Path -Format $Format -Force -WarningAction Ignore } | Should -BeNullOrEmpty
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.FileNotWritten'; Name = 'a folder in place of a file'; Script = { $set | Export-MammoDataset ./films -Force } }
        @{ Id = 'Mammo.DatasetInvalid'; Name = 'a dataset without patients as the original knows them'; Script = {
                Set-Content ./plain.csv 'path,label', 'films/1.png,neg'
                Export-MammoDataset ./plain -Dataset ./plain.csv -Format RoiMask
            }
        }
        @{ Id = 'Mammo.DatasetInvalid'; Name = 'a folder that would replace its own images'; Script = {
                $set | Export-MammoDataset ./own -Format RoiMask -WarningAction Ignore
                Import-MammoDataset ./own -Format RoiMask | Export-MammoDataset ./own -Format RoiMask -Force
            }
        }
        @{ Id = 'Mammo.FileNotFound'; Name = 'a list that is missing'; Script = { Export-MammoDataset ./x.csv -Dataset ./missing.csv } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
