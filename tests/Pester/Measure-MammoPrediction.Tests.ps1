#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film (1..6 | ForEach-Object { "./film$_.png" })
    Set-Content ./list.csv (@('path,label') + (1..6 | ForEach-Object { "film$_.png,$(('neg', 'pos')[$_ % 2])" }))
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

    It 'is shown as one line' {
        Get-View ($predictions | Measure-MammoPrediction -WarningAction Ignore) | Should -Match 'Count\s+Positives\s+AUC\s+ClassAuc \(95% interval\)\s+Accuracy\s+[-\s]+6\s+3\s+\d\.\d{4}'
    }
}
