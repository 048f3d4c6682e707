#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film './films/neg/a[1].png', './films/pos/b.png'
    New-Pgm ./eight/a.pgm -Seed 1
}

AfterAll { Pop-Location }

Describe 'Get-RescaleFactor' {
    It 'takes <Name>' -ForEach @(
        @{ Name = 'a dataset'; Script = { Get-RescaleFactor (Import-MammoDataset ./films) } }
        @{ Name = 'a dataset from the pipeline'; Script = { Import-MammoDataset ./films | Get-RescaleFactor } }
        @{ Name = 'file names'; Script = { './films/neg/a[1].png', './films/pos/b.png' | Get-RescaleFactor } }
        @{ Name = 'file objects'; Script = { Get-ChildItem ./films -Recurse -File | Get-RescaleFactor -WorkerCount 1 } }
        @{ Name = 'wildcards'; Script = { Get-RescaleFactor -Path ./films/*/*.png } }
        @{ Name = 'literal paths'; Script = { Get-RescaleFactor -LiteralPath './films/neg/a[1].png', './films/pos/b.png' } }
    ) {
        $estimate = & $Script
        $estimate | Should -HaveCount 1
        $estimate.Count | Should -Be 2
        $estimate.Maximum | Should -BeGreaterThan 60000
        $estimate.Factor | Should -Be (255 / 65535)
        $estimate.CountByBitDepth['16'] | Should -Be 2
    }

    It 'gives 1 for images of 8 bits' {
        (Get-RescaleFactor -Path ./eight/*.pgm).Factor | Should -Be 1
    }

    It 'warns of mixed bit depths' {
        Get-WarningId { Get-RescaleFactor -Path ./eight/a.pgm, ./films/pos/b.png } | Should -Not -BeNullOrEmpty
    }

    It 'goes on after a bad image' {
        Set-Content ./bad.png 'no image'
        $estimate = './bad.png', './films/pos/b.png' | Get-RescaleFactor -ErrorAction SilentlyContinue -ErrorVariable failures
        $estimate.Count | Should -Be 1
        $failures.FullyQualifiedErrorId | Should -Match '^Mammo\.ImageUnreadable,'
        $failures.TargetObject | Should -BeLike '*bad.png'
    }

    It 'has the id Mammo.FileNotFound for a literal path that is missing' {
        Get-ErrorId { Get-RescaleFactor -LiteralPath './films/pos/[b].png' -ErrorAction Stop } | Should -Be 'Mammo.FileNotFound'
    }

    It 'is shown as one line' {
        Get-View (Get-RescaleFactor -Path ./films/*/*.png) | Should -Match 'Factor\s+Count\s+BitDepths\s+Minimum\s+Maximum\s+LowestImageMaximum\s+[-\s]+0\.003891\s+2\s+16 bit: 2'
    }
}
