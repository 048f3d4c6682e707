#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $parts = 1..2 | ForEach-Object {
        New-PatchModel resnet_small -WidthMultiplier 0.25 -RescaleFactor 0.003891 -FeaturewiseMean 60 -Class neg, pos -Seed $_
    }
    $parts | Join-MammoModel -PartName first, second | Export-MammoModel ./two.safetensors
    $ensemble = Import-MammoModel ./two.safetensors
    New-Film './film.png'
}

AfterAll { Pop-Location }

Describe 'Split-MammoModel' {
    It 'gives the models that were joined, with their scores and cards' {
        $split = $ensemble | Split-MammoModel
        $split.Name | Should -Be 'first', 'second'
        0..1 | ForEach-Object {
            "$($split[$_].Card.Lineage)" | Should -Be "$($parts[$_].Card.Lineage)"
            $split[$_].Layers.Name | Should -Be $parts[$_].Layers.Name
            $split[$_].Parts | Should -BeNullOrEmpty
            ('./film.png' | Invoke-MammoPredict $split[$_] -WarningAction Ignore).Score | Should -Be ('./film.png' | Invoke-MammoPredict $parts[$_] -WarningAction Ignore).Score
        }
    }

    It 'gives the parts that are named, of an ensemble or its file' {
        (Split-MammoModel $ensemble second).Name | Should -Be 'second'
        (Split-MammoModel ./two.safetensors -Part SECOND, first).Name | Should -Be 'second', 'first'
        Get-Completion 'Split-MammoModel -Model $ensemble -Part f' | Should -Be 'first'
    }

    It 'gives models that can be joined again, with the same hash' {
        ($ensemble | Split-MammoModel | Join-MammoModel | Export-MammoModel ./again.safetensors -PassThru).Parts.WeightHash | Should -Be $ensemble.Parts.WeightHash
        (Import-MammoModel ./again.safetensors).Card.WeightHash | Should -Be $ensemble.Card.WeightHash
    }

    It 'refuses a part that is not there, and a model without parts' {
        Get-ErrorId { $ensemble | Split-MammoModel -Part third } | Should -Be 'Mammo.PartUnknown'
        ($ensemble | Split-MammoModel -Part third, first -ErrorAction Ignore).Name | Should -Be 'first'
        Get-ErrorId { $parts[0] | Split-MammoModel } | Should -Be 'Mammo.PartUnknown'
    }
}
