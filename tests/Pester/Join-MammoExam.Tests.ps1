#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    function New-Row([string] $Path, $Patient, $Side, $View, [double] $Score, $Label = 'neg', [hashtable] $More = @{}) {
        $row = [ordered] @{ path = $Path; label = $Label; patient = $Patient; laterality = $Side; view = $View; score = $Score; inference = 'model=a;weights=1' }
        foreach ($name in $More.Keys) { $row[$name] = $More[$name] }
        [pscustomobject] $row
    }
    $four = @(
        New-Row p1lcc.png P1 LEFT CC 0.2
        New-Row p1lmlo.png P1 LEFT MLO 0.4
        New-Row p1rcc.png P1 RIGHT CC 0.6 pos
        New-Row p1rmlo.png P1 RIGHT MLO 0.9 pos
    )
    # 60 patients of two films, as mini-MIAS has them: the level of a patient's films differs more than their breasts do.
    $films = foreach ($i in 1..60) {
        $level = 0.2 + 0.5 * (($i * 37) % 60) / 60
        $sick = $i % 2 -eq 0
        New-Row "f$i-l.png" "Q$i" L MLO ($level + ($sick ? 0.1 : 0)) ($sick ? 'pos' : 'neg')
        New-Row "f$i-r.png" "Q$i" R MLO ($level + 0.05 * (($i * 7) % 3 - 1))
    }
}

AfterAll { Pop-Location }

Describe 'Join-MammoExam' {
    It 'writes one record of an exam with its means, maxima, breasts and their difference' {
        $exam = $four | Join-MammoExam
        @($exam) | Should -HaveCount 1
        $exam.Score | Should -BeExactly ([double[]] (0.2, 0.4, 0.6, 0.9) | Measure-Object -Average).Average
        $exam.MaxProbability['pos'] | Should -Be 0.9
        [Math]::Round($exam.LeftProbability['pos'], 12) | Should -Be 0.3
        [Math]::Round($exam.RightProbability['pos'], 12) | Should -Be 0.75
        [Math]::Round($exam.Difference, 12) | Should -Be 0.45
        $exam.Views | Should -Be 'L-CC;L-MLO;R-CC;R-MLO'
        "$($exam.TrueClass) $($exam.Label) $($exam.Images) $($exam.Breasts)" | Should -Be 'pos 1 4 2'
        $exam.Path | Should -Be 'p1lcc.png;p1lmlo.png;p1rcc.png;p1rmlo.png'
        Get-View $exam | Should -Match 'P1\s+L-CC;L-MLO;R-CC;R-MLO\s+pos\s+0\.5250\s+0\.300\s+0\.750'
        ($four | Join-MammoExam -Score Max).Score | Should -Be 0.9
        [Math]::Round(($four | Join-MammoExam -Score Contralateral).Score, 12) | Should -Be ([Math]::Round((0.75 - 0.15 + 0.5) / 1.5, 12))
    }

    It 'writes one record of each breast beside the other one' {
        $breasts = $four | Join-MammoExam -By Breast -Score Contralateral
        $breasts.Laterality | Should -Be 'L', 'R'
        $breasts.TrueClass | Should -Be 'neg', 'pos'
        $breasts | ForEach-Object { [Math]::Round($_.Difference, 12) } | Should -Be -0.45, 0.45
        [Math]::Round($breasts[0].Score, 12) | Should -Be ([Math]::Round((0.3 - 0.375 + 0.5) / 1.5, 12))
        [Math]::Round($breasts[1].Score, 12) | Should -Be ([Math]::Round((0.75 - 0.15 + 0.5) / 1.5, 12))
        $breasts[1].Inference | Should -Be 'model=a;weights=1;unit=Breast;joined=Contralateral'
    }

    It 'takes one view and one breast, and says so' {
        $one = $four[0] | Join-MammoExam -Score Contralateral
        "$($one.Views) $($one.Images) $($one.Breasts)" | Should -Be 'L-CC 1 1'
        $one.Difference | Should -BeNullOrEmpty
        $one.RightProbability.Count | Should -Be 0
        [Math]::Round($one.Score, 12) | Should -Be ([Math]::Round((0.2 - 0.1 + 0.5) / 1.5, 12))
    }

    It 'tells exams of one patient apart by <Name>' -ForEach @(
        @{ Name = 'study_id'; Column = 'study_id'; Options = @{} }
        @{ Name = 'a column that is named'; Column = 'StudyDate'; Options = @{ Column = @{ exam = 'StudyDate' } } }
    ) {
        $rows = foreach ($year in 2020, 2022) { foreach ($row in $four) { New-Row "$year$($row.path)" 'p1' $row.laterality $row.view $row.score neg @{ $Column = $year } } }
        $exams = $rows | Join-MammoExam @Options
        $exams.Exam | Should -Be '2020', '2022'
        $exams.Warning | Should -Be '', ''
    }

    It 'measures breasts with an interval by patient, in pairs with the films, and after a CSV' {
        $breasts = $films | Join-MammoExam -By Breast -Score Contralateral
        $measured = $breasts | Measure-MammoPrediction
        $measured.Count | Should -Be 120
        $measured.Patients | Should -Be 60
        "$($measured.AucEstimate.Preferred.Method)" | Should -Be 'DeLongByPatientLogit'
        $alone = $films | Measure-MammoPrediction
        $measured.Auc | Should -BeGreaterThan ($alone.Auc + 0.1)
        $breasts | Export-Csv ./breasts.csv
        $again = Import-Csv ./breasts.csv | Measure-MammoPrediction
        $again.AucEstimate.ToString() | Should -Be $measured.AucEstimate.ToString()
        ($breasts | ConvertTo-Json -Depth 4 | ConvertFrom-Json | Measure-MammoPrediction).Auc | Should -Be $measured.Auc
        $compared = Compare-MammoPrediction $films $breasts -WarningAction Ignore
        [Math]::Round($compared.Auc.Difference.Value, 9) | Should -Be ([Math]::Round($measured.Auc - $alone.Auc, 9))
        ($breasts | Measure-MammoPrediction -By Patient -Aggregate Max).Count | Should -Be 60
        Get-ErrorId { $breasts | Measure-MammoPrediction -ThresholdFrom $alone } | Should -Be 'Mammo.ThresholdForeign'
    }

    It 'has an id for <Name>, and goes on' -ForEach @(
        @{ Name = 'an image without patient'; Row = { New-Row x.png '' L CC 0.5 }; Id = 'Mammo.PatientMissing' }
        @{ Name = 'a breast without side'; Row = { New-Row x.png P1 '' CC 0.5 }; Options = @{ By = 'Breast' }; Id = 'Mammo.LateralityMissing' }
        @{ Name = 'an image that is there twice'; Row = { $four[0] }; Id = 'Mammo.ImageTwice' }
        @{ Name = 'an image of two classes'; Row = { New-Row p1lcc.png P1 L CC 0.2 pos }; Id = 'Mammo.RowsContradict' }
        @{ Name = 'an exam of which nothing is scored'; Row = { New-Row x.png P2 L CC 0.5 | Select-Object * -ExcludeProperty score | Select-Object *, @{ Name = 'score'; Expression = { '' } } }; Id = 'Mammo.ImageUnscored' }
        @{ Name = 'a breast of which nothing is scored'; Row = { New-Row x.png P2 L CC 0.5 | Select-Object * -ExcludeProperty score | Select-Object *, @{ Name = 'score'; Expression = { '' } }; New-Row y.png P2 R CC 0.5 }; Options = @{ By = 'Breast' }; Id = 'Mammo.ImageUnscored' }
        @{ Name = 'an exam of two models'; Row = { New-Row x.png P2 L CC 0.5; New-Row y.png P2 R CC 0.5 neg @{ inference = 'model=b;weights=2' } }; Id = 'Mammo.PredictionsMixed' }
        @{ Name = 'a score above 1'; Row = { New-Row x.png P2 L CC 7 }; Id = 'Mammo.ScoreInvalid' }
    ) {
        $Options ??= @{}
        $rows = @($four) + @(& $Row)
        Get-ErrorId { $script:exams = $rows | Join-MammoExam @Options -ErrorVariable script:failed -WarningAction Ignore } | Should -Be $Id
        @($rows | Join-MammoExam @Options -ErrorAction Ignore -WarningAction Ignore).Where{ $_.Patient -eq 'P1' }[-1].Images | Should -Be ($Options.By ? 2 : 4)
    }

    It 'warns of <Name> once, and in the record' -ForEach @(
        @{ Name = 'a view that is there twice'; Row = { New-Row x.png P1 L CC 0.5 }; Id = 'Mammo.ViewRepeated' }
        @{ Name = 'views of different classes'; Row = { New-Row x.png P1 L ML 0.5 pos }; Id = 'Mammo.ViewsContradict' }
        @{ Name = 'a side that is not known'; Row = { New-Row x.png P1 '' ML 0.5 }; Id = 'Mammo.LateralityMissing' }
    ) {
        $rows = @($four) + @(& $Row)
        Get-WarningId { $script:exam = $rows | Join-MammoExam } | Should -Be $Id
        $exam.Warning | Should -Be $Id
        $exam.Images | Should -Be 5
    }

    It 'takes views whose sides are not known for no repetition' {
        $rows = foreach ($name in 'a.png', 'b.png') { New-Row $name P1 '' CC 0.5 }
        ($rows | Join-MammoExam -WarningAction Ignore).Warning | Should -Be 'Mammo.LateralityMissing'
    }

    It 'knows no class where that of an image is unknown and none is positive' {
        $rows = $four[0], (New-Row p1lmlo.png P1 LEFT MLO 0.4 '')
        ($rows | Join-MammoExam).TrueClass | Should -BeNullOrEmpty
        (@($rows) + $four[2] | Join-MammoExam).TrueClass | Should -Be 'pos'
    }
}
