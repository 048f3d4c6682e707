#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $seed = 0
    foreach ($set in 'train', 'validation') {
        foreach ($class in 'neg', 'pos') {
            foreach ($number in 1..$(if ($set -eq 'train') { 4 } else { 2 })) {
                New-Pgm "./$set/$class/$number.pgm" -Seed (++$seed) -IsBrightBelow:($class -eq 'pos')
            }
        }
    }
    function New-Model {
        New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 1 |
            New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1
    }
    $common = @{
        Train = './train'; Validation = './validation'; FeaturewiseMean = 60; BatchSize = 4; Optimizer = 'Adam'; LearningRate = 0.001; WorkerCount = 1
        Epoch = 1; AllLayerEpoch = 0; WarningAction = 'Ignore'
    }
    $twice = Join-Table $common @{ AllLayerEpoch = 2 }
    function Get-Score($Model) {
        (Import-MammoDataset ./validation | Invoke-MammoPredict $Model).Score
    }
}

AfterAll { Pop-Location }

Describe 'Invoke-MammoFinetune' {
    Context 'Training' {
        It 'trains in two stages, keeps the best weights and hands the model on' {
            $model = New-Model
            $before = Get-Score $model
            $result = $model | Invoke-MammoFinetune @twice -BestModel ./best.safetensors -FinalModel ./final.safetensors -HistoryVariable history
            [object]::ReferenceEquals($result, $model) | Should -BeTrue
            Get-Score $model | Should -Not -Be $before
            $history.Stage | Should -Be 'top layers', 'all layers'
            $best = Import-MammoModel ./best.safetensors
            Get-Score $best | Should -Be (Get-Score $model)
            $best.Card.FeaturewiseMean, $best.Card.TrainedOn | Should -Be 60, 'train'
            (Import-MammoModel ./final.safetensors).Card.Lineage[-1] | Should -Match 'last epoch'
        }

        It 'takes <Name>' -ForEach @(
            @{ Name = 'a model by position'; Script = { Invoke-MammoFinetune (New-Model) @common } }
            @{ Name = 'datasets'; Script = {
                    $train, $validation = Import-MammoDataset ./train, ./validation
                    $parameters = Join-Table $common @{ Train = $train; Validation = $validation }
                    New-Model | Invoke-MammoFinetune @parameters
                }
            }
            @{ Name = "the original's names of options"; Script = {
                    Invoke-MammoFinetune -ResumeFrom (New-Model) -Train ./train -Val ./validation -ImgSize 64, 64 -FeaturewiseMean 60 -NbEpoch 1 -AllLayerEpochs 0 `
                        -InitLearningRate 0.001 -EsPatience 3 -LrPatience 2 -PosClsWeight 1 -NegClsWeight 1 -TrainBsMultiplier 1 -LoadTrainRam -LoadValRam `
                        -NumCpuCores 1 -RandomSeed 5 -TopLayerNb 2 -EqualizeHist:$false -WarningAction Ignore
                }
            }
        ) {
            (& $Script).GetType().Name | Should -Be 'MammoModel'
        }

        It 'makes all checks and nothing else with -WhatIf' {
            $before = Get-Tree $TestDrive
            $model = New-Model
            $weights = $model.Card.WeightHash
            $model | Invoke-MammoFinetune @common -WhatIf -BestModel ./dry/best.safetensors -Checkpoint ./dry/run | Should -BeNullOrEmpty
            $model.Card.WeightHash | Should -Be $weights
            $wrong = Join-Table $common @{ Validation = './train' }
            Get-ErrorId { $model | Invoke-MammoFinetune @wrong -WhatIf } | Should -Be (Get-ErrorId { $model | Invoke-MammoFinetune @wrong })
            Get-Tree $TestDrive | Should -Be $before
            Test-Path ./dry | Should -BeFalse
        }

        It 'goes on from a checkpoint to the same weights' {
            $model = New-Model | Invoke-MammoFinetune @twice -Checkpoint ./run
            (Get-Content ./run/history.jsonl).Count | Should -Be 2
            Get-ErrorId { New-Model | Invoke-MammoFinetune @twice -Checkpoint ./run } | Should -Be 'Mammo.CheckpointExists'
            Get-ErrorId { New-Model | Invoke-MammoFinetune @twice -Checkpoint ./run -Resume -Seed 2 } | Should -Be 'Mammo.CheckpointMismatch'
            Get-Score (New-Model | Invoke-MammoFinetune @twice -Checkpoint ./run -Resume) | Should -Be (Get-Score $model)
        }

        It 'keeps how images were scaled and stretched in the card, and predicts so' {
            $null = New-Model | Invoke-MammoFinetune @common -TargetScale 200 -AutoLevel -FinalModel ./stretched.safetensors
            $model = Import-MammoModel ./stretched.safetensors
            $model.Card.TargetScale, $model.Card.AutoLevel, $model.Card.RescaleFactor | Should -Be 200, $true, $null
            $film = './validation/pos/1.pgm'
            $score = ($film | Invoke-MammoPredict $model -WarningAction Ignore).Score
            ($film | Invoke-MammoPredict $model -TargetScale 200 -AutoLevel -FeaturewiseMean 60 -WarningAction Ignore).Score | Should -Be $score
            ($film | Invoke-MammoPredict $model -TargetScale 100 -WarningAction Ignore).Score | Should -Not -Be $score
            $card = ($model | Invoke-MammoFinetune @common).Card
            $card.TargetScale, $card.AutoLevel, $card.RescaleFactor | Should -Be 200, $true, $null
            $card = ($model | Invoke-MammoFinetune @common -RescaleFactor 1 -AutoLevel:$false).Card
            $card.TargetScale, $card.AutoLevel, $card.RescaleFactor | Should -Be $null, $false, 1
        }

        It 'names every option without effect' {
            $null = New-Model | Invoke-MammoFinetune @common -Augmentation:$false -ZoomRange 0.1 -PositiveClassWeight 3 -LearningRatePatience 3 -WarningVariable warnings
            "$warnings" | Should -Match '-ZoomRange, -PositiveClassWeight, -LearningRatePatience '
        }

        It 'writes an epoch after the other to a file' {
            $null = New-Model | Invoke-MammoFinetune @twice -HistoryPath ./history.jsonl
            (Get-Content ./history.jsonl | ConvertFrom-Json).Epoch | Should -Be 1, 2
            Get-ErrorId { New-Model | Invoke-MammoFinetune @common -HistoryPath ./history.jsonl } | Should -Be 'Mammo.FileExists'
        }
    }

    Context 'Warnings and errors' {
        It 'warns of <Name> with the id <Id>' -ForEach @(
            @{ Id = 'Mammo.FreshTopLayers'; Name = 'new layers that are trained with all others'; Options = @{ Epoch = 0; AllLayerEpoch = 1; AllLayerMultiplier = 0.001 } }
            @{ Id = 'Mammo.LearningRateLow'; Name = 'a rate that moves nothing'; Options = @{ Epoch = 0; AllLayerEpoch = 1; AllLayerMultiplier = 0.001 } }
            @{ Id = 'Mammo.TrainingOptionInvalid'; Name = 'options without effect'; Options = @{ Augmentation = $false; ZoomRange = 0.1 } }
        ) {
            $parameters = Join-Table $common $Options @{ WarningAction = 'Continue' }
            Get-WarningId { New-Model | Invoke-MammoFinetune @parameters } | Should -Contain $Id
        }

        It 'has the id <Id> for <Name>, before it trains' -ForEach @(
            @{ Id = 'Mammo.DataLeakage'; Name = 'one set for both'; Options = @{ Validation = './train' } }
            @{ Id = 'Mammo.ClassEmpty'; Name = 'a class without images'; Options = @{ Train = './lone' } }
            @{ Id = 'Mammo.FolderUnwritable'; Name = 'a model below a file'; Options = @{ BestModel = './file/best.safetensors' } }
            @{ Id = 'Mammo.FolderUnwritable'; Name = 'checkpoints in a file'; Options = @{ Checkpoint = './file' } }
            @{ Id = 'Mammo.FolderUnwritable'; Name = 'a cache below a file'; Options = @{ Cache = './file/cache' } }
            @{ Id = 'Mammo.FileExists'; Name = 'a history that is there'; Options = @{ HistoryPath = './file' } }
            @{ Id = 'Mammo.FileExists'; Name = 'a model that is there'; Options = @{ FinalModel = './file' } }
            @{ Id = 'Mammo.TrainingOptionInvalid'; Name = 'two models in one file'; Options = @{ BestModel = './a.safetensors'; FinalModel = './a.safetensors' } }
            @{ Id = 'Mammo.MeanCountMismatch'; Name = 'two means for three channels'; Options = @{ FeaturewiseMean = 50, 60 } }
            @{ Id = 'Mammo.TrainingOptionInvalid'; Name = 'an ONNX file'; Options = @{ BestModel = './a.onnx' } }
            @{ Id = 'Mammo.TrainingOptionInvalid'; Name = 'nothing to resume from'; Options = @{ Resume = $true } }
            @{ Id = 'Mammo.ModelRemoved'; Name = 'a model that was removed'; Options = @{} }
            @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a rate of zero'; Options = @{ LearningRate = 0 } }
            @{ Id = 'Mammo.ArgumentInvalid'; Name = 'an average without memory'; Options = @{ AverageDecay = 0 } }
            @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a factor of zero'; Options = @{ AllLayerMultiplier = 0 } }
            @{ Id = 'Mammo.FileNotFound'; Name = 'a folder that is missing'; Options = @{ Train = './missing' } }
        ) {
            $null = New-Item ./lone/neg, ./lone/pos -ItemType Directory -Force
            New-Pgm ./lone/neg/1.pgm -Seed 99
            Set-Content ./file 'kept'
            $model = New-Model
            if ($Name -eq 'a model that was removed') {
                $model | Remove-MammoModel
            }
            $parameters = Join-Table $common $Options @{ HistoryVariable = 'epochs' }
            Get-ErrorId { Invoke-MammoFinetune $model @parameters } | Should -Be $Id
            Get-Content ./file | Should -Be 'kept'
        }
    }
}
