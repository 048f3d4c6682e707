#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    $options = @{ Architecture = 'vgg16'; WidthMultiplier = 0.0625 }
}

Describe 'Remove-MammoModel' {
    It 'frees <Name>' -ForEach @(
        @{ Name = 'models from the pipeline'; Script = { $models | Remove-MammoModel } }
        @{ Name = 'models by position'; Script = { Remove-MammoModel $models } }
    ) {
        $models = (New-PatchModel @options), (New-PatchModel @options)
        & $Script | Should -BeNullOrEmpty
        $models.IsDisposed | Should -Be $true, $true
    }

    It 'frees nothing with -WhatIf' {
        $model = New-PatchModel @options
        $model | Remove-MammoModel -WhatIf
        $model.IsDisposed | Should -BeFalse
    }

    It 'may be called twice' {
        $model = New-PatchModel @options
        $model, $model | Remove-MammoModel
        $model.IsDisposed | Should -BeTrue
    }

    It 'leaves a model that cannot be used, with the id Mammo.ModelRemoved' {
        $model = New-PatchModel @options
        $model | Remove-MammoModel
        New-Film ($film = "$TestDrive/film.png")
        Get-ErrorId { $film | Invoke-MammoPredict $model -ImageSize 64, 64 } | Should -Be 'Mammo.ModelRemoved'
        Get-ErrorId { $model | New-WholeImageModel -ImageSize 64, 64 } | Should -Be 'Mammo.ModelRemoved'
    }
}
