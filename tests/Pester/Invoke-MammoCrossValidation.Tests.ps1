#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film (1..12 | ForEach-Object { "./film$_.png" })
    Set-Content ./list.csv (@('path,label,patient,laterality,view,tissue') +
        (1..12 | ForEach-Object { "film$_.png,$(('neg', 'pos')[[Math]::Ceiling($_ / 2) % 2]),P$([Math]::Ceiling($_ / 2)),$(('R', 'L')[$_ % 2]),MLO,$(('F', 'D')[$_ % 2])" }))
    $films = Import-MammoDataset ./list.csv -Class neg, pos
    foreach ($seed in 1..2) {
        New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed $seed -RescaleFactor 0.003891 |
            New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed $seed -FeaturewiseMean 60 | Export-MammoModel "./model$seed.safetensors"
    }
    # Stands for a training: says what it was given, and takes a model of the seed.
    $calls = [Collections.Generic.List[object]]::new()
    $train = {
        param($train, $validation, $fold)
        $calls.Add([pscustomobject] @{ Train = $train; Validation = $validation; Fold = $fold })
        "./model$($fold.Seed).safetensors"
    }
}

AfterAll { Pop-Location }

Describe 'Invoke-MammoCrossValidation' {
    It 'scores each fold by a model of the others, measures all together, and keeps every score' {
        $calls.Clear()
        $results = $films | Invoke-MammoCrossValidation ./cv $train -Fold 3 -Seed 1, 2 -ValidationShare 0.25 -WarningAction Ignore
        $results.Seed | Should -Be 1, 2
        $calls.Count | Should -Be 6
        foreach ($result in $results) {
            $result.Measurement.Count | Should -Be 12
            $result.Measurement.Patients | Should -Be 6
            "$($result.Finished) $($result.FoldAuc.Count)" | Should -Be '3 3'
        }
        $rows = Import-Csv $results[0].ScorePath
        $rows.Count | Should -Be 24
        foreach ($seed in 1, 2) {
            $own = @($rows | Where-Object Seed -EQ $seed)
            @($own.Path | Sort-Object -Unique).Count | Should -Be 12
            $own.SplitHash | Sort-Object -Unique | Should -Be (Get-Content "./cv/seed$seed/folds.json" -Raw | ConvertFrom-Json).hash
            ($own | Measure-MammoPrediction -WarningAction Ignore).AucEstimate.ToString() | Should -Be $results[$seed - 1].Measurement.AucEstimate.ToString()
            $expected = Import-MammoModel "./model$seed.safetensors" | Invoke-MammoPredict -Dataset $films -WarningAction Ignore | Group-Object Path -AsHashTable
            foreach ($row in $own) { [double] $row.Score | Should -Be $expected[$row.Path].Score }
        }
        @($rows | Measure-MammoPrediction -GroupBy tissue -WarningAction Ignore) | Should -HaveCount 3
        Get-View $results | Should -Match '1 3 of 3\s+12\s+6 '
    }

    It 'never has a patient in two sets of a fold' {
        foreach ($call in $calls) {
            $tested = @(Import-Csv ./cv/scores.csv | Where-Object { $_.Seed -eq $call.Fold.Seed -and $_.Fold -eq $call.Fold.Fold } | ForEach-Object Patient | Sort-Object -Unique)
            $trained = @($call.Train.Images.Patient | Sort-Object -Unique)
            $chosen = @($call.Validation.Images.Patient | Sort-Object -Unique)
            @($trained + $chosen + $tested | Sort-Object) | Should -Be (1..6 | ForEach-Object { "P$_" })
            $call.Fold.Folder | Should -Exist
        }
    }

    It 'trains nothing again, adds seeds, and gives the same' {
        $calls.Clear()
        $before = Get-Tree ./cv
        $again = $films | Invoke-MammoCrossValidation ./cv $train -Fold 3 -Seed 1, 2 -ValidationShare 0.25 -WarningAction Ignore
        $calls.Count | Should -Be 0
        $again | ForEach-Object { $_.Measurement.Count } | Should -Be 12, 12
        Get-Tree ./cv | Should -Be $before
        Remove-Item ./cv/seed2/fold3/scores.csv
        $null = $films | Invoke-MammoCrossValidation ./cv $train -Fold 3 -Seed 1, 2 -ValidationShare 0.25 -WarningAction Ignore
        $calls | ForEach-Object { "$($_.Fold)" } | Should -Be 'seed 2, fold 3'
        Get-Tree ./cv | Should -Be $before
    }

    It 'goes on after a fold that failed, and measures when none is missing' {
        $failing = { param($train, $validation, $fold) if ($fold.Fold -eq 2 -and -not (Test-Path ./fixed)) { throw 'no memory' }; Import-MammoModel ./model1.safetensors }
        Get-ErrorId { $script:part = $films | Invoke-MammoCrossValidation ./failed $failing -Fold 3 -Seed 1 -ValidationShare 0 -WarningAction Ignore } | Should -Be 'Mammo.FoldNotTrained'
        $part = $films | Invoke-MammoCrossValidation ./failed $failing -Fold 3 -Seed 1 -ValidationShare 0 -WarningAction Ignore -ErrorAction Ignore
        "$($part.Finished)" | Should -Be '2'
        $part.Measurement | Should -BeNullOrEmpty
        $null = New-Item ./fixed
        ($films | Invoke-MammoCrossValidation ./failed $failing -Fold 3 -Seed 1 -ValidationShare 0 -WarningAction Ignore).Measurement.Count | Should -Be 12
    }

    It 'takes a fold for finished when all of its images have scores, and reads them before it trains' {
        $calls.Clear()
        $options = @{ Dataset = $films; Fold = 3; Seed = 1; ValidationShare = 0; WarningAction = 'Ignore'; ErrorAction = 'Continue' }
        $content = [IO.File]::ReadAllBytes("$TestDrive/film5.png")
        try {
            Set-Content ./film5.png 'no picture'
            $ids = Get-ErrorId { $script:part = Invoke-MammoCrossValidation ./unread $train @options }
            $ids | Should -Be 'Mammo.ImageUnreadable', 'Mammo.ImageUnscored'
            "$($part.Finished) $($calls.Count)" | Should -Be '2 2'
            $part.Measurement | Should -BeNullOrEmpty

            # One that is damaged while the others are trained on.
            [IO.File]::WriteAllBytes("$TestDrive/film5.png", $content)
            $damaging = { param($train, $validation, $fold) if (-not ($train.Images.Path -match 'film5')) { Set-Content ./film5.png 'no picture' }; "$PWD/model1.safetensors" }
            $null = Get-ErrorId { $script:part = Invoke-MammoCrossValidation ./damaged $damaging @options }
            $part.Finished | Should -BeLessThan 3
        }
        finally {
            [IO.File]::WriteAllBytes("$TestDrive/film5.png", $content)
        }
        (Invoke-MammoCrossValidation ./unread $train @options).Measurement.Count | Should -Be 12
        $calls.Count | Should -Be 3
    }

    It 'takes -Augment:$false as if it was left out' {
        (Invoke-MammoCrossValidation ./unread $train -Dataset $films -Fold 3 -Seed 1 -ValidationShare 0 -Augment:$false -WarningAction Ignore).Measurement.Count | Should -Be 12
    }

    It 'trains the folds that are named alone, without a validation set when none is asked for' {
        $calls.Clear()
        ($films | Invoke-MammoCrossValidation ./shared $train -Fold 3 -Seed 1 -ValidationShare 0 -FoldNumber 2 -WarningAction Ignore).Finished | Should -Be 1
        $calls[0].Validation | Should -BeNullOrEmpty
        ($films | Invoke-MammoCrossValidation ./shared $train -Fold 3 -Seed 1 -ValidationShare 0 -FoldNumber 1, 3 -WarningAction Ignore).Measurement.Count | Should -Be 12
        $calls.Fold.Fold | Should -Be 2, 1, 3
    }

    It 'keeps the folds of a split for every seed' {
        $null = $films | Split-MammoDataset -Fold 2 -Seed 9 -Stratify -SplitPath ./two.json
        $results = $films | Invoke-MammoCrossValidation ./same $train -FromSplit ./two.json -Seed 1, 2 -ValidationShare 0 -WarningAction Ignore
        $results.SplitHash | Sort-Object -Unique | Should -Be (Get-Content ./two.json -Raw | ConvertFrom-Json).hash
        $results.Folds | Should -Be 2, 2
    }

    It 'refuses a folder of <Name>' -ForEach @(
        @{ Name = 'other folds'; Options = @{ Fold = 2 } }
        @{ Name = 'another validation'; Options = @{ ValidationShare = 0.5 } }
        @{ Name = 'another script'; Options = @{ TrainingScript = { './model1.safetensors' } } }
        @{ Name = 'other options of scoring'; Options = @{ Augment = $true } }
        @{ Name = 'other images'; Options = @{ Dataset = { $films | Split-MammoDataset -Share 0.5, 0.5 | Select-Object -First 1 } } }
    ) {
        $all = Join-Table @{ Dataset = $films; Path = './cv'; TrainingScript = $train; Fold = 3; Seed = 1; ValidationShare = 0.25 } $Options
        if ($all.Dataset -is [scriptblock]) { $all.Dataset = & $all.Dataset }
        $before = Get-Tree ./cv
        Get-ErrorId { Invoke-MammoCrossValidation @all -WarningAction Ignore } | Should -Be 'Mammo.CrossValidationMismatch'
        Get-Tree ./cv | Should -Be $before
    }

    It 'has an id for <Name>' -ForEach @(
        @{ Name = 'a script that writes no model'; Training = { 'epoch 1' }; Id = 'Mammo.FoldNotTrained' }
        @{ Name = 'a script that writes nothing'; Training = { $null = 1 }; Id = 'Mammo.FoldNotTrained' }
        @{ Name = 'more folds than patients'; Options = @{ Fold = 7 }; Id = 'Mammo.SplitImpossible' }
        @{ Name = 'a fold that there is not'; Options = @{ FoldNumber = 4 }; Id = 'Mammo.EvaluationOptionInvalid' }
    ) {
        $all = Join-Table @{ Fold = 3; Seed = 1; ValidationShare = 0 } ($Options ?? @{})
        Get-ErrorId { $films | Invoke-MammoCrossValidation "./bad$([guid]::NewGuid())" ($Training ?? $train) @all -WarningAction Ignore } | Select-Object -Unique | Should -Be $Id
    }

    It 'refuses a model that was trained on the patients of its fold' {
        Import-MammoModel ./model1.safetensors |
            Invoke-MammoFinetune -Train $films -Validation $films -AllowLeakage -Epoch 1 -AllLayerEpoch 0 -BatchSize 4 -WarningAction Ignore |
            Export-MammoModel ./leaking.safetensors
        $leaking = { param($train, $validation, $fold) './leaking.safetensors' }
        Get-ErrorId { $films | Invoke-MammoCrossValidation ./leak $leaking -Fold 2 -Seed 1 -FoldNumber 1 -ValidationShare 0 -WarningAction Ignore } | Should -Be 'Mammo.DataLeakage'
        './leak/seed1/fold1/scores.csv' | Should -Not -Exist
        ($films | Invoke-MammoCrossValidation ./leak $leaking -Fold 2 -Seed 1 -FoldNumber 1 -ValidationShare 0 -AllowLeakage -WarningAction Ignore).Finished | Should -Be 1
    }

    It 'writes nothing with -WhatIf' {
        $calls.Clear()
        $films | Invoke-MammoCrossValidation ./what $train -Fold 3 -Seed 1 -ValidationShare 0.25 -WhatIf | Should -BeNullOrEmpty
        './what' | Should -Not -Exist
        $calls.Count | Should -Be 0
    }
}
