#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $dicom = Join-Path $repository tests/data/dicom
    $null = New-Item ./export/sub -ItemType Directory
    Copy-Item "$dicom/explicit-le.dcm", "$dicom/for-processing.dcm", "$dicom/IM000001" ./export/sub
    New-Film './export/a[1].png'
    Set-Content ./export/notes.txt 'no image'
}

AfterAll { Pop-Location }

Describe 'Get-MammoImageInfo' {
    It 'takes <Name>' -ForEach @(
        @{ Name = 'file objects'; Script = { Get-ChildItem ./export/sub -File | Get-MammoImageInfo } }
        @{ Name = 'file names'; Script = { './export/sub/IM000001', './export/sub/explicit-le.dcm', './export/sub/for-processing.dcm' | Get-MammoImageInfo -WorkerCount 1 } }
        @{ Name = 'wildcards'; Script = { Get-MammoImageInfo ./export/sub/* } }
        @{ Name = 'literal paths'; Script = { Get-MammoImageInfo -LiteralPath './export/sub/explicit-le.dcm', './export/sub/for-processing.dcm', './export/sub/IM000001' } }
        @{ Name = 'a dataset'; Script = { Import-MammoDataset ./export/sub -Format Dicom | Get-MammoImageInfo } }
    ) {
        $records = @(& $Script)
        $records.Format | Should -Be ('DICOM', 'DICOM', 'DICOM')
        $records.Path | Should -BeLike (Join-Path $TestDrive '*')
    }

    It 'keeps the order of the pipeline with more files than are read ahead' {
        $paths = 1..300 | ForEach-Object { "./export/sub/$(('explicit-le.dcm', 'IM000001')[$_ % 2])" }
        ($paths | Get-MammoImageInfo -WorkerCount 4).Path | Split-Path -Leaf | Should -Be ($paths | Split-Path -Leaf)
    }

    It 'says what a DICOM file says' {
        $record = Get-MammoImageInfo ./export/sub/explicit-le.dcm
        $record.Rows, $record.Columns, $record.BitDepth | Should -Be (206, 160, 12)
        $record.Patient, $record.Laterality, "$($record.View)", $record.Manufacturer | Should -Be ('CBIS-00127', 'R', 'CC', 'TestData (CBIS-DDSM film)')
        $record.TransferSyntax, $record.Photometric, $record.PresentationIntent | Should -Be ('Explicit VR Little Endian', 'MONOCHROME2', 'FOR PRESENTATION')
        $record.Age, $record.PixelSpacing, $record.Date | Should -Be (55, 0.35, [DateOnly]::new(2020, 1, 31))
        $record.SopInstanceUid | Should -Be '1.2.826.0.1.3680043.8.498.54186782328596392234094330510742952310'
        $record.Refusal | Should -BeNullOrEmpty
    }

    It 'says of other images what there is' {
        $record = Get-MammoImageInfo './export/a[1].png'
        $record.Format, $record.Rows, $record.Columns, $record.BitDepth | Should -Be ('PNG', 160, 128, 16)
        $record.Patient | Should -BeNullOrEmpty
    }

    It 'names what is refused' {
        (Get-MammoImageInfo ./export/sub/for-processing.dcm).Refusal | Should -Be 'Mammo.DicomForProcessing'
    }

    It 'goes on after a file that is no image' {
        $records = Get-ChildItem ./export -Recurse -File | Get-MammoImageInfo -ErrorAction SilentlyContinue -ErrorVariable failures
        $records | Should -HaveCount 4
        $failures.FullyQualifiedErrorId | Should -Match '^Mammo\.ImageUnreadable,'
        $failures.TargetObject | Should -BeLike '*notes.txt'
    }

    It 'has an id for <_>' -ForEach './missing.dcm', './export' {
        Get-ErrorId ([scriptblock]::Create("Get-MammoImageInfo $_")) | Should -Be @{ './missing.dcm' = 'Mammo.FileNotFound'; './export' = 'Mammo.ImageUnreadable' }[$_]
    }

    It 'groups, and keeps everything in a CSV' {
        $groups = Get-ChildItem ./export/sub -File | Get-MammoImageInfo | Group-Object Format, TransferSyntax
        $groups.Count | Should -BeGreaterThan 0
        $row = Get-MammoImageInfo ./export/sub/explicit-le.dcm | ConvertTo-Csv | ConvertFrom-Csv
        $row.View, $row.Patient, $row.Rows | Should -Be ('CC', 'CBIS-00127', '206')
    }

    It 'is shown as a table' {
        Get-View (Get-MammoImageInfo ./export/sub/explicit-le.dcm) | Should -Match 'Image\s+Format\s+Rows\s+Columns.*\n[-\s]+explicit-le\.dcm\s+DICOM\s+206\s+160\s+12\s+TestData'
        Get-View (Get-MammoImageInfo ./export/sub/for-processing.dcm) | Should -Match ' DicomForProcessing\s*$'
        Get-View (Get-MammoImageInfo ./export/sub/explicit-le.dcm) | Should -Not -Match ';'
    }
}
