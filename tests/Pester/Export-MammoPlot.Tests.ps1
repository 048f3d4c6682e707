#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $rows = 1..40 | ForEach-Object { [pscustomobject] @{ path = "$_.png"; label = $_ % 4 -eq 0 ? 'pos' : 'neg'; patient = "P$_"; score = ($_ * 37 % 41) / 60 + ($_ % 4 -eq 0 ? 0.15 : 0) } }
    $epochs = 1..3 | ForEach-Object { [pscustomobject] @{ Epoch = $_; Loss = 1 / $_; ValidationLoss = 1.1 / $_ } }
}

AfterAll { Pop-Location }

Describe 'Export-MammoPlot' {
    It 'draws <_> as SVG whose text is text, and the same as PNG' -ForEach 'Roc', 'PrecisionRecall', 'Calibration', 'DecisionCurve', 'Histogram', 'History' {
        $kind = $_
        $given = $kind -eq 'History' ? $epochs : $rows
        foreach ($extension in 'svg', 'png') {
            $given | Export-MammoPlot "./$kind.$extension" $kind -Width 840
        }
        ([xml] (Get-Content "./$kind.svg" -Raw)).svg.text.Count | Should -BeGreaterThan 5
        $header = [IO.File]::ReadAllBytes((Resolve-Path "./$kind.png"))[16..19]
        ($header[2] * 256) + $header[3] | Should -Be 840
        # Most of a plot is paper; where text or lines were missing nearly all would be.
        (Get-Item "./$kind.png").Length | Should -BeGreaterThan 5kb
    }

    It 'draws a measurement, with its band' {
        $rows | Measure-MammoPrediction -Bootstrap 100 | Export-MammoPlot ./band.svg Roc
        Get-Content ./band.svg -Raw | Should -Match 'class="band'
    }

    It 'has an id for <Name>' -ForEach @(
        @{ Name = 'one class'; Given = { $rows | Where-Object label -EQ pos }; Id = 'Mammo.PlotImpossible' }
        @{ Name = 'a histogram of a measurement'; Given = { $rows | Measure-MammoPrediction }; Kind = 'Histogram'; Id = 'Mammo.PlotImpossible' }
        @{ Name = 'two measurements'; Given = { 1..2 | ForEach-Object { $rows | Measure-MammoPrediction } }; Id = 'Mammo.PlotImpossible' }
        @{ Name = 'predictions for a history'; Given = { $rows }; Kind = 'History'; Id = 'Mammo.PredictionInvalid' }
        @{ Name = 'another extension'; Given = { $rows }; Path = './x.gif'; Id = 'Mammo.EvaluationOptionInvalid' }
    ) {
        $target, $what = ($Path ?? './x.svg'), ($Kind ?? 'Roc')
        Get-ErrorId { & $Given | Export-MammoPlot $target $what -WarningAction Ignore } | Should -Be $Id
        Test-Path $target | Should -BeFalse
    }

    It 'completes kinds' {
        Get-Completion 'Export-MammoPlot x.svg -Kind Dec' | Should -Be 'DecisionCurve'
    }
}
