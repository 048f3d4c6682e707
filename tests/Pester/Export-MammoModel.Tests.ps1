#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class a, b, c -Seed 3 -RescaleFactor 0.003891
    $whole = $patch | New-WholeImageModel -ImageSize 160, 128 -Recipe 512x1 -TopDepth 8, 8 -FeaturewiseMean 44.33
}

AfterAll { Pop-Location }

Describe 'Export-MammoModel' {
    It 'writes a model with its network and card, from which the same scores come' {
        $whole | Export-MammoModel './a [1].safetensors'
        $back = Import-MammoModel -LiteralPath './a [1].safetensors'
        $back.Name, $back.Card.FeaturewiseMean, $back.Card.WeightHash.Length | Should -Be 'a [1]', 44.33, 64
        $back.Classes | Should -Be 'neg', 'pos'
        $back.Layers.Name | Should -Be $whole.Layers.Name
        New-Film ($film = './film.png')
        ($film | Invoke-MammoPredict $back).Score | Should -Be ($film | Invoke-MammoPredict $whole).Score
    }

    It 'writes <Name>' -ForEach @(
        @{ Name = 'ONNX by its extension'; Script = { $whole | Export-MammoModel ./whole.onnx; './whole.onnx' } }
        @{ Name = 'ONNX by -Format'; Script = { Export-MammoModel ./whole.bin -Model $whole -Format Onnx; './whole.bin' } }
        @{ Name = 'smaller number types'; Script = { $whole | Export-MammoModel ./half.safetensors -WeightFormat BFloat16; './half.safetensors' } }
    ) {
        $path = & $Script
        $path | Should -Exist
        $whole | Export-MammoModel ./full.safetensors -Force
        if ($Name -like 'smaller*') {
            (Get-Item $path).Length | Should -BeLessThan (0.7 * (Get-Item ./full.safetensors).Length)
        }
        else {
            Get-ErrorId { Import-MammoModel $path } | Should -Be 'Mammo.ModelFileInvalid'
        }
    }

    It 'keeps a measurement in the card until the model changes' {
        New-Film './test/neg/1.png', './test/pos/2.png'
        $measurement = Import-MammoDataset ./test | Invoke-MammoPredict $whole | Measure-MammoPrediction -WarningAction Ignore
        $passed = $whole | Export-MammoModel ./measured.safetensors -Measurement $measurement -MeasuredOn 'some films' -PassThru
        $card = (Import-MammoModel ./measured.safetensors).Card
        $card.Measurement.MeasuredOn, $card.Measurement.Count, $card.Measurement.Positives | Should -Be 'some films', 2, 1
        $passed.Card.Measurement | Should -Be $card.Measurement
        $null = $patch | Export-MammoModel ./patch.safetensors -Measurement $measurement -PassThru
        (Import-MammoModel ./patch.safetensors | New-WholeImageModel -ImageSize 160, 128 -Recipe 512x1 -TopDepth 8, 8).Card.Measurement | Should -BeNullOrEmpty
    }

    It 'says that -Unfolded has no effect on safetensors' {
        Get-ErrorId { $whole | Export-MammoModel ./unfolded.safetensors -Unfolded } | Should -Be 'Mammo.ModelOptionConflict'
        './unfolded.safetensors' | Should -Not -Exist
    }

    It 'writes <Name> with -Unfolded: <Unfolded>' -ForEach @(
        @{ Name = 'batch norm folded'; Unfolded = $false }
        @{ Name = 'every layer'; Unfolded = $true }
    ) {
        $resnet = New-PatchModel resnet50 -WidthMultiplier 0.0625 -Class a, b -RescaleFactor 1
        $resnet | Export-MammoModel ./folding.onnx -Unfolded:$Unfolded -Force
        $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes((Resolve-Path ./folding.onnx)))
        $text.Contains('BatchNormalization') | Should -Be $Unfolded
    }

    It 'warns of -MeasuredOn without a measurement' {
        Get-WarningId { $whole | Export-MammoModel ./unmeasured.safetensors -MeasuredOn 'some films' } | Should -Be 'Mammo.ModelOptionConflict'
    }

    It 'writes the model to the pipeline only with -PassThru' {
        $whole | Export-MammoModel ./quiet.safetensors | Should -BeNullOrEmpty
        ($whole | Export-MammoModel ./passed.safetensors -PassThru).Name | Should -Be $whole.Name
    }

    It 'writes nothing with -WhatIf' {
        $whole | Export-MammoModel ./none.safetensors -WhatIf
        './none.safetensors' | Should -Not -Exist
    }

    It 'replaces a file only with -Force' {
        $whole | Export-MammoModel ./twice.safetensors
        Get-ErrorId { $whole | Export-MammoModel ./twice.safetensors } | Should -Be 'Mammo.FileExists'
        Get-ErrorId { $whole | Export-MammoModel ./twice.safetensors -Force } | Should -BeNullOrEmpty
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.ModelRemoved'; Name = 'a model that was removed'; Script = {
                $gone = New-PatchModel vgg16 -WidthMultiplier 0.0625
                Remove-MammoModel $gone
                $gone | Export-MammoModel ./gone.safetensors
            }
        }
        @{ Id = 'Mammo.FileNotWritten'; Name = 'a path below a file'; Script = { Set-Content ./file 'x'; $whole | Export-MammoModel ./file/a.safetensors } }
        @{ Id = 'CannotConvertArgumentNoMessage'; Name = 'a format that is none'; Script = { $whole | Export-MammoModel ./a.pb -Format Pb } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
