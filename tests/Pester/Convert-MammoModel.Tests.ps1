#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $models = Join-Path $repository 'tests/data/oracle/models'
    $card = @{ Class = 'a', 'b', 'c', 'd', 'e'; RescaleFactor = 0.003891; FeaturewiseMean = 52.18 }
    Copy-Item $models/vgg16_patch_d16.h5 ./m.h5
    Copy-Item ./m.h5 ./n.h5
}

AfterAll { Pop-Location }

Describe 'Convert-MammoModel' {
    It 'writes the same model, and a report that says so' {
        $report = Convert-MammoModel ./m.h5 @card
        $report.IsExact | Should -BeTrue
        $report.MaxWeightDifference | Should -Be 0
        './m.safetensors', './m.report.md' | Should -Exist
        $model = Import-MammoModel ./m.safetensors
        $model.Card.WeightHash | Should -Be (Import-MammoModel ./m.h5 @card).Card.WeightHash
        $model.Classes | Should -Be $card.Class
    }

    It 'compares scores that are known' {
        New-Film './films/1.png'
        Import-MammoModel ./m.h5 @card -ImageSize 224, 224 | Tee-Object -Variable model | Out-Null
        $score = './films/1.png' | Invoke-MammoPredict $model -Augment -WarningAction Ignore
        Set-Content ./known.csv "path,label,$($card.Class -join ',')", "films/1.png,,$($score.Probability.Values.ForEach{ $_.ToString('R', [cultureinfo]::InvariantCulture) } -join ',')"
        $report = Convert-MammoModel ./m.h5 ./scored.safetensors @card -ImageSize 224, 224 -Expected ./known.csv -Augment -WarningAction Ignore
        $report.OutputsCompared | Should -Be 5
        $report.MaxOutputDifference | Should -BeLessThan 1e-5
    }

    It 'compares every layer with float64 on images' {
        New-Film './films/1.png', './films/2.png'
        $report = Convert-MammoModel ./m.h5 ./layers.safetensors @card -ImageSize 224, 224 -Image (Get-ChildItem ./films/*.png)
        $report.Accuracy.Count | Should -BeGreaterThan 10
        $report.Accuracy[-1].MaxDifference | Should -BeGreaterThan 0
        $report.Accuracy.ForEach{ $_.MaxDifference | Should -BeLessThan (1e-4 * $_.RootMeanSquare) -Because $_.Name }
        Get-Content ./layers.report.md -Raw | Should -Match ([regex]::Escape("| $($report.Accuracy[-1].Name) | $($report.Accuracy[-1].Kind) |  | "))
        $json = Convert-MammoModel ./m.h5 ./layers.safetensors @card -ImageSize 224, 224 -Image ./films/1.png -Report ./layers.json -Force
        Get-View $report.Accuracy | Should -Match 'Name\s+Kind\s+Tile\s+MaxDifference\s+MeanDifference\s+RootMeanSquare[-\s]+block1_conv1\s+Conv2D\s+\d\.\de-\d\s+\d\.\de-\d\s+\d'
        (Get-Content ./layers.json -Raw | ConvertFrom-Json).accuracy.max_difference | Should -Be $json.Accuracy.MaxDifference
    }

    It 'looks at the images before it writes anything' {
        New-Film './films/1.png'
        Set-Content ./films/no.png 'no image'
        $faults = @{ './films/no.png' = 'Mammo.ImageUnreadable'; './films' = 'Mammo.ImageUnreadable'; './films/*.none' = 'Mammo.FileNotFound' }
        foreach ($image in $faults.Keys) {
            Convert-MammoModel ./m.h5 ./unread.safetensors @card -ImageSize 224, 224 -Image $image -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failure[0].FullyQualifiedErrorId | Should -BeLike "$($faults[$image]),*"
            Get-ChildItem ./unread* | Should -BeNullOrEmpty
        }
        Convert-MammoModel ./m.h5 ./unread.safetensors @card -ImageSize 224, 224 -Image ./films/1.png, ./films/none.png -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-ChildItem ./unread* | Should -BeNullOrEmpty
        (Convert-MammoModel ./m.h5 ./read.safetensors @card -ImageSize 224, 224 -Image './films/[1-9].png').Accuracy.Count | Should -BeGreaterThan 10
    }

    It 'finds the class of each column of known scores by its name' {
        New-Film './films/1.png'
        $two = New-PatchModel resnet_small -WidthMultiplier 0.25 -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52.18 | Export-MammoModel ./two.safetensors -Force -PassThru
        $p = ('./films/1.png' | Invoke-MammoPredict $two -ImageSize 224, 224 -WarningAction Ignore).Probability
        $text = $p['pos'].ToString('R', [cultureinfo]::InvariantCulture), $p['neg'].ToString('R', [cultureinfo]::InvariantCulture)
        Set-Content ./words.csv 'path,label,malignant,benign,age', "films/1.png,malignant,$($text -join ','),61"
        $options = @{ Destination = './three.safetensors'; Expected = './words.csv'; ImageSize = 224, 224; Force = $true; WarningAction = 'Ignore' }
        (Convert-MammoModel ./two.safetensors @options -ClassMap @{ age = '' }).MaxOutputDifference | Should -BeLessThan 1e-5
        Get-ErrorId { Convert-MammoModel ./two.safetensors @options } | Should -Be 'Mammo.ModelClassMismatch' -Because 'age is no class'
    }

    It 'asks what makes probabilities of logits, and writes the answer' {
        $logits = @{ Class = 'neg', 'pos'; RescaleFactor = 1; FeaturewiseMean = 0; Force = $true }
        $file = Join-Path $repository 'tests/data/keras/logits.h5'
        Get-WarningId { Convert-MammoModel $file ./asked.safetensors @logits } | Should -Be 'Mammo.OutputActivationUnknown'
        $report = Convert-MammoModel $file ./softmax.safetensors @logits -OutputActivation Softmax -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $report.IsExact | Should -BeTrue
        New-Film './films/1.png'
        $score = { (Invoke-MammoPredict $args[0] -Path ./films/1.png -WarningAction Ignore).Score }
        & $score ./softmax.safetensors | Should -Be (& $score (Import-MammoModel $file -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 0 -OutputActivation Softmax))
        Get-ErrorId { Convert-MammoModel ./m.h5 ./no.safetensors @card -OutputActivation Softmax } | Should -Be 'Mammo.ModelOptionConflict'
        './no.safetensors' | Should -Not -Exist
    }

    It 'writes elsewhere, and a report as JSON' {
        $null = Convert-MammoModel ./m.h5 -Destination ./other.safetensors -Report ./other.json @card
        (Get-Content ./other.json -Raw | ConvertFrom-Json) | Should -Not -BeNullOrEmpty
    }

    It 'takes <Name> from the pipeline, and goes on after one that cannot be written' -ForEach @(
        @{ Name = 'file names'; Script = { './m.h5', './n.h5' | Convert-MammoModel @card -ErrorAction SilentlyContinue -ErrorVariable failures; $script:failed = $failures } }
        @{ Name = 'file objects'; Script = { Get-Item ./m.h5, ./n.h5 | Convert-MammoModel @card -ErrorAction SilentlyContinue -ErrorVariable failures; $script:failed = $failures } }
    ) {
        Remove-Item ./n.safetensors, ./n.report.md -ErrorAction Ignore
        Set-Content ./m.safetensors 'kept'
        $reports = & $Script
        $reports | Should -HaveCount 1
        $reports.Target | Split-Path -Leaf | Should -Be 'n.safetensors'
        $failed.FullyQualifiedErrorId | Should -Match '^Mammo\.FileExists,'
        $failed.CategoryInfo.Category | Should -Be 'ResourceExists'
        Get-Content ./m.safetensors | Should -Be 'kept'
    }

    It 'writes nothing with -WhatIf' {
        $before = Get-Tree .
        Convert-MammoModel ./m.h5 ./none.safetensors -WhatIf | Should -BeNullOrEmpty
        Get-Tree . | Should -Be $before
    }

    It 'replaces files only with -Force' {
        $null = Convert-MammoModel ./m.h5 ./twice.safetensors @card
        Get-ErrorId { Convert-MammoModel ./m.h5 ./twice.safetensors @card } | Should -Be 'Mammo.FileExists'
        Get-ErrorId { Convert-MammoModel ./m.h5 ./twice.safetensors @card -Force } | Should -BeNullOrEmpty
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.FileNotFound'; Name = 'a file that is missing'; Script = { Convert-MammoModel ./missing.h5 } }
        @{ Id = 'Mammo.ModelFileInvalid'; Name = 'a file that is no model'; Script = { Convert-MammoModel $repository/examples/data/Calc-Test_P_00041_LEFT_CC.png ./never.safetensors } }
        @{ Id = 'Mammo.FileNotFound'; Name = 'an image that is missing'; Script = { Convert-MammoModel ./m.h5 ./never.safetensors @card -Image ./missing.png } }
        @{ Id = 'Mammo.FileNotFound'; Name = 'scores that are missing'; Script = { Convert-MammoModel ./m.h5 ./never.safetensors -Expected ./missing.csv } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
        './never.safetensors' | Should -Not -Exist
    }

    It 'is shown with its differences' {
        Get-View (Convert-MammoModel ./m.h5 ./shown.safetensors @card) | Should -Match 'Source\s+Target\s+Architecture\s+Nodes\s+IsExact\s+Weights\s+Outputs'
    }
}
