#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    function New-Part([int] $Seed, [double] $Mean = 60) {
        New-PatchModel resnet_small -WidthMultiplier 0.25 -RescaleFactor 0.003891 -FeaturewiseMean $Mean -Class neg, pos -Seed $Seed |
            New-WholeImageModel -ImageSize 160, 128 -HeatmapPooling TopK -TopK 3 -AvgPoolSize 2, 2 -Seed $Seed
    }
    New-Film (0..3 | ForEach-Object { "./films/$(('neg', 'pos')[$_ % 2])/film$_.png" })
    $dataset = Import-MammoDataset ./films
    $parts = 1..3 | ForEach-Object { New-Part $_ }
    $silent = @{ WarningAction = 'Ignore' }
    $ensemble = $parts | Join-MammoModel -Name three -PartName fold1, fold2, fold3
    $ensemble | Export-MammoModel ./three.safetensors
    $parts[1] | Export-MammoModel ./part.safetensors
    $back = Import-MammoModel ./three.safetensors
    $own = $parts | ForEach-Object { , @($dataset | Invoke-MammoPredict $_ @silent) }
    $mean = 0..3 | ForEach-Object { $film = $_; ($own | ForEach-Object { $_[$film].Score } | Measure-Object -Average).Average }
}

AfterAll { Pop-Location }

Describe 'Join-MammoModel' {
    It 'gives a model whose score is the mean of the parts, by <_>, from memory and from its file' -ForEach 'Mammo', 'Onnx', 'Torch' {
        foreach ($model in $ensemble, $back) {
            $scores = ($dataset | Invoke-MammoPredict $model -Engine $_ @silent).Score
            0..3 | ForEach-Object { [Math]::Abs($scores[$_] - $mean[$_]) | Should -BeLessThan 1e-6 }
        }
        ($mean | Measure-Object -Maximum).Maximum | Should -BeGreaterThan ($mean | Measure-Object -Minimum).Minimum
    }

    It 'takes models by position and files, and names the parts by the models' {
        $parts[0] | Export-MammoModel ./fold.safetensors
        $null = New-Item other -ItemType Directory
        $parts[1] | Export-MammoModel ./other/fold.safetensors
        $joined = Join-MammoModel ./fold.safetensors, ./other/fold.safetensors
        $joined.Name, $joined.Parts.Name | ForEach-Object { $_ } | Should -Be 'ensemble', 'fold', 'fold_2'
        $parts.IsDisposed | Should -Be $false, $false, $false
    }

    It 'says what holds for all, and of each part what is its own' {
        $measure = $own[1] | Measure-MammoPrediction @silent
        $measured = $parts[1] | Export-MammoModel ./measured.safetensors -Measurement $measure -MeasuredOn 'fold 2' -PassThru
        $joined = $parts[0], $measured | Join-MammoModel -PartName one, two
        $joined.Card.Measurement | Should -BeNullOrEmpty
        $joined.Parts[1].Measurement.MeasuredOn | Should -Be 'fold 2'
        $joined.Parts.WeightHash | ForEach-Object { $_.Length } | Should -Be 64, 64
        $joined.Card.Architecture | Should -BeLike 'mean of 2: resnet_small*'
        Get-View $joined | Should -Match 'Parts +: one: .*\n.*two: .*AUC'
        Get-View $joined.Parts | Should -Match 'Name +Seed +Split +Auc +Interval +Weights +Architecture'
        ($joined | Get-Member Parts).MemberType | Should -Be 'Property'
    }

    It 'is measured and keeps what was found' {
        $found = $dataset | Invoke-MammoPredict $ensemble @silent | Measure-MammoPrediction @silent
        $kept = $ensemble | Export-MammoModel ./kept.safetensors -Measurement $found -MeasuredOn 'four films' -PassThru
        (Import-MammoModel ./kept.safetensors).Card.Measurement | Should -Be $kept.Card.Measurement
    }

    It 'scores with flips, as half precision and with the same hash everywhere' {
        $flipped = ($dataset | Invoke-MammoPredict $ensemble -Augment @silent).Score
        $each = $parts | ForEach-Object { , ($dataset | Invoke-MammoPredict $_ -Augment @silent).Score }
        0..3 | ForEach-Object { [Math]::Abs($flipped[$_] - ($each[0][$_] + $each[1][$_] + $each[2][$_]) / 3) | Should -BeLessThan 1e-6 }
        $ensemble | Export-MammoModel ./half.safetensors -WeightFormat Float16
        (Get-Item ./half.safetensors).Length | Should -BeLessThan (0.8 * (Get-Item ./three.safetensors).Length)
        $half = ($dataset | Invoke-MammoPredict ./half.safetensors @silent).Score
        0..3 | ForEach-Object { [Math]::Abs($half[$_] - $mean[$_]) | Should -BeLessThan 1e-2 }
        ($dataset | Invoke-MammoPredict $back @silent)[0].Inference | Should -BeLike "*weights=$($back.Card.WeightHash.Substring(0, 16))*"
    }

    It 'makes heatmaps that are the mean of the parts, by <_>' -ForEach 'Forward', 'GradCam' {
        $film = (Get-ChildItem ./films/pos)[0].FullName
        $map = Get-MammoHeatmap $back -Path $film -Kind $_ @silent
        $maps = Get-MammoHeatmap $parts -Path $film -Kind $_ @silent
        $map.Values.Length | Should -Be $maps[0].Values.Length
        for ($i = 0; $i -lt $map.Values.Length; $i++) {
            [Math]::Abs($map.Values[$i] - ($maps[0].Values[$i] + $maps[1].Values[$i] + $maps[2].Values[$i]) / 3) | Should -BeLessThan 1e-5
        }
    }

    It 'is one model of a worklist, a report and a test of inputs, and of ONNX' {
        $null = New-MammoWorklist ./films -Out ./worklist.jsonl
        $null = Invoke-MammoWorklist ./worklist.jsonl $back -Out ./run -LogSeconds 0 @silent
        $null = Merge-MammoResult ./run -Worklist ./worklist.jsonl -Out ./run.csv @silent
        $plain = $dataset | Invoke-MammoPredict $back @silent
        $rows = Import-Csv ./run.csv | Sort-Object Path
        0..3 | ForEach-Object { [double] $rows[$_].Score | Should -Be ($plain | Sort-Object Path)[$_].Score }
        Get-ErrorId { Invoke-MammoWorklist ./worklist.jsonl $parts[0] -Out ./run -LogSeconds 0 @silent } | Should -Be 'Mammo.ShardOptionsDiffer'
        $plain | Export-MammoReport ./report.html -Model $back @silent
        Get-Content ./report.html -Raw | Should -Match 'Part 3.*fold3: '
        ($dataset | Test-MammoInput $back @silent).Model | Select-Object -Unique | Should -Be $back.Name
        $dicom = Join-Path $repository tests/data/dicom/window-linear.dcm
        $sr = Invoke-MammoPredict $back -Path $dicom @silent | Export-MammoDicom ./dicom -Model $back -PassThru
        [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($sr.FullName)) | Should -Match "weights=$($back.Card.WeightHash)"
        $back | Export-MammoModel ./three.onnx
        './three.onnx' | Should -Exist
    }

    It 'refuses <Name> (<Id>)' -ForEach @(
        @{ Name = 'one model'; Id = 'Mammo.EnsembleInvalid'; Script = { $parts[0] | Join-MammoModel } }
        @{ Name = 'a model twice'; Id = 'Mammo.EnsembleInvalid'; Script = { $parts[0, 1, 0] | Join-MammoModel } }
        @{ Name = 'too few names'; Id = 'Mammo.EnsembleInvalid'; Script = { $parts | Join-MammoModel -PartName one } }
        @{ Name = 'other classes'; Id = 'Mammo.ModelsDiffer'; Script = { $parts[0], (Import-MammoModel ./part.safetensors -Class benign, malignant) | Join-MammoModel } }
        @{ Name = 'another mean'; Id = 'Mammo.ModelsDiffer'; Script = { $parts[0], (New-Part 4 61) | Join-MammoModel } }
        @{ Name = 'an ensemble'; Id = 'Mammo.ModelIsEnsemble'; Script = { $ensemble, $parts[0] | Join-MammoModel } }
        @{ Name = 'a model that is no model'; Id = 'Mammo.FileNotFound'; Script = { Join-MammoModel ./none.safetensors } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }

    It 'is not trained, nor given a head' {
        Get-ErrorId { $ensemble | Invoke-MammoFinetune -Train ./films -Validation ./films @silent } | Should -Be 'Mammo.ModelIsEnsemble'
        Get-ErrorId { $ensemble | Invoke-PatchTraining -Train ./films -Validation ./films @silent } | Should -Be 'Mammo.ModelIsEnsemble'
        Get-ErrorId { $ensemble | New-WholeImageModel -ImageSize 160, 128 } | Should -Be 'Mammo.ModelIsEnsemble'
        Get-ErrorId { Import-MammoModel ./three.safetensors -OutputActivation Softmax } | Should -Be 'Mammo.ModelIsEnsemble'
    }
}
