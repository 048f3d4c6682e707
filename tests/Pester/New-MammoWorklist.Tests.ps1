#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $null = New-Item ./archive/sub -ItemType Directory -Force
    Copy-Item (Join-Path $repository tests/data/dicom/explicit-le.dcm) ./archive/sub/IM0001
    Copy-Item (Join-Path $repository tests/data/dicom/rle.dcm) ./archive/a.dcm
    New-Pgm ./archive/b.pgm -Seed 1
    New-Pgm ./archive/c.pgm -Seed 2
    Set-Content ./archive/notes.txt 'notes'
    Set-Content ./list.csv 'path,label,patient,site', 'archive/b.pgm,neg,P1,north', 'archive/c.pgm,pos,P2,south'
    function Read-List($Path) { Get-Content $Path | Select-Object -Skip 1 | ConvertFrom-Json }
}

AfterAll { Pop-Location }

Describe 'New-MammoWorklist' {
    It 'lists the images of a folder, in the order of their paths' {
        $list = New-MammoWorklist ./archive -Out ./run/worklist.jsonl
        $list.Files, $list.ByUid, $list.ByContent, $list.PassedOver | Should -Be 4, 2, 2, 1
        $items = Read-List ./run/worklist.jsonl
        $items.path | Should -Be 'a.dcm', 'b.pgm', 'c.pgm', 'sub/IM0001'
        $items[1].id | Should -Be "sha256:$((Get-FileHash ./archive/b.pgm).Hash.ToLower())"
        $items[3].id | Should -Match '^[\d.]+$'
        $items.bytes | Should -Be (Get-Item ./archive/a.dcm, ./archive/b.pgm, ./archive/c.pgm, ./archive/sub/IM0001 | ForEach-Object Length)
        (Get-Content ./run/worklist.jsonl -TotalCount 1 | ConvertFrom-Json).root | Should -Be (Join-Path $TestDrive archive)
    }

    It 'takes DICOM alone when it is asked to' {
        (New-MammoWorklist ./archive -Format Dicom -Out ./dicom.jsonl).Files | Should -Be 2
    }

    It 'keeps what datasets say' {
        (Import-MammoDataset ./list.csv | New-MammoWorklist -Out ./labelled.jsonl).Root | Should -Be (Join-Path $TestDrive archive)
        $items = Read-List ./labelled.jsonl
        $items.class + $items.patient + $items.extra.site | Should -Be 'neg', 'pos', 'P1', 'P2', 'north', 'south'
        $null = New-MammoWorklist -Dataset ./list.csv -Root . -Out ./wide.jsonl
        (Read-List ./wide.jsonl).path | Should -Be 'archive/b.pgm', 'archive/c.pgm'
    }

    It 'replaces a list only with -Force, and writes nothing with -WhatIf' {
        $null = New-MammoWorklist ./archive -Out ./twice.jsonl
        $before = Get-Tree ./
        Get-ErrorId { New-MammoWorklist ./archive -Out ./twice.jsonl } | Should -Be 'Mammo.FileExists'
        New-MammoWorklist ./archive -Out ./twice.jsonl -Force -WhatIf
        New-MammoWorklist ./archive -Out ./other/list.jsonl -WhatIf
        Get-Tree ./ | Should -Be $before
        (New-MammoWorklist ./archive -Out ./twice.jsonl -Force).Files | Should -Be 4
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.FileNotFound'; Name = 'a folder that is missing'; Script = { New-MammoWorklist ./missing -Out ./x.jsonl } }
        @{ Id = 'Mammo.WorklistInvalid'; Name = 'a folder without images'; Script = { $null = New-Item ./none -ItemType Directory -Force; New-MammoWorklist ./none -Out ./x.jsonl } }
        @{ Id = 'Mammo.WorklistInvalid'; Name = 'images outside of the root'; Script = { New-MammoWorklist -Dataset ./list.csv -Root ./none -Out ./x.jsonl } }
        @{ Id = 'Mammo.FileNotWritten'; Name = 'a place that cannot be written'; Script = { New-MammoWorklist ./archive -Out ./list.csv/x.jsonl } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
