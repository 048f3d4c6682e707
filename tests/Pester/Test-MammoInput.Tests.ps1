#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $dicom = Join-Path $repository tests/data/dicom
    # Twelve films with the chest wall at the left and nothing beside the breast; six of them once more as they were.
    New-Film (1..12 | ForEach-Object { "./raw/$(('neg', 'pos')[$_ % 2])/$_.png" })
    $null = Convert-MammoImage ./raw ./train -FlipToLeft -SuppressArtifact
    $films = Import-MammoDataset ./train -Class neg, pos
    $model = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 0.003891 |
        New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1
    $mean = (Get-FeaturewiseMean -Dataset $films -RescaleFactor 0.003891 -ImageSize 64, 64).Mean
    $null = $model | Invoke-MammoFinetune -Train $films -Validation $films -FeaturewiseMean $mean -BatchSize 4 -Epoch 2 -AllLayerEpoch 0 -Optimizer Adam -LearningRate 0.01 `
        -AllowLeakage -WarningAction Ignore
    function Get-Score($Path, [hashtable] $Option = @{}) {
        @(Invoke-MammoPredict $model -Path $Path -WarningAction Ignore @Option).Score
    }
}

AfterAll { Pop-Location }

Describe 'Test-MammoInput' {
    It 'says what the training saw in the card, and finds nothing in its images' {
        $inputs = $model.Card.Inputs
        $inputs.Count, $inputs.AtLeft, $inputs.AtRight, $inputs.WithMarks | Should -Be 12, 12, 0, 0
        "$($inputs.BitDepths.Keys)" | Should -Be '16'
        $inputs.Greys | Measure-Object -Sum | ForEach-Object { [Math]::Round($_.Sum, 6) } | Should -Be 1
        @($films | Test-MammoInput $model -WarningAction Ignore).Id | Should -Not -Match 'Mammo.Input'
        $model | Export-MammoModel ./seen.safetensors -Force
        (Import-MammoModel ./seen.safetensors).Card.Inputs.Greys | Should -Be $inputs.Greys
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'a dataset'; Script = { $films | Test-MammoInput $model -TargetScale 20 } }
        @{ Name = 'a dataset beside a model from the pipeline'; Script = { $model | Test-MammoInput -Dataset $films -TargetScale 20 } }
        @{ Name = 'file objects'; Script = { Get-ChildItem ./train -Recurse -File | Test-MammoInput $model -TargetScale 20 -WorkerCount 1 } }
        @{ Name = 'paths'; Script = { Test-MammoInput $model -Path ./train/*/*.png -TargetScale 20 } }
        @{ Name = 'rows of a list'; Script = { $films.Images | ForEach-Object { [pscustomobject]@{ path = $_.Path } } | Test-MammoInput $model -TargetScale 20 } }
    ) {
        $differences = & $Script
        ($differences | Where-Object { $_.Path -and $_.Id -eq 'Mammo.InputGreys' }) | Should -HaveCount 12
        $differences.Model | Select-Object -Unique | Should -Be $model.Name
    }

    It 'says how the score moves when the scale is fixed' {
        $null = Convert-MammoImage ./train ./eight -BitDepth 8
        $difference = Get-ChildItem ./eight -Recurse -File | Test-MammoInput $model
        $scale = @($difference | Where-Object { $_.Path -and $_.Id -eq 'Mammo.BitDepthMismatch' })
        $scale | Should -HaveCount 12
        foreach ($one in $scale) {
            $one.Score | Should -Be (Get-Score $one.Path)
            $one.FixedScore | Should -Be (Get-Score $one.Path @{ RescaleFactor = 1 })
        }
        $difference.Id | Should -Contain 'Mammo.InputDepth'
        $set = $difference | Where-Object { -not $_.Path -and $_.Id -eq 'Mammo.BitDepthMismatch' }
        $set.Images | Should -Be 12
        $set.Score | Should -BeLessOrEqual ($scale.Score | Measure-Object -Maximum).Maximum
        [Math]::Abs($set.FixedScore - ($scale.FixedScore | Measure-Object -Average).Average) | Should -BeLessThan 1e-9
        $set.Auc | Should -BeNullOrEmpty
    }

    It 'says how the AUC of a set moves' {
        $null = Convert-MammoImage ./train ./labelled -BitDepth 8
        $set = Import-MammoDataset ./labelled -Class neg, pos | Test-MammoInput $model | Where-Object { -not $_.Path -and $_.Id -eq 'Mammo.BitDepthMismatch' }
        $expected = 0.003891, 1 | ForEach-Object { (Import-MammoDataset ./labelled -Class neg, pos | Invoke-MammoPredict $model -RescaleFactor $_ -WarningAction Ignore | Measure-MammoPrediction).Auc }
        $set.Auc, $set.FixedAuc | Should -Be $expected
    }

    It 'notices the other side and marks' {
        $right = Get-ChildItem ./raw -Recurse -File | Where-Object { (Convert-MammoImage $_ ./turned -FlipToLeft -Force).IsFlipped } | Convert-MammoImage -Destination ./right -SuppressArtifact
        $right | Should -Not -BeNullOrEmpty
        $side = $right | ForEach-Object { Test-MammoInput $model -Path $_.Target } | Where-Object Id -EQ 'Mammo.InputSide'
        $side | Should -HaveCount $right.Count
        $side.FixedScore | Should -Not -BeNullOrEmpty
        $side[0].SuggestedFix | Should -Match 'FlipToLeft'
        (Test-MammoInput $model -Path ./raw/*/*.png | Where-Object Path).Id | Should -Contain 'Mammo.InputMarks'
    }

    It 'reports what is refused or cannot be read, and goes on' {
        Set-Content ./broken.png 'no image'
        $differences = Test-MammoInput $model -Path ./broken.png, "$dicom/for-processing.dcm", ./train/neg/2.png
        $differences.Id[0..1] | Should -Be 'Mammo.ImageUnreadable', 'Mammo.DicomForProcessing'
        $differences[0].Score | Should -BeNullOrEmpty
        $differences[1].SuggestedFix | Should -Match 'AllowForProcessing'
    }

    It 'compares with the films of the model that comes with Mammo' {
        $differences = Test-MammoInput mini-mias -Path ./raw/*/*.png -RescaleFactor 0.003891
        $differences.Id | Should -Not -Contain 'Mammo.InputUnknown'
        $differences.Id | Should -Contain 'Mammo.InputDepth'
    }

    It 'says of a model without a profile that it has none' {
        $other = New-PatchModel resnet_small -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52 -Seed 1
        $difference = Test-MammoInput $other -Path ./train/neg/2.png -ImageSize 64, 64
        $difference.Id | Should -Contain 'Mammo.InputUnknown'
    }

    It 'is shown in one table' {
        $view = Get-View (Test-MammoInput $model -Path ./train/neg/2.png, ./train/pos/1.png -TargetScale 20)
        $view | Should -Match 'Image\s+Id\s+Score\s+Fixed\s+AUC\s+Fixed\s+Evidence'
        $view | Should -Match '2\.png\s+InputGreys\s+0\.\d{4}'
        $view | Should -Match '\(set\)\s+InputGreys'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Name = 'a missing file'; Id = 'Mammo.FileNotFound'; Script = { Test-MammoInput $model -LiteralPath ./missing.png } }
        @{ Name = 'a class without an output'; Id = 'Mammo.ModelClassMismatch'; Script = { [pscustomobject]@{ path = './train/neg/2.png'; label = 'zebra' } | Test-MammoInput $model } }
        @{ Name = 'values that there are not'; Id = 'Mammo.DicomVoiMissing'; Script = { Test-MammoInput $model -Path ./train/neg/2.png -Voi Loud } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
