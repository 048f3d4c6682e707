#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    # 60 patients of two images each; the second model tells a little more.
    function New-Run([double] $Gain, [string] $Inference) {
        foreach ($patient in 1..60) {
            foreach ($view in 'CC', 'MLO') {
                [pscustomobject] @{
                    path = "p$patient$view.png"; label = $patient % 3 -eq 0 ? 'pos' : 'neg'; patient = "P$patient"; laterality = 'R'; inference = $Inference
                    score = [Math]::Round(0.1 + ($patient * 37 % 61) / 90 + ($patient % 3 -eq 0 ? $Gain : 0) + ($patient * 7 % 5) / 100 + ($view -eq 'CC' ? 0.01 : 0), 4)
                }
            }
        }
    }
    $first = New-Run 0.05 'model=a;weights=1;augment=false;engine=onnx cpu float32'
    $second = New-Run 0.2 'model=b;weights=2;augment=false;engine=onnx cpu float32'
}

Describe 'Compare-MammoPrediction' {
    It 'gives the difference of both measurements, paired by name whatever the order' {
        $comparison = Compare-MammoPrediction $first ($second | Sort-Object path -Descending) -By Patient
        $one, $other = $first, $second | ForEach-Object { $_ | Measure-MammoPrediction -By Patient }
        $comparison.Auc.First, $comparison.Auc.Second | Should -Be $one.Auc, $other.Auc
        $comparison.Auc.Difference.Value | Should -Be ($other.Auc - $one.Auc)
        $comparison.Auc.Preferred.Method, ($comparison.Auc.Preferred.P -lt 0.05) | Should -Be 'DeLongByPatient', $true
        $comparison.Unit, $comparison.Count, $comparison.Positives, $comparison.Images, $comparison.Patients | Should -Be Patient, 60, 20, 120, 60
        $comparison.Differences | Should -HaveCount $one.Evaluation.Statistics.Count
    }

    It 'finds the same difference the other way round, with the same tests' {
        $forth, $back = (Compare-MammoPrediction $first $second), ($first | Compare-MammoPrediction $second)
        $back.Auc.Difference.Value | Should -Be (-$forth.Auc.Difference.Value)
        $back.Auc.Preferred.P | Should -Be $forth.Auc.Preferred.P
    }

    It 'tests every statistic by a bootstrap that its seed decides' {
        $one, $again, $other = 1, 1, 2 | ForEach-Object { Compare-MammoPrediction $first $second -Bootstrap 200 -Seed $_ }
        $brier = { ($args[0].Differences | Where-Object Statistic -EQ BrierScore).ToString() }
        & $brier $again | Should -Be (& $brier $one)
        & $brier $other | Should -Not -Be (& $brier $one)
    }

    It 'compares decisions at the thresholds of validation' {
        $validation = $first, $second | ForEach-Object { $_ | Measure-MammoPrediction }
        $comparison = Compare-MammoPrediction $first $second -ThresholdFrom $validation -OperatingPoint 'specificity 0.90'
        $comparison.Decisions.Name | Should -Be 'sensitivity', 'specificity'
        $comparison.Decisions[0].First.Value | Should -Be $validation[0].Evaluation.Statistics['SensitivityAtSpecificity90'].Value
        $comparison.Decisions[0].Second.Value | Should -Be $validation[1].Evaluation.Statistics['SensitivityAtSpecificity90'].Value
        (Compare-MammoPrediction $first $second -Threshold 0.5).Decisions[0].Tests[0].Method | Should -Be 'McNemarByPatient'
        Get-ErrorId { Compare-MammoPrediction $first $second -ThresholdFrom $validation[1, 0] } | Should -Be 'Mammo.ThresholdForeign'
    }

    It 'names the options that differ, and warns of others than the model' {
        (Compare-MammoPrediction $first $second).OptionDifferences | ForEach-Object ToString | Should -Be 'model: a, b', 'weights: 1, 2'
        $flipped = $second | Select-Object * -ExcludeProperty inference | Select-Object *, @{ Name = 'inference'; Expression = { 'model=b;weights=2;augment=true;engine=onnx cpu float32' } }
        Get-WarningId { Compare-MammoPrediction $first $flipped } | Should -Be 'Mammo.RunsDiffer'
        Get-WarningId { Compare-MammoPrediction $first $first } | Should -Be 'Mammo.RunsDiffer'
        Get-WarningId { Compare-MammoPrediction ($first | Select-Object path, label, score) ($second | Select-Object path, label, score) } | Should -Be 'Mammo.PatientMissing'
    }

    It 'takes names of columns for the run that has them: <Name>' -ForEach @(
        @{ Name = 'the second'; Swap = $false }
        @{ Name = 'the first'; Swap = $true }
    ) {
        # Another program does not know sides and patients; the first run's hold for both.
        $known = @(if ($Swap) { 'patient', 'laterality' })
        $other = $second | Select-Object (@{ Name = 'file'; Expression = { $_.path } }, @{ Name = 'truth'; Expression = { $_.label } }, @{ Name = 'ai'; Expression = { $_.score } } + $known)
        $runs = if ($Swap) { $other, $first } else { $first, $other }
        $comparison = Compare-MammoPrediction $runs[0] $runs[1] -Column @{ path = 'file'; class = 'truth'; score = 'ai' } -By Patient
        $plain = if ($Swap) { $second, $first } else { $first, $second }
        $comparison.Auc.Difference.Value | Should -Be (Compare-MammoPrediction $plain[0] $plain[1] -By Patient).Auc.Difference.Value
        Get-ErrorId { Compare-MammoPrediction $first $other -Column @{ path = 'file'; class = 'truth'; score = 'nosuch' } } | Should -Be 'Mammo.PredictionInvalid'
    }

    It 'writes intervals below zero and small p-values in words' {
        $worse = (Compare-MammoPrediction $second $first).Auc
        "$worse" | Should -Match 'difference -0\.\d{4} \(-0\.\d{3} to -0\.\d{3}\), p '
        $inverted = $second | Select-Object * -ExcludeProperty score | Select-Object *, @{ Name = 'score'; Expression = { if ($_.label -eq 'pos') { 0.1 } else { 0.9 } } }
        "$((Compare-MammoPrediction $second $inverted -By Patient).Auc)" | Should -Match 'p < 0\.0001 \(DeLongByPatient\)'
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a test set of other images'; Change = { $second[1..119] }; Id = 'Mammo.TestSetsDiffer' }
        @{ Name = 'other classes of an image'; Change = { @($second[0] | Select-Object * -ExcludeProperty label | Select-Object *, @{ Name = 'label'; Expression = { 'pos' } }) + $second[1..119] }; Id = 'Mammo.TestSetsDiffer' }
        @{ Name = 'an image twice'; Change = { $second[0, 0] + $second[2..119] }; Id = 'Mammo.TestSetsDiffer' }
        @{ Name = 'what is no prediction'; Change = { @($second[0..118]) + [pscustomobject] @{ path = 'x' } }; Id = 'Mammo.PredictionInvalid' }
        @{ Name = 'patients of the training'; Change = { $second | Select-Object *, @{ Name = 'warning'; Expression = { 'Mammo.DataLeakage' } } }; Id = 'Mammo.DataLeakage' }
    ) {
        Get-ErrorId { Compare-MammoPrediction $first (& $Change) } | Should -Be $Id
    }

    It 'refuses <Name> before any prediction is read' -ForEach @(
        @{ Name = 'three thresholds of two runs'; Given = { @{ Threshold = 0.1, 0.2, 0.3 } }; Id = 'Mammo.EvaluationOptionInvalid' }
        @{ Name = 'thresholds from one measurement'; Given = { @{ ThresholdFrom = $first | Measure-MammoPrediction } }; Id = 'Mammo.EvaluationOptionInvalid' }
        @{ Name = 'a threshold that is no number'; Given = { @{ Threshold = [double]::NaN } }; Id = 'Mammo.EvaluationOptionInvalid' }
        @{ Name = 'thresholds from two sources'; Given = { @{ Threshold = 0.5; ThresholdFrom = $first, $second | ForEach-Object { $_ | Measure-MammoPrediction } } }; Id = 'Mammo.EvaluationOptionInvalid' }
        @{ Name = 'no threshold'; Given = { @{ Threshold = @() } }; Id = 'Mammo.ArgumentInvalid' }
        @{ Name = 'an operating point that no set has'; Given = { @{ Threshold = 0.5; OperatingPoint = 'sensitivity 0.85' } }; Id = 'Mammo.ArgumentInvalid' }
    ) {
        $options = & $Given
        $failure = { Compare-MammoPrediction 1 2 @options } | Should -Throw -PassThru
        "$failure [$($failure.FullyQualifiedErrorId)]" | Should -Match ([regex]::Escape($Id))
    }

    It 'says on what it compared, and what had no score' {
        $refused = [pscustomobject] @{ path = 'a.dcm'; label = 'pos'; patient = 'R'; score = '' }
        $part = $first, $second | ForEach-Object { , (@($_ | Select-Object *, @{ Name = 'splithash'; Expression = { 'abc' } }) + $refused) }
        $comparison = Compare-MammoPrediction @part -WarningVariable warnings -WarningAction SilentlyContinue
        $comparison.SplitHash, $comparison.Fingerprint | Should -Be 'abc', ($first | Measure-MammoPrediction).Fingerprint
        "$warnings" | Should -Match '^1 image has no score and is left out: a\.dcm'
        Get-ErrorId { Compare-MammoPrediction $first ($second[0..118] + ($second[119] | Select-Object * -ExcludeProperty score | Select-Object *, @{ Name = 'score'; Expression = { '' } })) -WarningAction Ignore } |
            Should -Be 'Mammo.TestSetsDiffer'
    }

    It 'warns that -Aggregate does nothing to images' {
        Get-WarningId { Compare-MammoPrediction $first $second -Aggregate Max } | Should -Be 'Mammo.EvaluationOptionInvalid'
    }

    It 'states why there is no difference of one class alone' {
        $positive = $first, $second | ForEach-Object { , ($_ | Where-Object label -EQ pos) }
        (Compare-MammoPrediction $positive[0] $positive[1]).Auc.Difference.Undefined | Should -Match 'no negative'
    }

    It 'is shown with the interval and the test beside the difference' {
        Get-View (Compare-MammoPrediction $first $second -Threshold 0.5) | Should -Match '(?s)OptionDifferences : model: a, b; weights: 1, 2\s+AUC +: 0\.\d{4}, 0\.\d{4}, difference 0\.\d{4} \((-0\.\d{3} to |0\.\d{3}-)0\.\d{3}\), p [=<] 0\.\d{4} \(DeLongByPatient\)\s+Sensitivity +: \d'
    }

    It 'completes what it can' {
        Get-Completion 'Compare-MammoPrediction $a $b -OperatingPoint Y' | Should -Be 'Youden'
        Get-Completion 'New-MammoCalibration -OperatingPoint ' | Should -HaveCount 7
        Get-Completion 'Measure-MammoPrediction -GroupBy Vi' | Should -Be 'View'
    }
}
