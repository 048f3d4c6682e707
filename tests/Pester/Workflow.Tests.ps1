#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film (0..9 | ForEach-Object { "./film$_.png" })
    Set-Content ./films.csv (@('path,label,patient,laterality,view,roi_x,roi_y,roi_radius,roi_type,pathology') + (0..9 | ForEach-Object {
        "film$_.png,$(('neg', 'pos')[$_ % 2]),P$_,L,CC,$(if ($_ % 2) { '40,80,12,mass,MALIGNANT' } else { ',,,,' })"
    }))
}

AfterAll { Pop-Location }

Describe 'From annotated films to a measured model' {
    It 'goes by cmdlets alone, as examples/Train-MiniMias.ps1 does on real films' {
        $parts = Import-MammoDataset ./films.csv -Class neg, pos | Split-MammoDataset -Fold 5 -Stratify -Seed 1
        $train, $validation = Split-MammoDataset $parts[0..3] -Share 0.5, 0.5 -Stratify -Seed 1
        $sampling = @{ PatchSize = 32; Abnormality = 2; Background = 2; Labelling = 'Abnormality'; ClassName = @{ background = 'neg'; abnormal = 'pos' } }
        $null = $train | New-MammoPatchSet ./train @sampling
        $null = $validation | New-MammoPatchSet ./validation @sampling
        $training = @{ Optimizer = 'AdamW'; TrainBatchMultiplier = 1; WarningAction = 'Ignore' }
        $whole = New-PatchModel resnet_small -WidthMultiplier 0.25 -Class neg, pos -RescaleFactor 0.003891 -Seed 1 |
            Invoke-PatchTraining -Train ./train -Validation ./validation -ImageSize 32, 32 -FeaturewiseMean 60 -FromScratch -Epoch 1 -BatchSize 8 -LearningRate 0.002 @training |
            New-WholeImageModel -ImageSize 160, 128 -HeatmapPooling TopK -TopK 3 -AvgPoolSize 2, 2 -Class neg, pos |
            Invoke-MammoFinetune -Train $train -Validation $validation -Epoch 0 -AllLayerEpoch 2 -BatchSize 2 -LearningRate 1e-3 -AllLayerMultiplier 1 -RoiLoss 1 `
                -HistoryVariable history @training
        $measurement = $whole | Invoke-MammoPredict -Dataset $parts[4] -Augment | Measure-MammoPrediction -WarningAction Ignore

        $whole.Card.Architecture | Should -Be 'resnet_small (width 0.25) + heatmap-top3'
        $whole.Card.Training['splits'].Count | Should -Be 2
        $history[1].Loss | Should -BeLessThan $history[0].Loss
        $measurement.Count | Should -Be 2
        $measurement.SplitHash | Should -Be $parts[4].Splits[0]
        Get-WarningId { $script:known = $whole | Invoke-MammoPredict -Dataset $train } | Should -Contain 'Mammo.DataLeakage'
        Get-ErrorId { $known | Measure-MammoPrediction -WarningAction Ignore } | Should -Be 'Mammo.DataLeakage'
        Get-WarningId { $whole | Invoke-MammoPredict -Dataset $validation } | Should -Not -Contain 'Mammo.DataLeakage'
    }
}
