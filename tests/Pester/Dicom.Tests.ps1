#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $dicom = Join-Path $repository tests/data/dicom
    # The same film twice, once with a window; and one that is refused unless it is asked for.
    $windowed, $refused = "$dicom/window-linear.dcm", "$dicom/for-processing.dcm"
    $rows = "path,label,patient,roi_shape,roi_x,roi_y,roi_radius,roi_pathology`n" +
        (($windowed, "$dicom/explicit-le.dcm" | ForEach-Object { "$_,pos,$((Split-Path $_ -LeafBase)),circle,80,100,12,MALIGNANT" }) -join "`n")
    Set-Content ./films.csv $rows
    $films = Import-MammoDataset ./films.csv -Class neg, pos
}

AfterAll { Pop-Location }

Describe 'Options of DICOM files' {
    It '<Command> has them all' -ForEach @(
        'Convert-MammoImage', 'Export-MammoDataset', 'Get-FeaturewiseMean', 'Get-MammoHeatmap', 'Get-MammoImageInfo', 'Get-RescaleFactor', 'Invoke-MammoFinetune', 'Invoke-MammoPredict',
        'Invoke-PatchTraining', 'New-MammoPatchSet', 'Test-MammoDataset', 'Test-MammoInput' | ForEach-Object { @{ Command = $_ } }
    ) {
        'Voi', 'Frame', 'AllowForProcessing', 'AnyView', 'Orient' | Should -BeIn (Get-Command $Command).Parameters.Keys
    }

    It 'decide what Convert-MammoImage writes, and are in its records' {
        $window, $whole = 'Auto', 'None' | ForEach-Object { Convert-MammoImage $windowed "./voi-$_" -Voi $_ }
        $window.VoiUsed, $whole.VoiUsed | Should -Be 'Window:1 LINEAR', 'None'
        (Get-FileHash $window.Target).Hash | Should -Not -Be (Get-FileHash $whole.Target).Hash
        Get-ErrorId { Convert-MammoImage $refused ./refused } | Should -Be 'Mammo.DicomForProcessing'
        (Convert-MammoImage $refused ./refused -AllowForProcessing).Status | Should -Be 'Converted'
    }

    It 'decide what estimates are made of' {
        (Get-RescaleFactor -Path $windowed -Voi None).Maximum | Should -Not -Be (Get-RescaleFactor -Path $windowed).Maximum
        (Get-FeaturewiseMean -Path $windowed -RescaleFactor 0.003891 -Voi None).Mean | Should -Not -Be (Get-FeaturewiseMean -Path $windowed -RescaleFactor 0.003891).Mean
        Get-ErrorId { Get-RescaleFactor -Path $windowed -Voi Lut } | Should -Contain 'Mammo.DicomVoiMissing'
    }

    It 'decide what Test-MammoDataset finds' {
        (Test-MammoDataset (Import-MammoDataset ./films.csv -Class neg, pos) -Voi Lut).Id | Should -Contain 'Mammo.DicomVoiMissing'
        $null = Test-MammoDataset $films -SummaryVariable summary -Voi None
        "$($summary.VoiUsed)" | Should -Be 'None=2'
    }

    It 'decide what patches are cut from, and are in their records' {
        $records = 'Auto', 'None' | ForEach-Object { $films | New-MammoPatchSet "./patches-$_" -PatchSize 32 -Abnormality 1 -Background 1 -Voi $_ }
        $records.VoiUsed | Should -Be 'Window:1 LINEAR', 'None', 'None', 'None'
    }

    It 'decide what Get-MammoImageInfo calls refused' {
        (Get-MammoImageInfo $refused -AllowForProcessing).Refusal | Should -BeNullOrEmpty
        (Get-MammoImageInfo "$dicom/window-multiple.dcm" -Voi Window:4).Refusal | Should -Be 'Mammo.DicomVoiMissing'
        (Get-MammoImageInfo "$dicom/window-multiple.dcm" -Voi Window:2).Refusal | Should -BeNullOrEmpty
    }

    It 'decide what Export-MammoDataset copies, and mean nothing for a CSV' {
        Get-ErrorId { $films | Export-MammoDataset ./out.csv -Voi None } | Should -Be 'Mammo.DatasetInvalid'
    }

    It 'are in the records of scores and heatmaps' {
        $model = New-PatchModel resnet_small -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52 -Seed 1
        (Invoke-MammoPredict $model -Path $windowed, "$dicom/voi-lut.dcm" -ImageSize 64, 64 -WarningAction Ignore).VoiUsed | Should -Be 'Window:1 LINEAR', 'Lut'
        (Get-MammoHeatmap $model -Path $windowed -ImageSize 128, 128 -Voi None -WarningAction Ignore).VoiUsed | Should -Be 'None'
        New-Film ./film.png
        (Invoke-MammoPredict $model -Path ./film.png -ImageSize 64, 64 -WarningAction Ignore).VoiUsed | Should -BeNullOrEmpty
    }

    It 'are in the card of a model that was trained with them, and hold for its scores' {
        $sets = 'explicit-le', 'window-linear', 'implicit-le', 'rle' | ForEach-Object -Begin { $i = 0 } { [pscustomobject]@{ path = "$dicom/$_.dcm"; label = ('neg', 'pos')[$i++ % 2]; patient = $i } }
        $train, $validation = $sets[0, 1], $sets[2, 3] | ForEach-Object { , ($_ | Import-MammoDataset -Class neg, pos) }
        $whole = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -Seed 1 -RescaleFactor 0.003891 |
            New-WholeImageModel -ImageSize 64, 64 -BlockType Vgg -TopDepth 4 -TopRepetition 1 -Seed 1
        $viewer = New-PatchModel resnet_small -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52 -Seed 1
        $null = $whole | Invoke-MammoFinetune -Train $train -Validation $validation -FeaturewiseMean 52 -BatchSize 2 -Epoch 1 -AllLayerEpoch 0 -Voi None -Orient -AllowLeakage -WarningAction Ignore
        $whole.Card.Voi, $whole.Card.Orient | Should -Be 'None', $true
        $whole | Export-MammoModel ./none.safetensors
        $again = Import-MammoModel ./none.safetensors
        (Invoke-MammoPredict $again -Path $windowed -WarningAction Ignore).VoiUsed | Should -Be 'None'
        (Invoke-MammoPredict $again -Path $windowed -Voi Auto -WarningAction Ignore).VoiUsed | Should -Be 'Window:1 LINEAR'
        Get-ErrorId { Invoke-MammoPredict $again, $viewer -Path $windowed -ImageSize 64, 64 -WarningAction Ignore } | Should -Be 'Mammo.ModelsDiffer'
    }

    It 'do not decide the depth: a model of eight bits is given eight' {
        $image = "$dicom/window-linear.dcm"
        $eight = New-PatchModel resnet_small -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 52 -Seed 1
        $option = @{ ImageSize = 64, 64; WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue' }
        $score = (Invoke-MammoPredict $eight -Path $image @option).Score
        "$warnings" | Should -Not -Match 'BitDepth|MeanFar|Maximum'
        $converted = Convert-MammoImage $image ./eight-bits -BitDepth 8
        (Invoke-MammoPredict $eight -Path $converted.Target @option).Score | Should -Be $score
        # The user's own scale is one for 16 bits, of which 0.003891 makes nearly the same.
        $own = (Invoke-MammoPredict $eight -Path $image -RescaleFactor 0.003891 @option).Score
        $own | Should -Not -Be $score
        [Math]::Abs($own - $score) | Should -BeLessThan 0.01
        (Invoke-MammoPredict $eight -Path $image -RescaleFactor 1 @option).Warning | Should -Match 'Mammo.BitDepthMismatch'
        # Two models are given one image: with one of 16 bits beside it, it stays as it is read for that one.
        $sixteen = New-PatchModel resnet_small -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 52 -Seed 1
        (Invoke-MammoPredict $eight, $sixteen -Path $image @option).Warning | Should -Match 'Mammo.BitDepthMismatch'
        # Also where nothing but the record of the training images says it, and in heatmaps and the examination.
        @(Test-MammoInput mini-mias -Path $image -WarningAction Ignore).Id | Should -Not -Match 'BitDepth|InputDepth|MeanFar'
        $depth = Test-MammoInput mini-mias -Path $image -RescaleFactor 0.003891 -WarningAction Ignore | Where-Object { $_.Id -eq 'Mammo.InputDepth' -and $_.Path }
        $depth.SuggestedFix | Should -Match '^Leave out -RescaleFactor'
        (Get-MammoHeatmap $eight -Path $image -ImageSize 128, 128 -WarningAction Ignore).Warning | Should -Not -Match 'BitDepth|MeanFar'
    }

    It 'are refused where they are wrong, by every cmdlet: <Name>' -ForEach @(
        @{ Name = 'Convert-MammoImage'; Script = { Convert-MammoImage $windowed ./wrong -Voi Loud } }
        @{ Name = 'Get-MammoImageInfo'; Script = { Get-MammoImageInfo $windowed -Voi Window:0 } }
        @{ Name = 'Test-MammoDataset'; Script = { Test-MammoDataset $films -Voi '1' } }
    ) {
        Get-ErrorId $Script | Should -Be 'Mammo.DicomVoiMissing'
    }
}
