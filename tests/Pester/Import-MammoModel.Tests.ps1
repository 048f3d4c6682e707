#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $keras = Join-Path $repository 'tests/data/oracle/models/vgg16_patch_d16.h5'
    $weightsOnly = Join-Path $repository 'tests/data/oracle/models/vgg16_patch_d16_weights_only.h5'
    $card = @{ Class = 'a', 'b', 'c', 'd', 'e'; RescaleFactor = 0.003891; FeaturewiseMean = 52.18 }
    New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -RescaleFactor 1 | Export-MammoModel './own [1].safetensors'
}

AfterAll { Pop-Location }

Describe 'Import-MammoModel' {
    Context 'Files' {
        It 'opens <Name>' -ForEach @(
            @{ Name = 'a Keras file'; Script = { Import-MammoModel $keras @card }; Classes = 5 }
            @{ Name = 'a Keras file by its literal path'; Script = { Import-MammoModel -LiteralPath $keras @card }; Classes = 5 }
            @{ Name = 'file names from the pipeline'; Script = { $keras | Import-MammoModel @card }; Classes = 5 }
            @{ Name = 'file objects from the pipeline'; Script = { Get-Item $keras | Import-MammoModel @card }; Classes = 5 }
            @{ Name = 'a name with brackets'; Script = { Import-MammoModel './own [1].safetensors' }; Classes = 2 }
            @{ Name = 'wildcards'; Script = { Import-MammoModel './own*.safetensors' }; Classes = 2 }
        ) {
            $model = & $Script
            $model | Should -HaveCount 1
            $model.GetType().Name | Should -Be 'MammoModel'
            $model.OutputCount | Should -Be $Classes
        }

        It 'opens weights alone for the network of another model' {
            $like = Import-MammoModel $keras @card
            $model = Import-MammoModel $weightsOnly -Like $like
            $model.Card.WeightHash | Should -Be $like.Card.WeightHash
            $model.Classes | Should -Be $like.Classes
        }
    }

    Context 'The model that comes with Mammo' {
        It 'has a card with size, origin, licence and measured performance' {
            $model = Import-MammoModel -Name MINI-mias
            $model.Name | Should -Be 'mini-mias'
            "$($model.Card.ImageSize)" | Should -Be '512x512'
            $model.Card.License | Should -Match 'research use only'
            $model.Card.TrainedOn | Should -Match 'mini-MIAS'
            $model.Card.Training['splits'] | Should -Not -BeNullOrEmpty
            $model.Card.Inputs.Count | Should -Be 230
            $model.Card.Measurement.Auc | Should -BeGreaterThan $model.Card.Measurement.Lower
            $model.Card.Measurement.Auc | Should -BeLessThan $model.Card.Measurement.Upper
        }

        It 'is completed by its name' {
            Get-Completion 'Import-MammoModel -Name ' | Should -Contain 'mini-mias'
        }
    }

    Context 'Outputs' {
        It 'has the id <Id> for <Name>' -ForEach @(
            @{ Name = 'a softmax on a softmax'; Answer = 'Softmax'; Id = 'Mammo.ModelOptionConflict' }
            @{ Name = 'an activation that is unknown'; Answer = 'Tanh'; Id = 'CannotConvertArgumentNoMessage' }
        ) {
            Get-ErrorId { Import-MammoModel './own [1].safetensors' -OutputActivation $Answer } | Should -Be $Id
        }
    }

    Context 'The card' {
        It 'takes a mean for each channel, <Name>' -ForEach @(
            @{ Name = 'as numbers'; Mean = 103.939, 116.779, 123.68 }
            @{ Name = 'as text'; Mean = '103.939, 116.779, 123.68' }
        ) {
            Import-MammoModel './own [1].safetensors' -FeaturewiseMean $Mean | Export-MammoModel ./means.safetensors -Force
            $model = Import-MammoModel ./means.safetensors
            $model.Card.FeaturewiseMean | Should -Be 103.939, 116.779, 123.68
            Get-View $model | Should -Match 'FeaturewiseMean\s+:\s+103.939, 116.779, 123.68'
            $again = Import-MammoModel './own [1].safetensors' -FeaturewiseMean $model.Card.FeaturewiseMean
            $again.Card.FeaturewiseMean | Should -Be $model.Card.FeaturewiseMean
        }

        It 'refuses <Mean> as the mean of a network of <Channel> channels' -ForEach @(
            @{ Mean = 1, 2; Channel = 3; Id = 'Mammo.MeanCountMismatch' }
            @{ Mean = 1, 2, 3; Channel = 1; Id = 'Mammo.MeanCountMismatch' }
            @{ Mean = 'dark'; Channel = 3; Id = 'ParameterArgumentTransformationError' }
        ) {
            $file = "./of$Channel.safetensors"
            New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -RescaleFactor 1 -Channel $Channel | Export-MammoModel $file -Force
            Get-ErrorId { Import-MammoModel $file -FeaturewiseMean $Mean } | Should -Be $Id
        }

        It 'takes what is given over what the file says' {
            $model = Import-MammoModel './own [1].safetensors' -ClassList no, yes -RescaleFactor 0.5 -FeaturewiseMean 7 -EqualizeHist -AutoLevel -ImgSize 64, 48 `
                -TrainedOn 'my films' -License CC0-1.0
            $model.Classes | Should -Be 'no', 'yes'
            $model.Card.RescaleFactor, $model.Card.FeaturewiseMean, $model.Card.EqualizeHistogram, $model.Card.AutoLevel | Should -Be 0.5, 7, $true, $true
            "$($model.Card.ImageSize)", $model.Card.TrainedOn, $model.Card.License | Should -Be '64x48', 'my films', 'CC0-1.0'
        }
    }

    Context 'Errors' {
        It 'has the id <Id> for <Name>' -ForEach @(
            @{ Id = 'Mammo.ModelOptionConflict'; Name = 'a threshold without its origin'; Script = { Import-MammoModel -Name mini-mias -Threshold 0.4 } }
            @{ Id = 'Mammo.FileNotFound'; Name = 'a file that is missing'; Script = { Import-MammoModel ./missing.h5 } }
            @{ Id = 'Mammo.FileNotFound'; Name = 'a literal path with a wildcard'; Script = { Import-MammoModel -LiteralPath './own*.safetensors' } }
            @{ Id = 'Mammo.ModelFileInvalid'; Name = 'an image'; Script = { Import-MammoModel $repository/examples/data/Calc-Test_P_00041_LEFT_CC.png } }
            @{ Id = 'Mammo.ModelNameUnknown'; Name = 'a name that no model has'; Script = { Import-MammoModel -Name vgg99 } }
            @{ Id = 'Mammo.ModelClassMismatch'; Name = 'more classes than outputs'; Script = { Import-MammoModel './own [1].safetensors' -Class a, b, c } }
            @{ Id = 'AmbiguousParameterSet'; Name = 'a file and a name'; Script = { Import-MammoModel -Path './own [1].safetensors' -Name mini-mias } }
        ) {
            Get-ErrorId $Script | Should -Be $Id
        }

        It 'goes on after a bad file' {
            $models = Import-MammoModel ./missing.h5, './own [1].safetensors' -ErrorAction SilentlyContinue -ErrorVariable failures
            $models.Name | Should -Be 'own [1]'
            $failures | Should -HaveCount 1
        }
    }

    It 'is shown as a list without weights' {
        $view = Get-View (Import-MammoModel -Name mini-mias)
        foreach ($line in 'Name', 'Architecture', 'Classes', 'ImageSize', 'RescaleFactor', 'FeaturewiseMean', 'Parameters', 'Lineage', 'WeightHash') {
            $view | Should -Match "(?m)^$line +: \S"
        }
        (ConvertTo-Json (Import-MammoModel -Name mini-mias) -Depth 4 -WarningAction Ignore).Length | Should -BeLessThan 200000
    }
}
