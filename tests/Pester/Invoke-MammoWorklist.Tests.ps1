#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $a, $b = 1, 2 | ForEach-Object {
        New-PatchModel vgg16 -WidthMultiplier 0.0625 -Seed $_ -RescaleFactor 0.003891 -FeaturewiseMean 52.18 |
            New-WholeImageModel -ImageSize 160, 128 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed $_
    }
    New-Film './archive/1.png', './archive/2 é.png', './archive/sub/[3].png', './archive/4.png'
    Get-ChildItem (Join-Path $repository tests/data/dicom/*.dcm) | Copy-Item -Destination ./archive/sub
    Set-Content ./archive/broken.png 'no picture'
    $null = New-MammoWorklist ./archive -Out ./worklist.jsonl
    $quiet = @{ LogSeconds = 0; WarningAction = 'Ignore' }
    # Each with what its header says, as the list has it.
    $options = @{ Augment = $true; WarningAction = 'Ignore'; ErrorAction = 'SilentlyContinue'; ErrorVariable = '+refused' }
    $refused = @()
    $plain = @(Import-MammoDataset ./archive -Format Dicom -WarningAction Ignore | ForEach-Object Images) + @(Get-ChildItem ./archive -Recurse -Include *.png, not-dicom.dcm, missing-transfer-syntax.dcm) |
        ForEach-Object { if ($_ -is [IO.FileInfo]) { Invoke-MammoPredict $a -LiteralPath $_.FullName @options } else { $_ | Invoke-MammoPredict -Model $a @options } }
}

AfterAll { Pop-Location }

Describe 'Invoke-MammoWorklist' {
    It 'gives the scores of Invoke-MammoPredict bit for bit, in any number of shards, and refuses what it refuses' {
        $reports = 0..2 | ForEach-Object { Invoke-MammoWorklist ./worklist.jsonl $a -Augment -Out ./same/shards -Shard "$_/3" @quiet }
        ($reports | Measure-Object Scored -Sum).Sum | Should -Be $plain.Count
        ($reports | Measure-Object Refused -Sum).Sum | Should -BeGreaterThan 3
        $reports.Left | Should -Be 0, 0, 0
        $merged = Merge-MammoResult ./same -Worklist ./worklist.jsonl -Out ./same.csv -WarningAction Ignore
        $merged.AddsUp | Should -BeTrue
        $rows = @{}
        Import-Csv ./same.csv | ForEach-Object { $rows[$_.Path] = $_ }
        foreach ($one in $plain | ConvertTo-Csv | ConvertFrom-Csv) {
            $row = $rows[$one.Path]
            foreach ($column in 'Score', 'Probability', 'ModelScore', 'TrueClass', 'Patient', 'Laterality', 'View', 'VoiUsed', 'Warning', 'Engine', 'Inference', 'SampleWeight') {
                $row.$column | Should -BeExactly $one.$column
            }
        }
        $rows[(Join-Path $TestDrive archive/broken.png)].ErrorId | Should -Be 'Mammo.ImageUnreadable'
        @($rows.Values.ErrorId -ne '' | Sort-Object -Unique) | Should -Be @($refused.FullyQualifiedErrorId -replace ',.*' | Sort-Object -Unique)
        # Every column of a prediction is there.
        $columns = (Import-Csv ./same.csv | Select-Object -First 1).psobject.Properties.Name
        ($plain[0] | Get-Member -MemberType Properties).Name | ForEach-Object { $columns | Should -Contain $_ }
    }

    It 'scores all shards by the engine of the first' {
        $null = Invoke-MammoWorklist ./worklist.jsonl $a -Out ./engines -Shard 1/2 -Engine Mammo @quiet
        $second = Invoke-MammoWorklist ./worklist.jsonl $a -Out ./engines -Shard 2/2 @quiet
        $second.Scored | Should -BeGreaterThan 0
        $null = Merge-MammoResult ./engines -Worklist ./worklist.jsonl -Out ./engines.csv -WarningAction Ignore
        @((Import-Csv ./engines.csv).Engine -ne '' | Sort-Object -Unique) | Should -HaveCount 1
        Get-ErrorId { Invoke-MammoWorklist ./worklist.jsonl $a -Out ./engines -Engine Torch @quiet } | Should -Be 'Mammo.ShardOptionsDiffer'
    }

    It 'does not score again what has a result, whatever the shard' {
        $null = Invoke-MammoWorklist ./worklist.jsonl $a -Augment -Out ./again -Shard 1/2 @quiet
        $files = Get-Tree ./again
        $second = Invoke-MammoWorklist ./worklist.jsonl $a -Augment -Out ./again @quiet
        $second.Before | Should -BeGreaterThan 0
        $second.Before + $second.Scored + $second.Refused | Should -Be $second.Images
        $null = Invoke-MammoWorklist ./worklist.jsonl $a -Augment -Out ./again -Shard 1/2 @quiet
        $files | ForEach-Object { Get-Tree ./again | Should -Contain $_ }
        (Invoke-MammoWorklist ./worklist.jsonl $a -Augment -Out ./again @quiet).Scored | Should -Be 0
    }

    It 'takes labels, further columns and a class map from the list' {
        Set-Content ./list.csv 'path,label,patient,site,view', 'archive/1.png,MALIGNANT,P1,north,CC', 'archive/4.png,BENIGN,P2,south,MLO'
        $null = Import-MammoDataset ./list.csv | New-MammoWorklist -Out ./labelled.jsonl
        $null = Invoke-MammoWorklist ./labelled.jsonl $a -ClassMap @{ MALIGNANT = 'pos'; BENIGN = 'neg' } -Out ./labelled @quiet
        $null = Merge-MammoResult ./labelled -Worklist ./labelled.jsonl -Out ./labelled.csv
        $rows = Import-Csv ./labelled.csv | Sort-Object Path
        $rows.TrueClass + $rows.Label + $rows.Patient + $rows.site | Should -Be 'pos', 'neg', '1', '0', 'P1', 'P2', 'north', 'south'
        ($rows | Measure-MammoPrediction).Count | Should -Be 2
    }

    It 'refuses other options and names them' {
        $null = Invoke-MammoWorklist ./worklist.jsonl $a -Out ./options -Shard 1/50 @quiet
        Get-ErrorId { Invoke-MammoWorklist ./worklist.jsonl $a -Augment -Out ./options @quiet } | Should -Be 'Mammo.ShardOptionsDiffer'
        { Invoke-MammoWorklist ./worklist.jsonl $a -Augment -Out ./options @quiet } | Should -Throw '*augment is false there and true here*'
        { Invoke-MammoWorklist ./worklist.jsonl $b -Out ./options @quiet } | Should -Throw '*weights is * there and * here*'
        { Invoke-MammoWorklist ./worklist.jsonl $a -RescaleFactor 1 -Out ./options @quiet } | Should -Throw '*rescalefactor*'
        { Invoke-MammoWorklist ./worklist.jsonl $a -AnyView -Out ./options @quiet } | Should -Throw '*anyview*'
        { Invoke-MammoWorklist ./worklist.jsonl $a -Engine Torch -Out ./options @quiet } | Should -Throw '*engine*'
    }

    It 'takes another root, and a folder for what is not yet published' {
        Copy-Item ./archive ./elsewhere -Recurse
        $report = Invoke-MammoWorklist ./worklist.jsonl $a -Root ./elsewhere -Staging ./local -Out ./root @quiet
        $report.Left | Should -Be 0
        Get-ChildItem ./local | Should -BeNullOrEmpty
        $null = Merge-MammoResult ./root -Worklist ./worklist.jsonl -Out ./root.csv
        (Import-Csv ./root.csv).Path | ForEach-Object { $_ | Should -BeLike "$(Join-Path $TestDrive archive)*" }
    }

    It 'tries again what was refused when it is asked to' {
        Set-Content ./archive/later.png 'not yet'
        $null = New-MammoWorklist ./archive -Out ./later.jsonl
        $first = Invoke-MammoWorklist ./later.jsonl $a -Out ./later @quiet
        (Invoke-MammoWorklist ./later.jsonl $a -Out ./later @quiet).Refused | Should -Be 0
        $second = Invoke-MammoWorklist ./later.jsonl $a -Out ./later -RetryRefused @quiet
        $second.Refused | Should -Be $first.Refused
        Remove-Item ./archive/later.png
    }

    It 'says how far it is' {
        $lines = Invoke-MammoWorklist ./worklist.jsonl $a -Out ./said -LogSeconds 1000 -WarningAction Ignore 6>&1 | Where-Object { $_ -is [Management.Automation.InformationRecord] }
        "$($lines[0])" | Should -Match "shard 0/1 of .*process $PID on .*\d+ threads for the network, \d+ for images"
        "$($lines[-1])" | Should -Match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ shard 0/1: (\d+) of \1 images, .* per second, \d+ refused, finished$'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a shard that is none'; Script = { Invoke-MammoWorklist ./worklist.jsonl $a -Out ./x -Shard 9/8 @quiet } }
        @{ Id = 'Mammo.FileNotFound'; Name = 'a list that is missing'; Script = { Invoke-MammoWorklist ./none.jsonl $a -Out ./x @quiet } }
        @{ Id = 'Mammo.WorklistInvalid'; Name = 'what is no list'; Script = { Invoke-MammoWorklist ./archive/1.png $a -Out ./x @quiet } }
        @{ Id = 'Mammo.ArchiveMissing'; Name = 'a root without the images'; Script = { $null = New-Item ./empty -ItemType Directory -Force; Invoke-MammoWorklist ./worklist.jsonl $a -Root ./empty -Out ./x @quiet } }
        @{ Id = 'Mammo.FolderUnwritable|Mammo.FileNotWritten'; Name = 'a folder that cannot be made'; Script = { Invoke-MammoWorklist ./worklist.jsonl $a -Out ./worklist.jsonl/x @quiet } }
        @{ Id = 'Mammo.EngineConflict'; Name = 'an engine without that precision'; Script = { Invoke-MammoWorklist ./worklist.jsonl $a -Engine Onnx -Precision Float64 -Out ./x @quiet } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a negative time'; Script = { Invoke-MammoWorklist ./worklist.jsonl $a -CommitSeconds -1 -Out ./x @quiet } }
    ) {
        Get-ErrorId $Script | Should -Match "^($Id)`$"
    }
}
