#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $rows = foreach ($patient in 1..40) {
        foreach ($view in 'CC', 'MLO') {
            [pscustomobject] @{
                path = "films/p$patient$view.png"; label = $patient % 4 -eq 0 ? 'pos' : 'neg'; patient = "P$patient"; laterality = 'L'; view = $view
                score = [Math]::Round(0.1 + ($patient * 37 % 41) / 60 + ($patient % 4 -eq 0 ? 0.15 : 0) + ($view -eq 'CC' ? 0.02 : 0), 3)
                inference = 'model=small;weights=0123;augment=true'; splithash = 'abc123'
            }
        }
    }
    $null = New-Item overlays -ItemType Directory
    Copy-Item (Join-Path $repository 'examples/data/Calc-Test_P_00041_LEFT_CC.png') overlays/p4MLO.overlay.png
    $rows | Export-MammoReport ./whole.html -By Patient -Bootstrap 100 -Seed 3 -GroupBy view -Prevalence 0.006 -Question 'Does it tell them apart?' -Model mini-mias -Heatmap ./overlays
    $html, $json = (Get-Content ./whole.html -Raw), (Get-Content ./whole.json -Raw | ConvertFrom-Json)
}

AfterAll { Pop-Location }

Describe 'Export-MammoReport' {
    It 'writes what Measure-MammoPrediction measures' {
        $measured = $rows | Measure-MammoPrediction -By Patient -Bootstrap 100 -Seed 3
        ($json.measurement.statistics | Where-Object statistic -EQ auc).estimate.value | Should -Be $measured.Auc
        ($json.measurement.statistics | Where-Object statistic -EQ brierScore).estimate.intervals[0].lower | Should -Be $measured.Evaluation.Statistics['BrierScore'].Intervals[0].Lower
        $html | Should -Match ('AUC {0:0.000}' -f $measured.Auc)
        $json.measurement.unit, $json.measurement.count, $json.measurement.images, $json.measurement.patients | Should -Be 'patient', 40, 80, 40
    }

    It 'says what was asked, of which data, models and options' {
        $html | Should -Match 'Does it tell them apart\?'
        $html | Should -Match '<h3>mini-mias</h3>'
        $html | Should -Match 'abc123'
        ($json.options | Where-Object name -EQ augment).value | Should -Be 'true'
        ($json.data.value -match '^[0-9a-f]{64}$').Count | Should -Be 1
        $json.subgroups.value | Should -Be 'CC', 'MLO'
        ($json.counts | Where-Object property -EQ View).images | ForEach-Object { "$($_.value) $($_.count)" } | Should -Be 'CC 40', 'MLO 40'
        $json.versions.name | Should -Contain 'Mammo'
    }

    It 'shows the worst of both kinds, with their pictures, by file name alone' {
        $json.cases | Should -HaveCount 12
        $json.cases[0].score | Should -Be ($rows | Where-Object label -EQ neg | Sort-Object score -Descending)[0].score
        $json.cases[6].score | Should -Be ($rows | Where-Object label -EQ pos | Sort-Object score)[0].score
        $html | Should -Not -Match 'films/p'
        @([regex]::Matches($html, '<img ')).Count | Should -Be @($json.cases | Where-Object id -EQ 'p4MLO.png').Count
    }

    It 'needs neither network nor script' {
        $html | Should -Not -Match '<script|<link|src="(?!data:)|url\('
        @([regex]::Matches($html, 'href="(?!#|data:)')) | Should -HaveCount 0
    }

    It 'draws the training from records and from their file' {
        $epochs = 1..3 | ForEach-Object { [pscustomobject] @{ Epoch = $_; Loss = 1 / $_; ValidationLoss = 1.1 / $_; Auc = 0.6 } }
        $epochs | ForEach-Object { [pscustomobject] @{ epoch = $_.Epoch; loss = $_.Loss; validationLoss = $_.ValidationLoss; auc = $_.Auc } | ConvertTo-Json -Compress } | Set-Content ./history.jsonl
        $rows | Export-MammoReport ./records.html -Bootstrap 0 -History $epochs
        $rows | Export-MammoReport ./file.html -Bootstrap 0 -History ./history.jsonl
        $figures = './records.json', './file.json' | ForEach-Object { (Get-Content $_ -Raw | ConvertFrom-Json).figures | Where-Object name -EQ history }
        $figures[0].csv | Should -Match 'validation loss,2,,0.55'
        $figures[1].csv | Should -Be $figures[0].csv
    }

    It 'is written only where it may be, and both files or none' {
        Get-ErrorId { $rows | Export-MammoReport ./whole.html -Bootstrap 0 } | Should -Be 'Mammo.FileExists'
        Get-ErrorId { $rows | Export-MammoReport ./report.txt -Bootstrap 0 } | Should -Be 'Mammo.EvaluationOptionInvalid'
        Get-ErrorId { $rows | Export-MammoReport ./new.html -Bootstrap 0 -Heatmap ./missing } | Should -Be 'Mammo.FileNotFound'
        $null = New-Item taken.json
        Get-ErrorId { $rows | Export-MammoReport ./taken.html -Bootstrap 0 } | Should -Be 'Mammo.FileExists'
        Test-Path ./taken.html, ./new.html | Should -Be $false, $false
        ($rows | Export-MammoReport ./taken.html -Bootstrap 0 -Force -PassThru).Name | Should -Be 'taken.html', 'taken.json'
        $rows | Export-MammoReport ./whatif.html -WhatIf
        Test-Path ./whatif.html | Should -BeFalse
    }

    It 'states what is undefined, of one class and of three images' {
        $rows | Where-Object label -EQ pos | Export-MammoReport ./one.html -WarningAction Ignore
        Get-Content ./one.html -Raw | Should -Match 'undefined \(there are no negative samples\)'
        $rows[0, 2, 6] | Export-MammoReport ./three.html -WarningAction Ignore
        Get-Content ./three.html -Raw | Should -Match 'fewer than two'
        Get-ErrorId { $rows | ForEach-Object { $_ | Select-Object path, score } | Export-MammoReport ./none.html -WarningAction Ignore }
        Test-Path ./none.html | Should -BeFalse
    }
}
