#Requires -Version 7.6

# What people do with the cmdlets of any module.

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film (0..5 | ForEach-Object { "./films/$(('neg', 'pos')[$_ % 2])/film$_.png" })
    $model = New-PatchModel resnet_small -WidthMultiplier 0.25 -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 60 -Seed 1 |
        New-WholeImageModel -ImageSize 160, 128 -Class neg, pos -HeatmapPooling TopK -TopK 3 -AvgPoolSize 2, 2 -Seed 1
    $dataset = Import-MammoDataset ./films
    $predictions = $dataset | Invoke-MammoPredict $model -WarningAction Ignore
    $silent = @{ WarningAction = 'Ignore' }
}

AfterAll { Pop-Location }

Describe 'In the pipeline' {
    It 'results are kept on the way by -OutVariable, and their source by -PipelineVariable' {
        $best = $dataset.Images | Invoke-MammoPredict $model @silent -OutVariable all | Sort-Object Score -Descending | Select-Object -First 1
        $all.Score | Should -Be $predictions.Score
        $best.Score | Should -Be ($predictions.Score | Measure-Object -Maximum).Maximum
        Get-ChildItem ./films -Recurse -File -PipelineVariable file | Invoke-MammoPredict $model @silent -WorkerCount 1 -PipelineVariable scored |
            ForEach-Object { Split-Path $scored.Path -Leaf } | Should -Be ($predictions.Path | Split-Path -Leaf)
    }

    It 'one is enough: <Name> stops cleanly, and the next command works' -ForEach @(
        @{ Name = 'predict'; Script = { $dataset | Invoke-MammoPredict $model @silent | Select-Object -First 1 } }
        @{ Name = 'heatmap'; Script = { $dataset | Get-MammoHeatmap $model @silent | Select-Object -First 1 } }
        @{ Name = 'test'; Script = { Test-MammoDataset $dataset @silent | Select-Object -First 1 } }
        @{ Name = 'convert'; Script = { Convert-MammoImage ./films ./first -ImageSize 32, 24 -Force | Select-Object -First 1 } }
        @{ Name = 'info'; Script = { Get-ChildItem ./films -Recurse -File | Get-MammoImageInfo | Select-Object -First 1 } }
    ) {
        & $Script | Should -HaveCount 1
        ($dataset | Invoke-MammoPredict $model @silent).Score | Should -Be $predictions.Score
        Get-ChildItem ./first -Recurse -Force -Filter '.*' -ErrorAction Ignore | Should -BeNullOrEmpty -Because 'nothing half-written stays'
    }

    It 'are sorted, grouped, selected and written as numbers' {
        ($predictions | Sort-Object Score).Score | Should -Be ($predictions.Score | Sort-Object)
        ($predictions | Group-Object TrueClass -NoElement | Sort-Object Name).Name | Should -Be 'neg', 'pos'
        ($predictions | Where-Object Score -GE 0).Count | Should -Be 6
        ($predictions | Measure-Object Score -Average).Average | Should -BeGreaterThan 0
        ($predictions | ConvertTo-Json -Depth 4 | ConvertFrom-Json).Score | Should -Be $predictions.Score
    }

    It 'are written the same by <_>' -ForEach 'Invoke-MammoPredict', 'Get-MammoPrediction' {
        ($dataset | & $_ $model @silent).Score | Should -Be $predictions.Score
    }
}

Describe 'In other runspaces' {
    It 'the same model and dataset work, by ForEach-Object -Parallel and by jobs of threads' {
        $scores = $dataset.Images | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            [pscustomobject] @{ Path = $_.Path; Score = ($_ | Invoke-MammoPredict $using:model -WarningAction Ignore).Score }
        }
        ($scores | Sort-Object Path).Score | Should -Be $predictions.Score
        if (Get-Command Start-ThreadJob -ErrorAction Ignore) {
            $job = Start-ThreadJob { Import-Module $using:manifest; $using:dataset | Invoke-MammoPredict $using:model -WarningAction Ignore }
            ($job | Receive-Job -Wait -AutoRemoveJob).Score | Should -Be $predictions.Score
        }
    }
}

Describe 'Paths' {
    It 'are those of the location, of a drive of PowerShell, and of one that Set-Location goes to' {
        $null = New-PSDrive Films FileSystem $TestDrive/films
        Push-Location Films:/pos
        try {
            (Invoke-MammoPredict $model -Path ./film1.png @silent).Score | Should -Be $predictions[3].Score
            (Invoke-MammoPredict $model -Path Films:/pos/film1.png @silent).Score | Should -Be $predictions[3].Score
            (Import-MammoDataset Films:/).Count | Should -Be 6
            $model | Export-MammoModel Films:/kept.safetensors
            (Invoke-MammoPredict (Import-MammoModel ../kept.safetensors) -Path ./film1.png @silent).Score | Should -Be $predictions[3].Score
        }
        finally {
            Pop-Location
            Remove-PSDrive Films
        }
    }

    It 'of folders are answered by what to write instead' {
        $failed = try { Invoke-MammoPredict $model -Path ./films -ErrorAction Stop } catch { $_ }
        $failed.ErrorDetails.RecommendedAction | Should -Match "-Path 'FOLDER/\*'"
        (Get-ErrorId { Import-MammoDataset ./films/pos }) | Should -Be 'Mammo.DatasetInvalid'
        Set-Content ./list.csv 'path,label', 'films/pos/film1.png,pos'
        $failed = try { Invoke-MammoPredict $model -Path ./list.csv -ErrorAction Stop } catch { $_ }
        $failed.ErrorDetails.RecommendedAction | Should -Match 'Import-MammoDataset' -Because 'a list is a dataset'
        { Import-MammoDataset ./list.csv -Class a, b -ErrorAction Stop } | Should -Throw '*-Class says which there are*'
        (Test-MammoDataset (Import-MammoDataset ./list.csv -Class neg, pos) -WarningAction Ignore).Message | Should -Contain '1 image of list has no patient: whether sets share patients cannot be known for it.'
    }
}

Describe 'Completion' {
    It 'knows the values of <_>' -ForEach @(
        (Import-PowerShellDataFile (Join-Path $PSScriptRoot ../../Mammo.psd1)).CmdletsToExport
    ) {
        # Names of things that are made by the user, and texts, have none.
        foreach ($parameter in (Get-Command $_).Parameters.Values) {
            if ($parameter.ParameterType.IsEnum -or $parameter.Attributes.Where{ $_.GetType().Name -eq 'OneOfAttribute' }) {
                Get-Completion "$_ -$($parameter.Name) " | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name) of $_ has few values"
            }
        }
    }
}

Describe 'Colours' {
    It 'are shown in a terminal only: <Rendering>' -ForEach @(
        @{ Rendering = 'Ansi'; Expected = '\e\[33m' }
        @{ Rendering = 'PlainText'; Expected = '^[^\e]*$' }
    ) {
        $before = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = $Rendering
            $text = $dataset | Invoke-MammoPredict $model -RescaleFactor 1 -WarningAction Ignore | Out-String -Width 160
        }
        finally {
            $PSStyle.OutputRendering = $before
        }
        $text | Should -Match $Expected
        $text | Should -Match 'neg \d\.\d{3}  (\e\[1m)?pos \d\.\d{3}'
    }

    It 'fit 80 columns: <Name>' -ForEach @(
        @{ Name = 'architectures'; Script = { Get-MammoArchitecture } }
        @{ Name = 'predictions'; Script = { $predictions } }
        @{ Name = 'conversions'; Script = { Convert-MammoImage ./films ./narrow -ImageSize 32, 24 -Force } }
    ) {
        $lines = (& $Script | Out-String -Width 80) -split '\r?\n' | Where-Object { $_.Trim() }
        $lines.Count | Should -BeLessOrEqual (@(& $Script).Count + 2) -Because 'no record takes a second line'
    }

    It 'history of a training is a table' {
        (Get-FormatData Mammo.Torch.Training.EpochRecord).FormatViewDefinition.Name | Should -Be 'Mammo.Epoch'
    }

    It 'a dataset after another object shows what it is' {
        $text = 'x', $dataset | Out-String -Width 80
        $text | Should -Match 'Images\s+Patients\s+Classes|Count\s+:\s+6'
        $text | Should -Not -Match 'film0\.png'
    }
}
