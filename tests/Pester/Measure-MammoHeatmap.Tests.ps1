#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $names = 1..6 | ForEach-Object { "./film$_.png" }
    New-Film $names
    $patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class background, lesion -Seed 1 -RescaleFactor 0.003891 -FeaturewiseMean 60
    $maps = Get-MammoHeatmap $patch -Path $names -ImageSize 288, 224 -WarningAction Ignore

    # Films 1 to 3 have a lesion around their map's highest place, film 4 one in a corner; 5 and 6 are normal.
    $places = $maps | ForEach-Object { $_.Peak('lesion') }
    $lines = for ($i = 0; $i -lt 6; $i++) {
        $x, $y = $i -lt 3 ? @([Math]::Clamp([Math]::Round($places[$i].X), 0, 127), [Math]::Clamp([Math]::Round($places[$i].Y), 0, 159)) : @(126, 158)
        $i -lt 4 ? "film$($i + 1).png,pos,P$i,$x,$y,3,MALIGNANT" : "film$($i + 1).png,neg,P$i,,,,"
    }
    Set-Content ./rois.csv (@('path,label,patient,roi_x,roi_y,roi_radius,pathology') + $lines)
    $set = Import-MammoDataset ./rois.csv -Class neg, pos
    $measured = $maps | Measure-MammoHeatmap $set -Bootstrap 200 -Seed 1
}

AfterAll { Pop-Location }

Describe 'Measure-MammoHeatmap' {
    It 'plays the pointing game with the highest place of each map' {
        $measured.Images, $measured.NormalImages, $measured.Lesions, $measured.Patients | Should -Be 6, 2, 4, 6
        $last = $maps[3].Peak('lesion')
        $hit = [Math]::Pow([Math]::Clamp([Math]::Round($last.X), 0, 127) - 126, 2) + [Math]::Pow([Math]::Clamp([Math]::Round($last.Y), 0, 159) - 158, 2) -le 9
        $measured.Result.Statistics['PointingGame'].Value | Should -Be ($hit ? 1 : 0.75)
        $measured.Result.Statistics['SensitivityAtTwo'].Preferred | Should -Not -BeNullOrEmpty
        $measured.Result.FrocBand | Should -Not -BeNullOrEmpty
        $measured.Inference | Should -Match 'kind=Forward'
    }

    It 'takes a folder list, classes and a tolerance' {
        $again = $maps | Measure-MammoHeatmap ./rois.csv -Class lesion -Lesion Malignant -Tolerance 500
        $again.Result.Statistics['PointingGame'].Value | Should -Be 1
        $again.Classes, $again.Tolerance, "$($again.Lesion)" | Should -Be 'lesion', 500, 'Malignant'
    }

    It 'shows what a person wants to know' {
        $view = Get-View $measured
        $view | Should -Match 'PointingGame +: (1|0[.,]75)'
        $view | Should -Match 'Images +: 6, 2 without lesions'
    }

    It 'measures groups by the columns of the list, in their order' {
        $lines = Import-Csv ./rois.csv
        for ($i = 0; $i -lt 6; $i++) { $lines[$i] | Add-Member view ('CC', 'MLO', 'cc', 'MLO', 'MLO', '')[$i]; $lines[$i] | Add-Member tissue ('F', 'G')[$i % 2] }
        $lines | Export-Csv ./grouped.csv
        $all, $groups = $maps | Measure-MammoHeatmap ./grouped.csv -GroupBy view, tissue -WarningAction Ignore
        $all.Group | Should -BeNullOrEmpty
        $groups.Group | ForEach-Object ToString | Should -Be 'view CC', 'view MLO', 'view not known', 'tissue F', 'tissue G'
        $groups.Images | Should -Be 2, 3, 1, 3, 3
        "$($groups[0].Result.Statistics)" | Should -Be "$(($maps[0, 2] | Measure-MammoHeatmap ./grouped.csv).Result.Statistics)"
        $groups[2].Result.Statistics['PointingGame'].Undefined | Should -Be 'there are no lesions'
        Get-View $groups[1] | Should -Match 'Group +: view MLO'
        Get-ErrorId { $maps | Measure-MammoHeatmap ./grouped.csv -GroupBy vendor -WarningAction Ignore } | Should -Be 'Mammo.GroupMissing'
    }

    It 'completes what can be said' {
        Get-Completion 'Measure-MammoHeatmap -Lesion ' | Should -Be 'All', 'Malignant'
    }

    It 'is drawn and reported' {
        $measured | Export-MammoPlot ./froc.svg Froc
        Get-Content ./froc.svg -Raw | Should -Match 'class="band'
        $rows = 1..40 | ForEach-Object { [pscustomobject] @{ path = "$_.png"; label = $_ % 4 -eq 0 ? 'pos' : 'neg'; score = ($_ * 37 % 41) / 60 } }
        $rows | Export-MammoReport ./report.html -Localisation $measured -Bootstrap 0 -WarningAction Ignore
        Get-Content ./report.html -Raw | Should -Match 'id="localisation"[\s\S]*Pointing game[\s\S]*inside its ROI|id="localisation"[\s\S]*inside its ROI[\s\S]*Pointing game'
        $json = (Get-Content ./report.json -Raw | ConvertFrom-Json).localisation
        $json.lesions | Should -Be 4
        $json.facts.name | Should -Contain 'How heatmaps were made'
    }

    It 'states what is undefined, of one class and of three images' {
        $normal = $maps[4, 5] | Measure-MammoHeatmap $set
        $normal.Result.Statistics.Values.Undefined | Sort-Object -Unique | Should -Be 'there are no lesions'
        Get-ErrorId { $normal | Export-MammoPlot ./none.svg Froc } | Should -Be 'Mammo.PlotImpossible'
        $three = $maps[0..2] | Measure-MammoHeatmap $set -Bootstrap 100
        $three.Result.Statistics['Jafroc'].Undefined | Should -Be 'there are no images without lesions'
        $three.Result.Statistics['PointingGame'].Value | Should -Be 1
    }

    It 'leaves films of unknown lesions out, and says which' {
        Set-Content ./few.csv 'path,label,roi_x,roi_y,roi_radius', 'film1.png,pos,,,', 'film5.png,neg,,,'
        $few = Import-MammoDataset ./few.csv -Class neg, pos
        Get-WarningId { $maps[0, 4] | Measure-MammoHeatmap $few } | Should -Be 'Mammo.LesionUnknown'
        ($maps[0, 4] | Measure-MammoHeatmap $few -WarningAction Ignore).LeftOut | Should -Be 1
        $maps[0] | Measure-MammoHeatmap $few -WarningAction Ignore | Should -BeNullOrEmpty
    }

    It 'has an id for <Name>' -ForEach @(
        @{ Name = 'an image that the dataset does not have'; Given = { Get-MammoHeatmap $patch -Path ./film1.png, ./other.png -ImageSize 288, 224 -WarningAction Ignore }; Id = 'Mammo.LesionUnknown' }
        @{ Name = 'two heatmaps of an image'; Given = { $maps[0], $maps[0] }; Id = 'Mammo.PredictionsMixed' }
        @{ Name = 'heatmaps made in two ways'; Given = { $maps[0]; Get-MammoHeatmap $patch -Path ./film2.png -ImageSize 320, 224 -WarningAction Ignore }; Id = 'Mammo.PredictionsMixed' }
        @{ Name = 'a class that is not there'; Given = { $maps[0] }; Options = @{ Class = 'mass' }; Id = 'Mammo.ModelClassMismatch' }
        @{ Name = 'too few replicates'; Given = { $maps[0] }; Options = @{ Bootstrap = 5 }; Id = 'Mammo.EvaluationOptionInvalid' }
    ) {
        Copy-Item ./film1.png ./other.png
        $Options ??= @{}
        Get-ErrorId { & $Given | Measure-MammoHeatmap $set @Options } | Should -Be $Id
    }
}
