#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Pgm ./grey/low.pgm -Value 50
    New-Pgm ./grey/high.pgm -Value 250
    New-Film './films/neg/a.png', './films/pos/b.png'
}

AfterAll { Pop-Location }

Describe 'Get-FeaturewiseMean' {
    It 'is the mean of all pixels after rescaling' {
        $estimate = Get-FeaturewiseMean -Path ./grey/*.pgm -RescaleFactor 1
        $estimate.Mean, $estimate.Count, $estimate.ScaledMaximum | Should -Be 150, 2, 250
        (Get-FeaturewiseMean -Path ./grey/*.pgm -RescaleFactor 0.5 -WarningAction Ignore).Mean | Should -Be 75
        (Get-FeaturewiseMean -Path ./grey/low.pgm -ImageScale 200).Mean | Should -Be 200
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'a dataset'; Script = { Get-FeaturewiseMean (Import-MammoDataset ./films) -RescaleFactor 0.003891 } }
        @{ Name = 'a dataset from the pipeline'; Script = { Import-MammoDataset ./films | Get-FeaturewiseMean -RescaleFactor 0.003891 -WorkerCount 1 } }
        @{ Name = 'a folder'; Script = { Get-FeaturewiseMean -Dataset ./films -RescaleFactor 0.003891 } }
        @{ Name = 'file objects'; Script = { Get-ChildItem ./films -Recurse -File | Get-FeaturewiseMean -RescaleFactor 0.003891 } }
        @{ Name = 'literal paths'; Script = { Get-FeaturewiseMean -LiteralPath ./films/neg/a.png, ./films/pos/b.png -RescaleFactor 0.003891 } }
        @{ Name = 'a size as two numbers'; Script = { Import-MammoDataset ./films | Get-FeaturewiseMean -RescaleFactor 0.003891 -ImageSize 160, 128 } }
        @{ Name = 'a size as text'; Script = { Import-MammoDataset ./films | Get-FeaturewiseMean -RescaleFactor 0.003891 -ImageSize 160x128 } }
    ) {
        $estimate = & $Script
        $estimate.Count | Should -Be 2
        $expected = (Get-FeaturewiseMean -Path ./films/*/*.png -RescaleFactor 0.003891).Mean
        $estimate.Mean | Should -Be $expected
    }

    It 'is that of the prepared images' {
        $plain = (Get-FeaturewiseMean -Path ./films/*/*.png -RescaleFactor 0.003891).Mean
        (Get-FeaturewiseMean -Path ./films/*/*.png -RescaleFactor 0.003891 -EqualizeHist).Mean | Should -Not -Be $plain
        (Get-FeaturewiseMean -Path ./films/*/*.png -RescaleFactor 0.003891 -ImageSize 64, 64).Mean | Should -BeGreaterThan ($plain - 3)
    }

    It 'warns where the highest value is far from 255' {
        Get-WarningId { Get-FeaturewiseMean -Path ./films/*/*.png } | Should -Be 'Mammo.MaximumNot255'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.FileNotFound'; Name = 'a path that is missing'; Script = { Get-FeaturewiseMean -LiteralPath ./missing.png -ErrorAction Stop } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a size that is none'; Script = { Get-FeaturewiseMean -Path ./grey/low.pgm -ImageSize wide } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a factor of zero'; Script = { Get-FeaturewiseMean -Path ./grey/low.pgm -RescaleFactor 0 } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }

    It 'is shown as one line' {
        Get-View (Get-FeaturewiseMean -Path ./grey/*.pgm -RescaleFactor 1) | Should -Match 'Mean\s+Count\s+ImageMeans\s+ScaledMaximum'
    }
}
