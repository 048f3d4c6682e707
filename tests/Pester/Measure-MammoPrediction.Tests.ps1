#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film (1..6 | ForEach-Object { "./film$_.png" })
    Set-Content ./list.csv (@('path,label') + (1..6 | ForEach-Object { "film$_.png,$(('neg', 'pos')[$_ % 2])" }))
    # Scores of another program: 40 patients of two images each, of which the first view scores a little higher.
    $rows = foreach ($patient in 1..40) {
        foreach ($view in 'CC', 'MLO') {
            [pscustomobject] @{
                path = "p$patient$view.png"; label = $patient % 4 -eq 0 ? 'pos' : 'neg'; patient = "P$patient"; laterality = 'L'; view = $view
                score = [Math]::Round(0.1 + ($patient * 37 % 41) / 60 + ($patient % 4 -eq 0 ? 0.15 : 0) + ($view -eq 'CC' ? 0.02 : 0), 3)
            }
        }
    }
    $model = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 0.003891 |
        New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1 -FeaturewiseMean 60
    $predictions = Import-MammoDataset ./list.csv -Class neg, pos | Invoke-MammoPredict $model
}

AfterAll { Pop-Location }

Describe 'Measure-MammoPrediction' {
    It 'counts pairs that are in order' {
        $positive, $negative = ($predictions | Where-Object Label -EQ 1), ($predictions | Where-Object Label -EQ 0)
        $inOrder = foreach ($p in $positive) { foreach ($n in $negative) { if ($p.Score -gt $n.Score) { 1 } elseif ($p.Score -eq $n.Score) { 0.5 } else { 0 } } }
        $measurement = $predictions | Measure-MammoPrediction -WarningAction Ignore
        $measurement.Auc | Should -Be ($inOrder | Measure-Object -Average).Average
        $measurement.Count, $measurement.Positives | Should -Be 6, 3
        $measurement.Accuracy | Should -Be (@($predictions | Where-Object { ($_.Score -gt 0.5) -eq ($_.Label -eq 1) }).Count / 6)
        $measurement.ClassCount['neg'], $measurement.ClassAuc.Count | Should -Be 3, 2
    }

    It 'measures a file of predictions as it measured them, in the culture <_>' -ForEach 'de-DE', 'tr-TR', 'fa-IR' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $_
            $predictions | Export-Csv ./scores.csv
            $again = Import-Csv ./scores.csv | Measure-MammoPrediction -WarningAction Ignore
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
        $again.Auc | Should -Be ($predictions | Measure-MammoPrediction -WarningAction Ignore).Auc
    }

    It 'takes predictions by position' {
        (Measure-MammoPrediction $predictions -WarningAction Ignore).Auc | Should -Be ($predictions | Measure-MammoPrediction -WarningAction Ignore).Auc
    }

    It 'leaves images of unknown class out' {
        $unknown = './film1.png' | Invoke-MammoPredict $model
        ($predictions + $unknown | Measure-MammoPrediction -WarningAction Ignore).Unlabelled | Should -Be 1
    }

    It 'gives nothing but a warning where no class is known' {
        $measurement = './film1.png' | Invoke-MammoPredict $model | Measure-MammoPrediction -WarningVariable warnings -WarningAction SilentlyContinue
        $measurement | Should -BeNullOrEmpty
        $warnings | Should -HaveCount 1
    }

    It 'warns of one class alone, for which no area is defined' {
        $measurement = $predictions | Where-Object Label -EQ 1 | Measure-MammoPrediction -WarningVariable warnings -WarningAction SilentlyContinue
        [double]::IsNaN($measurement.Auc) | Should -BeTrue
        "$warnings" | Should -Match '\[Mammo\.ClassEmpty\]'
    }

    It 'has the id Mammo.PredictionsMixed for predictions of different classes' {
        $other = Import-MammoDataset ./list.csv -Class neg, pos | Invoke-MammoPredict (New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class a, b) -ImageSize 64, 64 -ClassMap @{ neg = 'a'; pos = 'b' } -WarningAction Ignore
        Get-ErrorId { $predictions + $other[0] | Measure-MammoPrediction -WarningAction Ignore } | Should -Be 'Mammo.PredictionsMixed'
    }

    It 'refuses what is no prediction' {
        Get-ErrorId { 0.7 | Measure-MammoPrediction } | Should -Be 'Mammo.PredictionInvalid'
    }

    It 'is shown as one line, the interval beside the area that it belongs to' {
        Get-View ($rows | Measure-MammoPrediction) | Should -Match 'AUC \(95% interval\)\s+Accuracy\s+[-\s]+all\s+Image\s+80\s+20\s+40\s+pos \d\.\d{4} \(\d\.\d{3}-\d\.\d{3}\)\s+\d\.\d{4}'
        Get-View ($rows | Select-Object -ExcludeProperty patient | Measure-MammoPrediction) | Should -Match '80\s+20\s+\?\s+pos .*-\d\.\d{3} by image\)\s+\d\.\d{4}'
    }

    It 'puts images together by <By>, with the <Aggregate>' -ForEach @(
        @{ By = 'Patient'; Aggregate = 'Mean'; Value = { ($_.Group.score | Measure-Object -Average).Average } }
        @{ By = 'Breast'; Aggregate = 'Max'; Value = { ($_.Group.score | Measure-Object -Maximum).Maximum } }
    ) {
        $measurement = $rows | Measure-MammoPrediction -By $By -Aggregate $Aggregate
        $together = $rows | Group-Object patient | ForEach-Object { [pscustomobject] @{ label = $_.Group[0].label; score = & $Value } }
        $measurement.Auc | Should -Be ($together | Measure-MammoPrediction).Auc
        $measurement.Evaluation.Statistics['Auc'].Value | Should -Be $measurement.Auc
        $measurement.Unit, $measurement.Count, $measurement.Positives, $measurement.Images, $measurement.Patients | Should -Be $By, 40, 10, 80, 40
    }

    It 'gives every statistic an interval by a bootstrap that its seed decides' {
        $one, $again, $other = 1, 1, 2 | ForEach-Object { $rows | Measure-MammoPrediction -Bootstrap 200 -Seed $_ }
        $text = { "$($args[0].Evaluation.Statistics)" }
        & $text $again | Should -Be (& $text $one)
        & $text $other | Should -Not -Be (& $text $one)
        $interval = $one.Evaluation.Statistics['AveragePrecision'].Preferred
        $interval.Method, ($interval.Lower -lt $interval.Upper) | Should -Be 'BootstrapBca', $true
    }

    It 'measures groups by the properties of predictions, in their order' {
        $all, $groups = $rows | Measure-MammoPrediction -GroupBy view, label -WarningAction Ignore
        $all.Group | Should -BeNullOrEmpty
        $groups.Group | ForEach-Object ToString | Should -Be 'view CC', 'view MLO', 'label neg', 'label pos'
        $groups[0].Auc | Should -Be ($rows | Where-Object view -EQ CC | Measure-MammoPrediction).Auc
        $groups[2].AucEstimate.Undefined | Should -Match 'no positive'
        Get-ErrorId { $rows | Measure-MammoPrediction -GroupBy vendor } | Should -Be 'Mammo.GroupMissing'
    }

    It 'applies thresholds of validation, and refuses those of another model or unit' {
        $rows | ForEach-Object { $_ | Add-Member inference 'model=a;weights=1;augment=false' }
        $validation = $rows | Measure-MammoPrediction
        $measured = $rows[40..79] | Measure-MammoPrediction -ThresholdFrom $validation -Threshold 0.5 -Prevalence 0.01
        $names = $measured.Evaluation.OperatingPoints.Name
        $names[-1], $names[7] | Should -Be 'threshold 0.5', 'validation: sensitivity 0.80'
        $measured.Evaluation.OperatingPoints[7].Threshold | Should -Be $validation.Evaluation.OperatingPoints[0].Threshold
        $measured.Evaluation.PredictiveValues[7].Positive.Value | Should -BeLessThan $measured.Evaluation.OperatingPoints[7].PositivePredictiveValue.Value
        $other = $rows | Select-Object * -ExcludeProperty inference | Select-Object *, @{ Name = 'inference'; Expression = { 'model=b;weights=2;augment=false' } }
        Get-ErrorId { $other | Measure-MammoPrediction -ThresholdFrom $validation } | Should -Be 'Mammo.ThresholdForeign'
        Get-ErrorId { $rows | Measure-MammoPrediction -By Patient -ThresholdFrom $validation } | Should -Be 'Mammo.ThresholdForeign'
        Get-WarningId { $rows | Select-Object path, label, score | Measure-MammoPrediction -ThresholdFrom $validation } | Should -Be 'Mammo.ThresholdForeign'
    }

    It 'says how predictions were made and what was measured, also from a file' {
        Import-Csv ./list.csv | Select-Object *, @{ Name = 'patient'; Expression = { $_.path } } | Export-Csv ./patients.csv
        $part = @(Import-MammoDataset ./patients.csv -Class neg, pos | Split-MammoDataset -Share 0.67, 0.33 -Stratify -Seed 1)[0]
        $scored = $part | Invoke-MammoPredict $model -Augment
        $measured = $scored | Measure-MammoPrediction -WarningAction Ignore
        $measured.SplitHash | Should -Be $part.Splits[0]
        $measured.Inference | Should -Match '^model=.*;weights=[0-9a-f]{16};augment=true;size=64x64;.*mean=60;.*engine=onnx cpu float32$'
        $scored | Export-Csv ./again.csv
        $again = Import-Csv ./again.csv | Measure-MammoPrediction -WarningAction Ignore
        $again.Inference, $again.SplitHash, $again.Fingerprint, $again.Patients | Should -Be $measured.Inference, $measured.SplitHash, $measured.Fingerprint, 4
    }

    It 'keeps its statistics in JSON' {
        $json = $rows | Measure-MammoPrediction | ConvertTo-Json -Depth 5 -WarningAction Ignore | ConvertFrom-Json
        $json.Evaluation.Statistics.Auc.Value | Should -Be ($rows | Measure-MammoPrediction).Auc
        $json.Evaluation.Statistics.Auc.Intervals[0].Lower | Should -BeGreaterThan 0.4
    }

    It 'refuses patients on whose images the model was trained' {
        $known = $rows | Select-Object *, @{ Name = 'warning'; Expression = { $_.patient -eq 'P8' ? 'Mammo.DataLeakage' : '' } }
        Get-ErrorId { $known | Measure-MammoPrediction } | Should -Be 'Mammo.DataLeakage'
        ($known | Measure-MammoPrediction -AllowLeakage).Count | Should -Be 80
    }

    It 'has an id or a reason, never a number, for <Name>' -ForEach @(
        @{ Name = 'a score that is no number'; Records = { $rows[0..9] + [pscustomobject] @{ label = 'pos'; score = 'NaN' } }; Id = 'Mammo.ScoreInvalid' }
        @{ Name = 'breasts without sides'; Records = { $rows | Select-Object path, label, patient, score }; Parameters = @{ By = 'Breast' }; Id = 'Mammo.LateralityMissing' }
        @{ Name = 'patients that are not known'; Records = { $rows | Select-Object path, label, score }; Parameters = @{ By = 'Patient' }; Id = 'Mammo.PatientMissing' }
        @{ Name = 'a prevalence above 1'; Records = { $rows }; Parameters = @{ Prevalence = 6 }; Id = 'Mammo.EvaluationOptionInvalid' }
        @{ Name = 'ten replicates'; Records = { $rows }; Parameters = @{ Bootstrap = 10 }; Id = 'Mammo.EvaluationOptionInvalid' }
        @{ Name = 'a threshold that is no number'; Records = { $rows }; Parameters = @{ Threshold = [double]::NaN }; Id = 'Mammo.EvaluationOptionInvalid' }
    ) {
        $Parameters ??= @{}
        Get-ErrorId { & $Records | Measure-MammoPrediction @Parameters } | Should -Be $Id
    }

    It 'says why three images have no interval' {
        $three = $rows[0, 2, 6] | Measure-MammoPrediction -Bootstrap 100 -WarningAction Ignore
        $three.AucInterval ?? $three.AucEstimate.Preferred | Should -BeNullOrEmpty
        Get-WarningId { $rows[0, 2, 6] | Measure-MammoPrediction } | Should -Be 'Mammo.IntervalWithoutWidth'
        "$($three.AucEstimate)" | Should -Match '\(interval undefined: '
        $three.AucEstimate.Intervals.Undefined | Should -Not -Contain $null
        Get-View $three | Should -Match 'interval undefined'
    }

    It 'counts and names images without a score, and measures the rest' {
        $refused = 'a', 'b' | ForEach-Object { [pscustomobject] @{ path = "$_.dcm"; label = 'pos'; patient = "R$_"; score = ''; warning = $_ -eq 'a' ? 'Mammo.CodecUnsupported' : '' } }
        $measured = $rows[0..39] + $refused + $rows[40..79] | Measure-MammoPrediction -WarningVariable warnings -WarningAction SilentlyContinue
        $measured.Unscored | Should -Be 'a.dcm (Mammo.CodecUnsupported)', 'b.dcm'
        $measured.Count, $measured.Auc | Should -Be 80, ($rows | Measure-MammoPrediction).Auc
        "$warnings" | Should -Match '^2 images have no score and are left out: a\.dcm .*\[Mammo\.ImageUnscored\]$'
        Get-WarningId { $null = $refused | Measure-MammoPrediction } | Should -Be 'Mammo.ImageUnscored', 'Mammo.ClassEmpty'
        Get-ErrorId { [pscustomobject] @{ path = 'a.dcm'; label = 'pos' } | Measure-MammoPrediction -WarningAction Ignore } | Should -Be 'Mammo.PredictionInvalid'
    }

    It 'warns of images that are there twice, for each counts as often' {
        $twice = $rows + $rows[3, 7, 3]
        $measured = $twice | Measure-MammoPrediction -WarningVariable warnings -WarningAction SilentlyContinue
        @($measured.Count) + $measured.Repeated | Should -Be 83, 'p2MLO.png', 'p4MLO.png'
        "$warnings" | Should -Match '^2 images are there more than once .*\[Mammo\.ImageTwice\]$'
        ($rows | Select-Object label, score, patient) * 2 | Measure-MammoPrediction -WarningAction Stop | Should -Not -BeNullOrEmpty
    }

    It 'warns where some patients are known and some are not' {
        Get-WarningId { $rows[0..9] + ($rows[10..19] | Select-Object path, label, score) | Measure-MammoPrediction } | Should -Be 'Mammo.PatientMissing'
    }
}
