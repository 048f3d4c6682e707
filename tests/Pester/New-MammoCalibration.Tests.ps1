#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film (1..6 | ForEach-Object { "./film$_.png" })
    Set-Content ./list.csv (@('path,label,patient') + (1..6 | ForEach-Object { "film$_.png,$(('neg', 'pos')[$_ % 2]),P$_" }))
    $made = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 0.003891 |
        New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1 -FeaturewiseMean 60
    $made | Export-MammoModel ./model.safetensors
    $model = Import-MammoModel ./model.safetensors
    $predictions = Import-MammoDataset ./list.csv -Class neg, pos | Invoke-MammoPredict $model
    $inference = $predictions[0].Inference
    # 1,000 patients of a screening site, scored by the same model: one in ten is ill.
    $rows = foreach ($i in 1..1000) {
        $ill = $i % 10 -eq 0
        $u = ($i * 389 % 1000) / 1000
        [pscustomobject] @{ path = "v$i.png"; label = $ill ? 'pos' : 'neg'; patient = "V$i"; score = [Math]::Round($ill ? 0.45 + 0.5 * $u : 0.7 * $u * $u, 6); inference = $inference }
    }
}

AfterAll { Pop-Location }

Describe 'New-MammoCalibration' {
    It 'makes probabilities of scores by <_>, which keep their order' -ForEach 'Platt', 'Beta', 'Isotonic' {
        $map = ($rows | New-MammoCalibration $model -Method $_).Card.Calibration.Map
        $calibrated = $rows | Select-Object path, label, patient, @{ Name = 'score'; Expression = { $map.Apply($_.score) } }
        $before, $after = ($rows | Measure-MammoPrediction), ($calibrated | Measure-MammoPrediction)
        $after.Evaluation.Statistics['BrierScore'].Value | Should -BeLessThan $before.Evaluation.Statistics['BrierScore'].Value
        $after.Evaluation.Statistics['CalibrationError'].Value | Should -BeLessThan 0.03
        [Math]::Abs($after.Auc - $before.Auc) | Should -BeLessThan ($_ -eq 'Isotonic' ? 0.01 : 1e-12)
    }

    It 'is in the card and its file, and Invoke-MammoPredict -Calibrate applies it' {
        $rows | New-MammoCalibration $model | Export-MammoModel ./calibrated.safetensors
        $again = Import-MammoModel ./calibrated.safetensors
        $again.Card.Calibration.Method | Should -Be 'Platt'
        $calibrated = Import-MammoDataset ./list.csv -Class neg, pos | Invoke-MammoPredict $again -Calibrate
        foreach ($i in 0..5) {
            $calibrated[$i].Score | Should -Be $again.Card.Calibration.Map.Apply($predictions[$i].Score)
            $calibrated[$i].Probability['neg'] | Should -Be (1 - $calibrated[$i].Score)
        }
        $calibrated[0].Inference | Should -Match 'calibrate=true'
        (Import-MammoDataset ./list.csv -Class neg, pos | Invoke-MammoPredict $again).Score | Should -Be $predictions.Score
    }

    It 'keeps a promise on other patients of the same site, and says about how many nothing is decided' {
        $card = ($rows | New-MammoCalibration $model -NegativePredictiveValue 0.95 -PositivePredictiveValue 0.5 -Confidence 0.9).Card
        $card.Calibration | Should -BeNullOrEmpty
        $decision = $card.Decision
        $decided = $rows | Group-Object { "$($decision.Rule.Decide($_.score))" } -AsHashTable
        $decided.Keys | Sort-Object | Should -Be 'Negative', 'None', 'Positive'
        @($decided.Negative | Where-Object label -EQ neg).Count / $decided.Negative.Count | Should -BeGreaterThan 0.95
        @($decided.Positive | Where-Object label -EQ pos).Count / $decided.Positive.Count | Should -BeGreaterThan 0.5
        $decision.AbstentionShare | Should -Be ($decided.None.Count / 1000)
        $decision.Negative.Bound, $decision.Positive.Bound | ForEach-Object { $_ } | Should -HaveCount 2
        Get-View ($model | ForEach-Object { $rows | New-MammoCalibration $_ -NegativePredictiveValue 0.95 }) | Should -Match 'Decision +: negative below 0\.\d{4}, never positive, no decision about \d+\.\d% of 1000 validation images; negative predictive value at least 0.95, confidence 0.9, where 0.1 are positive'
    }

    It 'fills Decision and PredictedClass from the card alone, for scores made the same way' {
        @($predictions.Decision + $predictions.PredictedClass) -ne $null | Should -BeNullOrEmpty
        $youden = $rows | New-MammoCalibration $model -OperatingPoint Youden
        $decided = Import-MammoDataset ./list.csv -Class neg, pos | Invoke-MammoPredict $youden
        $threshold = $youden.Card.Decision.Rule.Upper
        $decided.PredictedClass | Should -Be ($predictions.Score | ForEach-Object { $_ -ge $threshold ? 'pos' : 'neg' })
        "$($decided[0].Decision)" | Should -Be ($predictions[0].Score -ge $threshold ? 'Positive' : 'Negative')
        $warnings = Get-WarningId { $script:flipped = Import-MammoDataset ./list.csv -Class neg, pos | Invoke-MammoPredict $youden -Augment }
        $warnings | Should -Contain 'Mammo.ThresholdForeign'
        @($flipped.Decision -ne $null) | Should -HaveCount 0
        ($predictions | Measure-MammoPrediction -ThresholdFrom $youden -WarningAction Ignore).Evaluation.OperatingPoints[-1].Threshold | Should -Be $threshold
    }

    It 'has thresholds for patients too, which decide no image' {
        $two = $rows | ForEach-Object { $_; $_ | Select-Object * -ExcludeProperty path | Select-Object *, @{ Name = 'path'; Expression = { "b$($_.patient).png" } } }
        Get-ErrorId { $two | New-MammoCalibration $model -NegativePredictiveValue 0.95 } | Should -Be 'Mammo.PatientNotIndependent'
        $patient = $two | New-MammoCalibration $model -NegativePredictiveValue 0.95 -By Patient
        $patient.Card.Decision.Count | Should -Be 1000
        @((Import-MammoDataset ./list.csv -Class neg, pos | Invoke-MammoPredict $patient).Decision -ne $null) | Should -HaveCount 0
        ($two | Measure-MammoPrediction -By Patient -ThresholdFrom $patient).Evaluation.OperatingPoints[-1].Name | Should -Be 'card: negative below'
        Get-ErrorId { $two | Measure-MammoPrediction -ThresholdFrom $patient } | Should -Be 'Mammo.ThresholdForeign'
    }

    It 'has an id for <Name>' -ForEach @(
        @{ Name = 'one class'; Given = { $rows | Where-Object label -EQ neg }; Id = 'Mammo.CalibrationImpossible' }
        @{ Name = 'three images'; Given = { $rows[8..10] }; Options = @{ NegativePredictiveValue = 0.99 }; Id = 'Mammo.PromiseImpossible' }
        @{ Name = 'a promise above 1'; Given = { $rows }; Options = @{ NegativePredictiveValue = 99 }; Id = 'Mammo.EvaluationOptionInvalid' }
        @{ Name = 'a promise and a point'; Given = { $rows }; Options = @{ NegativePredictiveValue = 0.9; OperatingPoint = 'Youden' }; Id = 'Mammo.EvaluationOptionInvalid' }
        @{ Name = 'predictions of another model'; Given = { $rows | Select-Object path, label, score, @{ Name = 'inference'; Expression = { 'model=x;weights=1' } } }; Id = 'Mammo.ThresholdForeign' }
        @{ Name = 'patients of the training'; Given = { $rows | Select-Object *, @{ Name = 'warning'; Expression = { 'Mammo.DataLeakage' } } }; Id = 'Mammo.DataLeakage' }
        @{ Name = 'no predictions with a class'; Given = { $rows | Select-Object path, score, inference }; Id = 'Mammo.ClassEmpty' }
    ) {
        $Options ??= @{}
        Get-ErrorId { & $Given | New-MammoCalibration $model @Options -WarningAction Ignore } | Should -Be $Id
    }

    It 'refuses to calibrate scores that were made otherwise, and without a calibration' {
        $calibrated = $rows | New-MammoCalibration $model
        Get-ErrorId { './film1.png' | Invoke-MammoPredict $calibrated -Calibrate -Augment } | Should -Be 'Mammo.ThresholdForeign'
        Get-ErrorId { './film1.png' | Invoke-MammoPredict $model -Calibrate } | Should -Be 'Mammo.CalibrationMissing'
        Get-WarningId { $rows | Select-Object path, label, score | New-MammoCalibration $model } | Should -Be 'Mammo.ThresholdForeign'
    }
}
