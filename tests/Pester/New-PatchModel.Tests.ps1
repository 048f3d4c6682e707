#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    $narrow = @{ WidthMultiplier = 0.0625 }
}

Describe 'New-PatchModel' {
    It "makes the original's five classes unless others are given" {
        (New-PatchModel vgg16 @narrow).Classes | Should -Be 'background', 'calc_ben', 'calc_mal', 'mass_ben', 'mass_mal'
        (New-PatchModel vgg16 @narrow -ClassList neg, pos).Classes | Should -Be 'neg', 'pos'
    }

    It 'gives the same weights for the same seed' {
        $one, $two, $other = 1, 1, 2 | ForEach-Object { New-PatchModel -Net vgg16 @narrow -RandomSeed $_ }
        New-Film ($film = "$TestDrive/film.png")
        $scores = $one, $two, $other | ForEach-Object { ($film | Invoke-MammoPredict $_ -ImageSize 64, 64 -WarningAction Ignore).Score }
        $scores[1] | Should -Be $scores[0]
        $scores[2] | Should -Not -Be $scores[0]
    }

    It 'keeps the preparation in the card' {
        $card = (New-PatchModel vgg16 @narrow -RescaleFactor 0.003891 -FeaturewiseMean 52.18 -EqualizeHistogram).Card
        $card.RescaleFactor, $card.FeaturewiseMean, $card.EqualizeHistogram | Should -Be 0.003891, 52.18, $true
    }

    It 'makes layers as the options say' {
        $model = New-PatchModel vgg16 @narrow -HiddenDropout 0.5 -WeightDecay 0.25 -Channel 1
        $model.Layers.Kind | Should -Contain 'Dropout'
        $model.Layers[-1].L2 | Should -Be 0.25
        $model.Card.Channels | Should -Be 1
        (New-PatchModel vgg16 @narrow).Layers.Kind | Should -Not -Contain 'Dropout'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.ModelArchitectureUnknown'; Name = 'a name that no network has'; Script = { New-PatchModel lenet } }
        @{ Id = 'Mammo.FileNotFound'; Name = 'pretrained weights that are missing'; Script = { New-PatchModel vgg16 -UsePretrained ./missing.h5 } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'four channels'; Script = { New-PatchModel vgg16 -Channel 4 } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a dropout of one'; Script = { New-PatchModel vgg16 -HiddenDropout 1 } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }

    It 'completes names' {
        Get-Completion 'New-PatchModel -Architecture res' | Should -Contain 'resnet50'
    }

    It 'is shown as a list, and its layers as a table' {
        $model = New-PatchModel vgg16 @narrow
        Get-View $model | Should -Match '(?m)^Architecture +: vgg16'
        Get-View $model.Layers | Should -Match 'Name\s+Kind\s+OutputShape\s+Parameters\s+Role\s+Frozen\s+L2'
    }
}
