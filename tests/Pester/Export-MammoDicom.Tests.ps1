#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $dicom = Join-Path $repository tests/data/dicom
    # Two images of one study and one of another.
    $films = "$dicom/window-linear.dcm", "$dicom/monochrome1.dcm", "$dicom/explicit-le.dcm"
    $model = New-PatchModel resnet_small -Class neg, malignant -RescaleFactor 0.003891 -FeaturewiseMean 52 -Seed 1
    $p = Invoke-MammoPredict $model -Path $films -ImageSize 64, 64 -WarningAction Ignore
    $map = Get-MammoHeatmap $model -Path $films[0] -ImageSize 128, 128 -WarningAction Ignore
}

AfterAll { Pop-Location }

Describe 'Export-MammoDicom' {
    It 'writes a report for each study, the same when it is written again' {
        $files = $p | Export-MammoDicom ./reports -PassThru
        $files.Count | Should -Be 2
        $files.Name | Should -Match '^SR\.2\.25\.\d+\.dcm$'
        $before = Get-Tree ./reports
        $p[2, 1, 0] | Export-MammoDicom ./reports -Force
        Get-Tree ./reports | Should -Be $before
        (Get-MammoImageInfo $files[0].FullName).Modality | Should -Be 'SR'
        $p | Export-MammoDicom ./reports -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId -replace ',.*' | Should -Be 'Mammo.FileExists', 'Mammo.FileExists'
    }

    It 'writes picture and presentation state of a heatmap beside them' {
        $files = $p[0] | Export-MammoDicom ./all -Heatmap $map -PassThru
        $files.Name.Substring(0, 2) | Should -Be 'SC', 'PR', 'SR'
        $info = Get-MammoImageInfo $files.FullName
        $info.StudyInstanceUid | Select-Object -Unique | Should -Be (Get-MammoImageInfo $films[0]).StudyInstanceUid
        $info.Modality | Should -Be 'OT', 'PR', 'SR'
        (Export-MammoDicom ./one -Heatmap $map -Kind PresentationState -PassThru).Name | Should -Be $files[1].Name
    }

    It 'makes the heatmaps of predictions as these were made, also from a CSV' {
        $q = Invoke-MammoPredict mini-mias -Path $films -RescaleFactor 0.0039 -FeaturewiseMean 40 -WarningAction Ignore
        $files = $q | Export-MammoDicom ./own -Kind StructuredReport, Heatmap -WarningAction Ignore -PassThru
        $files.Name.Substring(0, 2) | Should -Be 'SC', 'SC', 'SC', 'SR', 'SR'
        $given = Get-MammoHeatmap mini-mias -Path $films -RescaleFactor 0.0039 -FeaturewiseMean 40 -WarningAction Ignore
        $q | Export-MammoDicom ./given -Heatmap $given -Kind StructuredReport, Heatmap -Model mini-mias
        Get-Tree ./own | Should -Be (Get-Tree ./given)
        $q | Export-Csv ./q.csv
        Import-Csv ./q.csv | Export-MammoDicom ./read -Kind StructuredReport, Heatmap -WarningAction Ignore
        Get-Tree ./read | Should -Be (Get-Tree ./given)
        # Where one is given, no other is made.
        ($q | Export-MammoDicom ./part -Heatmap $given[1] -Kind Heatmap -PassThru).Name | Should -Be $files[1].Name
    }

    It 'finds the model of a heatmap by its weights: in memory, by its file, or as it is given' {
        $model | Export-MammoModel ./m.safetensors
        $made = Import-MammoModel ./m.safetensors | Invoke-MammoPredict -Path $films[0] -ImageSize 128, 128 -WarningAction Ignore
        $memory = Invoke-MammoPredict $model -Path $films[0] -ImageSize 128, 128 -WarningAction Ignore
        $made | Export-MammoDicom ./file -Kind Heatmap -WarningAction Ignore
        $memory | Export-MammoDicom ./memory -Kind Heatmap -WarningAction Ignore
        (Get-ChildItem ./memory).Name | Should -Match '^SC'
        $row = $memory | ConvertTo-Csv | ConvertFrom-Csv
        Get-ErrorId { $row | Export-MammoDicom ./lost -Kind Heatmap } | Should -Be 'Mammo.PredictionModelMissing'
        $other = New-PatchModel resnet_small -Class neg, malignant -RescaleFactor 0.003891 -FeaturewiseMean 52 -Seed 2
        Get-ErrorId { $row | Export-MammoDicom ./lost -Kind Heatmap -Model $other } | Should -Be 'Mammo.PredictionModelMissing'
        './lost' | Should -Not -Exist
        $row | Export-MammoDicom ./model -Kind Heatmap -Model $model -WarningAction Ignore
        Get-Tree ./model | Should -Be (Get-Tree ./memory)
        (Get-ChildItem ./file).Name | Should -Match '^SC'
        # One that is lost takes nothing from the others.
        $next = Import-MammoModel ./m.safetensors | Invoke-MammoPredict -Path $films[1] -ImageSize 128, 128 -WarningAction Ignore
        $written = @($row, $next | Export-MammoDicom ./mixed -Kind Heatmap -PassThru -WarningAction Ignore -ErrorVariable lost -ErrorAction SilentlyContinue)
        $written.Name | Should -Match '^SC'
        $written.Count | Should -Be 1
        $lost[0].FullyQualifiedErrorId | Should -Match '^Mammo.PredictionModelMissing'
    }

    It 'writes what an export that was stopped left out' {
        $null = $p[0] | Export-MammoDicom ./stopped -Heatmap $map -PassThru | Select-Object -First 1
        @(Get-ChildItem ./stopped).Count | Should -Be 1
        $p[0] | Export-MammoDicom ./stopped -Heatmap $map -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId -replace ',.*' | Should -Be 'Mammo.FileExists'
        (Get-ChildItem ./stopped).Name.Substring(0, 2) | Sort-Object | Should -Be 'PR', 'SC', 'SR'
    }

    It 'takes the thresholds of a decision from the card that decided' {
        $careful = Import-MammoModel -Name mini-mias -Threshold 0.25 -ThresholdChosenBy 'a test'
        $decided = Invoke-MammoPredict $careful -Path $films -WarningAction Ignore
        $decided[0].Decision | Should -Not -BeNullOrEmpty
        $decided | Export-MammoDicom ./decided -ErrorAction Stop
        $decided | Export-MammoDicom ./decided-model -Model $careful
        Get-Tree ./decided | Should -Be (Get-Tree ./decided-model)
    }

    It 'says that heatmaps without predictions are in no report' {
        (Export-MammoDicom ./alone -Heatmap $map -PassThru -WarningVariable warned -WarningAction SilentlyContinue).Name.Substring(0, 2) | Should -Be 'SC', 'PR'
        "$warned" | Should -BeLike '*Mammo.HeatmapUnreported*'
        Export-MammoDicom ./alone2 -Heatmap $map -Kind StructuredReport -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId -replace ',.*' | Should -Be 'Mammo.HeatmapUnreported'
        $p[1] | Export-MammoDicom ./alone3 -Heatmap $map -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '*Mammo.HeatmapUnreported*'
    }

    It 'takes predictions back from a CSV, JSON or a clixml' {
        $null = $p | Export-MammoDicom ./first
        $p | Export-Csv ./p.csv
        Import-Csv ./p.csv | Export-MammoDicom ./csv
        $p | ConvertTo-Json -Depth 4 | ConvertFrom-Json | Export-MammoDicom ./json
        $p | Export-Clixml ./p.xml
        Import-Clixml ./p.xml | Export-MammoDicom ./clixml
        foreach ($folder in './csv', './json', './clixml') {
            Get-Tree $folder | Should -Be (Get-Tree ./first)
        }
    }

    It 'writes nothing with -WhatIf' {
        $p | Export-MammoDicom ./whatif -WhatIf
        './whatif' | Should -Not -Exist
    }

    It 'has an id for <Name>, and goes on' -ForEach @(
        @{ Name = 'an image that is not DICOM'; Ids = 'Mammo.DicomSourceMissing'; Change = { New-Film ./film.png; $_.Path = "$PWD/film.png" } }
        @{ Name = 'an image that is gone'; Ids = 'Mammo.FileNotFound'; Change = { $_.Path = './gone.dcm' } }
        @{ Name = 'a row without how it was scored'; Ids = 'Mammo.PredictionInvalid'; Change = { $_.Inference = '' } }
        @{ Name = 'a row without probabilities'; Ids = 'Mammo.PredictionInvalid'; Change = { $_.Probability = '' } }
        @{ Name = 'a row without path'; Ids = 'Mammo.PredictionInvalid'; Change = { $_.Path = '' } }
        @{ Name = 'a score that is none'; Ids = 'Mammo.ScoreInvalid'; Change = { $_.Score = '1.5' } }
        @{ Name = 'a decision without its threshold'; Ids = 'Mammo.ThresholdUnknown'; Change = { $_.Decision = 'Positive' } }
        @{ Name = 'a decision that is none'; Ids = 'Mammo.PredictionInvalid'; Change = { $_.Decision = 'maybe' } }
        @{ Name = 'another image under the path'; Ids = 'Mammo.DicomResultImpossible'; Change = { $_.SopInstanceUid = '1.2.3' } }
        @{ Name = 'another image by the column of its dataset'; Ids = 'Mammo.DicomResultImpossible'; Change = { $_.SopInstanceUid = ''; $_ | Add-Member sop_instance_uid 1.2.3 } }
    ) {
        $rows = $p | ConvertTo-Csv | ConvertFrom-Csv
        $rows[0] | ForEach-Object $Change
        $folder = "./errors-$([guid]::NewGuid())"
        $rows | Export-MammoDicom $folder -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId -replace ',.*' | Should -Be $Ids
        (Get-ChildItem $folder).Count | Should -Be 2
    }

    It 'gives results to no other image that came under the path' {
        Copy-Item $films[0] ./film.dcm
        $score = Invoke-MammoPredict $model -Path ./film.dcm -ImageSize 64, 64 -WarningAction Ignore
        $drawn = Get-MammoHeatmap $model -Path ./film.dcm -ImageSize 128, 128 -WarningAction Ignore
        $score.SopInstanceUid, $drawn.SopInstanceUid | Should -Be @((Get-MammoImageInfo $films[0]).SopInstanceUid, (Get-MammoImageInfo $films[0]).SopInstanceUid)
        Copy-Item $films[2] ./film.dcm
        $score | Export-MammoDicom ./swapped -Heatmap $drawn -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId -replace ',.*' | Should -Be 'Mammo.DicomResultImpossible', 'Mammo.DicomResultImpossible'
        './swapped' | Should -Not -Exist
    }

    It 'ends for a picture by a model without heatmap, and for a folder that is none' {
        $scorer = New-WholeImageModel (New-PatchModel resnet_small -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52 -Seed 1) -ImageSize 128, 128 -BlockType Vgg -TopDepth 4 -TopRepetition 1
        $scored = Invoke-MammoPredict $scorer -Path $films[0] -WarningAction Ignore
        Get-ErrorId { $scored | Export-MammoDicom ./none -Kind Heatmap } | Should -Be 'Mammo.HeatmapImpossible'
        './none' | Should -Not -Exist
        Get-ErrorId { $p[0] | Export-MammoDicom env:none } | Should -Be 'Mammo.FileNotFound'
    }
}
