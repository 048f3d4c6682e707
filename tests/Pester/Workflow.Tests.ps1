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

Describe 'From films to a model of local contrast' {
    BeforeAll {
        $parts = Import-MammoDataset ./films.csv -Class neg, pos | Split-MammoDataset -Share 0.6, 0.4 -Stratify -Seed 1
        $sampling = @{
            PatchSize = 32; Abnormality = 2; Background = 2; Labelling = 'Abnormality'; ClassName = @{ background = 'neg'; abnormal = 'pos' }
            ImageSize = 160, 128; LocalContrast = 6
        }
        $null = $parts[0] | New-MammoPatchSet ./contrast-train @sampling
        $null = $parts[1] | New-MammoPatchSet ./contrast-validation @sampling
        $training = @{ Optimizer = 'AdamW'; LearningRate = 0.002; TrainBatchMultiplier = 1; WarningAction = 'Ignore' }
        $patches = @{ Train = './contrast-train'; Validation = './contrast-validation'; ImageSize = 32, 32; FromScratch = $true; Epoch = 1; BatchSize = 8 }
        function New-Small { New-PatchModel resnet_small -WidthMultiplier 0.25 -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 60 -Seed 1 @args }
        $patch = New-Small | Invoke-PatchTraining @patches @training
        $whole = $patch | New-WholeImageModel -ImageSize 160, 128 -HeatmapPooling TopK -TopK 3 -AvgPoolSize 2, 2 -Class neg, pos
    }

    It 'cuts the same places as without it, of another picture' {
        $plain = Join-Table $sampling @{ LocalContrast = 0 }
        $null = $parts[0] | New-MammoPatchSet ./plain-train @plain
        $places = foreach ($set in 'plain-train', 'contrast-train') { (Import-Csv "./$set/patches.csv" | ForEach-Object { "$($_.path) $($_.x) $($_.y)" }) -join ';' }
        $places[0] | Should -Be $places[1]
        $names = Import-Csv ./contrast-train/patches.csv | Select-Object -ExpandProperty path -First 1
        (Get-FileHash "./plain-train/$names").Hash | Should -Not -Be (Get-FileHash "./contrast-train/$names").Hash
    }

    It 'hands it on from the patches to the card, and from card to card and file' {
        $patch.Card.LocalContrast, $whole.Card.LocalContrast | Should -Be 6, 6
        $null = $whole | Export-MammoModel -Path ./contrast.safetensors
        (Import-MammoModel ./contrast.safetensors).Card.LocalContrast | Should -Be 6
        (Import-MammoModel ./contrast.safetensors -LocalContrast 0).Card.LocalContrast | Should -BeNullOrEmpty
        ($patch | New-WholeImageModel -ImageSize 160, 128 -TopDepth 8 -TopRepetition 1 -LocalContrast 9).Card.LocalContrast | Should -Be 9
    }

    It 'prepares films alike for scores, heatmaps and training, without being asked' {
        $score = ($parts[1] | Invoke-MammoPredict $whole).Score
        ($parts[1] | Invoke-MammoPredict $whole -LocalContrast 6).Score | Should -Be $score
        ($parts[1] | Invoke-MammoPredict (Import-MammoModel ./contrast.safetensors)).Score | Should -Be $score
        $mean = foreach ($map in $parts[1] | Get-MammoHeatmap $whole) {
            $highest = 0..($map.Rows * $map.Columns - 1) | ForEach-Object { $map.Values[2 * $_ + 1] } | Sort-Object -Descending -Top 3
            ($highest | Measure-Object -Average).Average
        }
        for ($i = 0; $i -lt $score.Count; $i++) { $mean[$i] | Should -BeGreaterThan ($score[$i] - 1e-4); $mean[$i] | Should -BeLessThan ($score[$i] + 1e-4) }
        ($parts[1] | Invoke-MammoPredict $whole)[0].Inference | Should -Match 'localcontrast=6;'
        $finetuned = $whole | Invoke-MammoFinetune -Train $parts[0] -Validation $parts[1] -Epoch 0 -AllLayerEpoch 1 -BatchSize 2 @training
        $finetuned.Card.LocalContrast | Should -Be 6
    }

    It 'keeps the scale of local contrast, which is not that of the film' {
        Get-WarningId { $parts[1] | Invoke-MammoPredict $whole -RescaleFactor 0.003891 } | Should -Contain 'Mammo.RescaleFactorUnused'
        Get-WarningId { $parts[1] | Invoke-MammoPredict $whole -RescaleFactor 1 } | Should -Not -Contain 'Mammo.RescaleFactorUnused'
        @($parts[1] | Invoke-MammoPredict $whole -RescaleFactor 0.003891 -WarningAction Ignore).Score |
            Should -Be @($parts[1] | Invoke-MammoPredict $whole -WarningAction Ignore).Score
    }

    It 'notices what contradicts the card' {
        Get-WarningId { $parts[1] | Invoke-MammoPredict $whole -LocalContrast 9 } | Should -Contain 'Mammo.LocalContrastDiffers'
        Get-WarningId { $parts[1] | Invoke-MammoPredict $whole -LocalContrast 0 } | Should -Contain 'Mammo.LocalContrastDiffers'
        Get-WarningId { $parts[1] | Invoke-MammoPredict $whole } | Should -Not -Contain 'Mammo.LocalContrastDiffers'
        Get-ErrorId { New-Small | Invoke-PatchTraining @patches @training -LocalContrast 9 } | Should -Be 'Mammo.LocalContrastDiffers'
        $mixed = Join-Table $patches @{ Validation = './plain-train' }
        Get-ErrorId { New-Small | Invoke-PatchTraining @mixed @training -AllowLeakage } | Should -Be 'Mammo.LocalContrastDiffers'
    }

    It 'sweeps patches of the same picture' {
        $map = @($parts[1] | Get-MammoHeatmap $patch -Kind Sweep -ImageSize 160, 128 -WarningAction Ignore)[0]
        $map.Inference | Should -Match 'localcontrast=6;'
    }

    It 'refuses a deviation that is none' {
        Get-ErrorId { $parts[0] | New-MammoPatchSet ./never -LocalContrast -1 } | Should -Be 'Mammo.ArgumentInvalid'
        Get-ErrorId { $parts[0] | New-MammoPatchSet ./never -LocalContrast 6 -Compatibility Numpy12345 } | Should -Be 'Mammo.PatchOptionInvalid'
    }

    It 'gives the mean of what the network is given' {
        $plain = Get-FeaturewiseMean ./films.csv -ImageSize 160, 128 -RescaleFactor 0.003891
        $contrast = Get-FeaturewiseMean ./films.csv -ImageSize 160, 128 -LocalContrast 6
        $contrast.Mean | Should -Not -Be $plain.Mean
        $contrast.ScaledMaximum | Should -BeGreaterThan 200
    }
}

Describe 'From films to a model of two planes' {
    BeforeAll {
        $parts = Import-MammoDataset ./films.csv -Class neg, pos | Split-MammoDataset -Share 0.6, 0.4 -Stratify -Seed 1
        $sampling = @{
            PatchSize = 32; Abnormality = 2; Background = 2; Labelling = 'Abnormality'; ClassName = @{ background = 'neg'; abnormal = 'pos' }
            ImageSize = 160, 128; LocalContrast = 6
        }
        $null = $parts[0] | New-MammoPatchSet ./planes-train @sampling -ZScore
        $null = $parts[1] | New-MammoPatchSet ./planes-validation @sampling -ZScore
        $training = @{ Optimizer = 'AdamW'; LearningRate = 0.002; TrainBatchMultiplier = 1; WarningAction = 'Ignore' }
        $patches = @{ Train = './planes-train'; Validation = './planes-validation'; ImageSize = 32, 32; FromScratch = $true; Epoch = 2; BatchSize = 8 }
        $mining = @{ HardNegativeFilm = $parts[0]; HardNegativeImageSize = 160, 128; HardNegative = 1; HardNegativeEvery = 1 }
        function New-Small { New-PatchModel resnet_small -WidthMultiplier 0.25 -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 60 -Seed 1 @args }
        $patch = New-Small -Channel 2 | Invoke-PatchTraining @patches @training @mining
        $whole = $patch | New-WholeImageModel -ImageSize 160, 128 -HeatmapPooling TopK -TopK 3 -AvgPoolSize 2, 2 -Class neg, pos |
            Invoke-MammoFinetune -Train $parts[0] -Validation $parts[1] -Epoch 0 -AllLayerEpoch 1 -BatchSize 2 -RoiLoss 1 -LoadTrainRam -Cache ./cache @training
    }

    It 'goes by cmdlets alone' {
        $patch.Card.LocalContrast, $whole.Card.LocalContrast | Should -Be 6, 6
        $patch.Card.Channels, $whole.Card.Channels | Should -Be 2, 2
        $null = $whole | Export-MammoModel -Path ./planes.safetensors
        $null = $whole | Export-MammoModel -Path ./planes.onnx
        $score = ($parts[1] | Invoke-MammoPredict (Import-MammoModel ./planes.safetensors) -Verbose 4>&1 | Tee-Object -Variable said | Where-Object Score).Score
        "$said" | Should -Match 'two planes'
        $other = ($parts[1] | Invoke-MammoPredict $whole -Engine Onnx).Score
        for ($i = 0; $i -lt $score.Count; $i++) { [Math]::Abs($other[$i] - $score[$i]) | Should -BeLessThan 1e-5 }
        $mean = foreach ($map in $parts[1] | Get-MammoHeatmap $whole) {
            $highest = 0..($map.Rows * $map.Columns - 1) | ForEach-Object { $map.Values[2 * $_ + 1] } | Sort-Object -Descending -Top 3
            ($highest | Measure-Object -Average).Average
        }
        for ($i = 0; $i -lt $score.Count; $i++) { $mean[$i] | Should -BeGreaterThan ($score[$i] - 1e-4); $mean[$i] | Should -BeLessThan ($score[$i] + 1e-4) }
        @($parts[1] | Get-MammoHeatmap $patch -Kind Sweep -ImageSize 160, 128 -WarningAction Ignore).Count | Should -Be $parts[1].Count
        @($parts[1] | Get-MammoHeatmap $whole -Kind GradCam).Count | Should -Be $parts[1].Count
    }

    It 'has patches that are one image of the size of a plane, and two planes' {
        $record = @(Get-ChildItem ./planes-train/*/*.png)[0] | Get-MammoImageInfo
        $record.Rows, $record.Columns, $record.Planes | Should -Be 32, 32, 2
        Get-View $record | Should -Match 'PNG +32 +32 +8 +2 planes'
        $film = (Get-Item $parts[0].Images[0].Path) | Get-MammoImageInfo
        $film.Planes | Should -Be 1
    }

    It 'trains other networks on the local contrast of such patches, as on that alone' {
        $null = $parts[0] | New-MammoPatchSet ./alone-train @sampling
        $null = $parts[1] | New-MammoPatchSet ./alone-validation @sampling
        $alone = Join-Table $patches @{ Train = './alone-train'; Validation = './alone-validation' }
        $scores = foreach ($sets in $patches, $alone) {
            ($parts[1] | Invoke-MammoPredict (New-Small | Invoke-PatchTraining @sets @training) -ImageSize 160, 128 -WarningAction Ignore).Score -join ' '
        }
        $scores[0] | Should -Be $scores[1]
        Get-ErrorId { New-Small -Channel 2 | Invoke-PatchTraining @alone @training } | Should -Be 'Mammo.LocalContrastDiffers'
    }

    It 'notices where planes are missing' {
        Get-WarningId { $parts[1] | Invoke-MammoPredict $whole -LocalContrast 0 } | Should -Contain 'Mammo.LocalContrastDiffers'
        Get-ErrorId { $parts[0] | New-MammoPatchSet ./never -ZScore } | Should -Be 'Mammo.PatchOptionInvalid'
        $other = New-Small | New-WholeImageModel -ImageSize 160, 128 -TopDepth 8 -TopRepetition 1 -LocalContrast 6 -Class neg, pos
        Get-ErrorId { Join-MammoModel $whole, $other } | Should -Be 'Mammo.ModelsDiffer'
        Get-ErrorId { Get-FeaturewiseMean ./films.csv -ZScore } | Should -Be 'Mammo.LocalContrastDiffers'
        (Get-FeaturewiseMean ./planes-train -ZScore).ChannelMean.Values.Count | Should -Be 2
    }

    It 'gives the mean of each plane' {
        $estimate = Get-FeaturewiseMean ./films.csv -ImageSize 160, 128 -LocalContrast 6 -ZScore
        $estimate.ChannelMean.Values.Count | Should -Be 2
        $estimate.ChannelMean.Average | Should -BeGreaterThan ($estimate.Mean - 1e-6)
        $estimate.ChannelMean.Average | Should -BeLessThan ($estimate.Mean + 1e-6)
        $card = (New-PatchModel resnet_small -Class neg, pos -Channel 2 -FeaturewiseMean $estimate.ChannelMean).Card
        $card.FeaturewiseMean -join ' ' | Should -Be ($estimate.ChannelMean.Values -join ' ')
        { $whole | Test-MammoInput -Dataset $parts[1] -WarningAction Ignore -ErrorAction Stop } | Should -Not -Throw
    }
}
