#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $seed = 0
    foreach ($set in 'train', 'validation') {
        foreach ($class in 'neg', 'pos') {
            foreach ($number in 1..2) {
                New-Pgm "./$set/$class/$number.pgm" 32 32 -Seed (++$seed) -IsBrightBelow:($class -eq 'pos')
            }
        }
    }
    function New-Model { New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 1 }
    # Of two films the second's lesion may be anywhere.
    New-Pgm ./film0.pgm 64 64 -Seed 91
    New-Pgm ./film1.pgm 64 64 -Seed 92
    Set-Content ./films.csv 'path,label', 'film0.pgm,neg', 'film1.pgm,pos'
    $mining = @{ HardNegativeFilm = './films.csv'; HardNegativeImageSize = 64, 64 }
    $common = @{
        Train = './train'; Validation = './validation'; ImageSize = 32, 32; FeaturewiseMean = 60; BatchSize = 4; Optimizer = 'Adam'; LearningRate = 0.001; WorkerCount = 1
        WarningAction = 'Ignore'
    }
}

AfterAll { Pop-Location }

Describe 'Invoke-PatchTraining' {
    It 'trains in three stages' {
        $model = New-Model
        $result = $model | Invoke-PatchTraining @common -Epoch 1 -TopLayerEpoch 2 -AllLayerEpoch 3 -HistoryVariable history
        [object]::ReferenceEquals($result, $model) | Should -BeTrue
        $history.Stage | Should -Be 'last layer', 'top layers', 'all layers'
        $history.Epoch | Should -Be 1, 2, 3
    }

    It 'trains in one stage with <_>' -ForEach '-FromScratch', '-NoUsePretrained' {
        $null = Invoke-Expression "Invoke-PatchTraining (New-Model) @common -NbEpoch 1 $_ -HistoryVariable history"
        $history.Stage | Should -Be 'all layers'
    }

    It 'keeps size and mean in the card, and the best model in a file' {
        $null = New-Model | Invoke-PatchTraining @common -Epoch 1 -FromScratch -BestModel ./best.safetensors
        $card = (Import-MammoModel ./best.safetensors).Card
        "$($card.ImageSize)", $card.FeaturewiseMean, $card.TrainedOn | Should -Be '32x32', 60, 'train'
    }

    It 'warns of options without effect' {
        $parameters = Join-Table $common @{ WarningAction = 'Continue' }
        Get-WarningId { New-Model | Invoke-PatchTraining @parameters -FromScratch -Epoch 1 -AllLayerEpoch 3 } | Should -Contain 'Mammo.TrainingOptionInvalid'
    }

    It 'mines hard negatives of films, which the history and the card count' {
        $null = New-Model | Invoke-PatchTraining @common @mining -Epoch 3 -FromScratch -HardNegativeEvery 2 -HardNegative 1 -HistoryVariable history `
            -BestModel ./mined.safetensors -Force
        $history.HardNegative | Should -Be 0, 0, 1
        $history[2].HardNegativeScore | Should -BeGreaterThan 0
        $history[1].HardNegativeScore | Should -BeNullOrEmpty
        (Import-MammoModel ./mined.safetensors).Card.Training['hardNegatives']['films'].ToString() | Should -Be '2'
    }

    It 'names films that are not mined, and options that have no films' {
        $parameters = Join-Table $common $mining @{ WarningAction = 'Continue' }
        Get-WarningId { New-Model | Invoke-PatchTraining @parameters -Epoch 2 -FromScratch -HardNegativeEvery 1 } | Should -Contain 'Mammo.FilmNotMined'
        $parameters = Join-Table $common @{ WarningAction = 'Continue' }
        Get-WarningId { New-Model | Invoke-PatchTraining @parameters -Epoch 1 -FromScratch -HardNegative 3 } | Should -Contain 'Mammo.TrainingOptionInvalid'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.TrainingOptionInvalid'; Name = 'films without a size'; Options = @{ HardNegativeFilm = './films.csv' } }
        @{ Id = 'Mammo.TrainingOptionInvalid'; Name = 'a mining after the last epoch'; Options = @{ HardNegativeFilm = './films.csv'; HardNegativeImageSize = 64, 64; HardNegativeEvery = 20 } }
        @{ Id = 'Mammo.DataLeakage'; Name = 'films of validation'; Options = @{ HardNegativeFilm = './validation'; HardNegativeImageSize = 64, 64 } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'no hard negative of a film'; Options = @{ HardNegative = 0 } }
        @{ Id = 'Mammo.DataLeakage'; Name = 'one set for both'; Options = @{ Validation = './train' } }
        @{ Id = 'Mammo.TrainingOptionInvalid'; Name = 'an ONNX file'; Options = @{ FinalModel = './a.onnx' } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a factor of zero'; Options = @{ TopLayerMultiplier = 0 } }
        @{ Id = 'Mammo.FileNotFound'; Name = 'a folder that is missing'; Options = @{ Train = './missing' } }
    ) {
        $parameters = Join-Table $common $Options
        Get-ErrorId { New-Model | Invoke-PatchTraining @parameters } | Should -Be $Id
    }
}
