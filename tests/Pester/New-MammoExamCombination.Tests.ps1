#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $films = foreach ($i in 1..80) {
        $level = 0.2 + 0.5 * (($i * 37) % 80) / 80
        $sick = $i % 2 -eq 0
        foreach ($side in 'L', 'R') {
            $shown = $sick -and $side -eq 'L'
            [pscustomobject] @{
                path = "f$i$side.png"; label = $shown ? 'pos' : 'neg'; patient = "Q$i"; laterality = $side; view = 'MLO'
                score = $level + ($shown ? 0.1 : 0) + 0.04 * (($i * 7 + ($side -eq 'L' ? 1 : 0)) % 3 - 1); inference = 'model=a;weights=1;size=64x64'
            }
        }
    }
    $validation, $test = $films[0..79], $films[80..159]
}

AfterAll { Pop-Location }

Describe 'New-MammoExamCombination' {
    It 'fits what the breasts are worth beside each other, and Join-MammoExam applies it' {
        $combination = $validation | New-MammoExamCombination ./both.json -By Breast -Feature Mean, Difference
        $combination.Terms.Feature | Should -Be 'Mean', 'Difference'
        $combination.Terms[1].Weight | Should -BeGreaterThan 1
        "$($combination.FittedOn.Count) $($combination.FittedOn.Positives) $($combination.FittedOn.Patients)" | Should -Be '80 20 40'
        $joined = $test | Join-MammoExam -By Breast -CombinationPath ./both.json
        $joined[0].Combination | Should -Be $combination.Hash
        # The formula of the help, from the file alone.
        $file = Get-Content ./both.json -Raw | ConvertFrom-Json
        foreach ($breast in $joined[0..3]) {
            $z = $file.intercept
            foreach ($term in $file.terms) {
                $value = $term.feature -eq 'Mean' ? $breast.MeanProbability['pos'] : $breast.Difference
                $z += $term.weight * ($value - $term.centre) / $term.scale
            }
            [Math]::Round($breast.Score, 12) | Should -Be ([Math]::Round(1 / (1 + [Math]::Exp(-$z)), 12))
        }
        ($joined | Measure-MammoPrediction).Auc | Should -BeGreaterThan (($test | Measure-MammoPrediction).Auc + 0.1)
        Get-View $combination | Should -Match 'FittedOn\s+: 80, 20 positive, 40 patients'
    }

    It 'writes the same file again, and not over one without -Force' {
        $null = $validation | New-MammoExamCombination ./again.json
        $before = (Get-FileHash ./again.json).Hash
        Get-ErrorId { $validation | New-MammoExamCombination ./again.json } | Should -Be 'Mammo.FileExists'
        $null = $validation | New-MammoExamCombination ./again.json -Force
        (Get-FileHash ./again.json).Hash | Should -Be $before
        $validation | New-MammoExamCombination ./none.json -WhatIf
        './none.json' | Should -Not -Exist
    }

    It 'is refused for <Name>' -ForEach @(
        @{ Name = 'predictions of another model'; Given = { $test | Select-Object * -ExcludeProperty inference | Select-Object *, @{ Name = 'inference'; Expression = { 'model=a;weights=2;size=64x64' } } }; Id = 'Mammo.CombinationForeign' }
        @{ Name = 'predictions of another size'; Given = { $test | Select-Object * -ExcludeProperty inference | Select-Object *, @{ Name = 'inference'; Expression = { 'model=a;weights=1;size=32x32' } } }; Id = 'Mammo.CombinationForeign' }
        @{ Name = 'another unit'; Given = { $test }; Options = @{ By = 'Exam' }; Id = 'Mammo.CombinationForeign' }
        @{ Name = 'a file that was changed'; Given = { $test }; File = { (Get-Content ./kept.json -Raw) -replace '"ridge": 1', '"ridge": 2' | Set-Content ./kept2.json; './kept2.json' }; Id = 'Mammo.CombinationFileInvalid' }
        @{ Name = 'a file that is none'; Given = { $test }; File = { '{}' | Set-Content ./empty.json; './empty.json' }; Id = 'Mammo.CombinationFileInvalid' }
        @{ Name = 'a file that is missing'; Given = { $test }; File = { './missing.json' }; Id = 'Mammo.FileNotFound' }
    ) {
        $null = $validation | New-MammoExamCombination ./kept.json -By Breast -Force
        $Options ??= @{ By = 'Breast' }
        $path = $File ? (& $File) : './kept.json'
        Get-ErrorId { & $Given | Join-MammoExam @Options -CombinationPath $path } | Should -Be $Id
    }

    It 'has an id for <Name>' -ForEach @(
        @{ Name = 'one class'; Given = { $validation | Where-Object label -EQ neg }; Id = 'Mammo.CombinationImpossible' }
        @{ Name = 'equal scores'; Given = { $validation | Select-Object * -ExcludeProperty score | Select-Object *, @{ Name = 'score'; Expression = { 0.5 } } }; Id = 'Mammo.CombinationImpossible' }
        @{ Name = 'no class'; Given = { $validation | Select-Object * -ExcludeProperty label }; Id = 'Mammo.CombinationImpossible' }
        @{ Name = 'two models'; Given = { $validation; [pscustomobject] @{ path = 'x.png'; label = 'pos'; patient = 'X'; laterality = 'L'; view = 'MLO'; score = 0.5; inference = 'model=b;weights=2' } }; Id = 'Mammo.PredictionsMixed' }
        @{ Name = 'patients of the training'; Given = { $validation | Select-Object *, @{ Name = 'warning'; Expression = { 'Mammo.DataLeakage' } } }; Id = 'Mammo.DataLeakage' }
        @{ Name = 'a ridge of 0'; Given = { $validation }; Options = @{ Ridge = 0 }; Id = 'Mammo.ArgumentInvalid' }
    ) {
        $Options ??= @{}
        Get-ErrorId { & $Given | New-MammoExamCombination ./impossible.json @Options -By Breast } | Should -Be $Id
        './impossible.json' | Should -Not -Exist
    }

    It 'says that the model is not known, when it is fitted and when it is applied' {
        $rows = $validation | Select-Object * -ExcludeProperty inference
        Get-WarningId { $rows | New-MammoExamCombination ./unknown.json } | Should -Be 'Mammo.CombinationForeign'
        Get-WarningId { $rows | Join-MammoExam -CombinationPath ./unknown.json } | Should -Be 'Mammo.CombinationForeign'
    }
}
