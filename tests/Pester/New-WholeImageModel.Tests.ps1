#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    $patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class a, b, c -Seed 3 -RescaleFactor 0.003891 -FeaturewiseMean 52.18
    $small = @{ ImageSize = 160, 128; TopDepth = 8; TopRepetition = 1 }
}

Describe 'New-WholeImageModel' {
    It 'takes <Name>' -ForEach @(
        @{ Name = 'a model from the pipeline'; Script = { $patch | New-WholeImageModel @small } }
        @{ Name = 'a model by position'; Script = { New-WholeImageModel $patch @small } }
        @{ Name = "the original's name of it"; Script = { New-WholeImageModel -PatchModelState $patch -ImgSize 160, 128 -TopDepths 8 -TopRepetitions 1 } }
    ) {
        $model = & $Script
        $model.Classes | Should -Be 'neg', 'pos'
        "$($model.Card.ImageSize)" | Should -Be '160x128'
    }

    It 'keeps the patch network frozen below, and its card' {
        $model = $patch | New-WholeImageModel @small
        ($model.Layers | Where-Object Name -Like '*block1_conv1').Frozen | Should -BeTrue
        $model.Layers[-1].Frozen | Should -BeFalse
        $model.Card.RescaleFactor, $model.Card.FeaturewiseMean | Should -Be 0.003891, 52.18
        ($patch | New-WholeImageModel @small -FeaturewiseMean 44.33).Card.FeaturewiseMean | Should -Be 44.33
        $patch.Classes | Should -Be 'a', 'b', 'c' -Because 'the patch model stays as it is'
    }

    It "prepares images as the patch model's card says, unless the user says otherwise" {
        $stretched = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class a, b, c -AutoLevel -EqualizeHistogram
        $card = ($stretched | New-WholeImageModel @small).Card
        $card.AutoLevel, $card.EqualizeHistogram | Should -Be $true, $true
        $card = ($stretched | New-WholeImageModel @small -AutoLevel:$false -EqualizeHist:$false -RescaleFactor 1).Card
        $card.AutoLevel, $card.EqualizeHistogram, $card.RescaleFactor | Should -Be $false, $false, 1
    }

    It 'finds the background of a patch classifier by its name: <Class>' -ForEach @(
        @{ Class = 'calc', 'BACKGROUND', 'mass'; Index = 1 }
        @{ Class = 'normal', 'benign', 'malignant'; Index = 0 }
        @{ Class = 'lesion', 'normal', 'cancer'; Index = 1 }
    ) {
        $model = New-PatchModel resnet_small -WidthMultiplier 0.25 -Class $Class | New-WholeImageModel -ImageSize 128, 128 -HeatmapPooling TopK -AvgPoolSize 2, 2 -WarningAction Ignore
        ($model.Graph.Layers | Where-Object { $_.Kind.GetType().Name -eq 'TopKPooling2D' }).Kind.Background | Should -Be $Index
    }

    It 'refuses a patch classifier whose background is not clear' {
        $small = New-PatchModel resnet_small -WidthMultiplier 0.25 -Class calc, mass
        Get-ErrorId { $small | New-WholeImageModel -ImageSize 128, 128 -HeatmapPooling TopK -AvgPoolSize 2, 2 } | Should -Be 'Mammo.ModelClassMismatch'
    }

    It 'builds <Text>' -ForEach @(
        @{ Text = '-Recipe 512x1 -TopDepth 8, 8'; Layer = 'Conv2D'; Count = 2 }
        @{ Text = '-BlockType Vgg -TopDepth 4 -TopRepetition 1'; Layer = 'MaxPooling2D'; Count = 2 }
        @{ Text = '-AddHeatmap -AvgPoolSize 2 -HmPoolSize 2 -TopDepth 4 -TopRepetition 1'; Layer = 'AveragePooling2D'; Count = 2 }
        @{ Text = '-FullyConnected -FcInitUnit 8 -FcLayer 2 -AddHeatmap -AvgPoolSize 2 -HmPoolSize 2 -AddShortcut'; Layer = 'Dense'; Count = 2 }
    ) {
        $model = Invoke-Expression "`$patch | New-WholeImageModel -ImageSize 160, 128 $Text"
        $model.OutputCount | Should -Be 2
        $model.Layers.Kind | Should -Contain $Layer
    }

    It 'names the classes of top-k pooling <Expected> for patches of <Patch> <Text>' -ForEach @(
        @{ Patch = 'background', 'benign', 'malignant'; Text = ''; Expected = 'background', 'benign', 'malignant' }
        @{ Patch = 'background', 'benign', 'malignant'; Text = '-Class normal, benign, malignant'; Expected = 'normal', 'benign', 'malignant' }
        @{ Patch = 'background', 'abnormal'; Text = ''; Expected = 'neg', 'pos' }
    ) {
        $model = Invoke-Expression "New-PatchModel resnet_small -WidthMultiplier 0.25 -Class `$Patch | New-WholeImageModel -ImageSize 128, 128 -HeatmapPooling TopK -AvgPoolSize 2, 2 $Text"
        $model.Classes | Should -Be $Expected
    }

    It 'warns of <Text>, which has no effect' -ForEach @(
        @{ Text = '-HeatmapOnly -TopDepth 8, 8 -Class neg, pos'; Idle = '-Class, -TopDepth' }
        @{ Text = '-FullyConnected -TopRepetition 1, 1 -AvgPoolSize 3'; Idle = '-AvgPoolSize, -TopRepetition' }
    ) {
        $null = Invoke-Expression "`$patch | New-WholeImageModel -ImageSize 320, 320 $Text -WarningVariable warnings -WarningAction SilentlyContinue"
        $warnings | Should -HaveCount 1
        "$warnings" | Should -Match ([regex]::Escape($Idle))
        "$warnings" | Should -Match '\[Mammo\.ModelOptionConflict\]$'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.ModelOptionConflict'; Name = 'more depths than repetitions'; Script = { $patch | New-WholeImageModel -TopDepth 8, 8 -TopRepetition 1 } }
        @{ Id = 'Mammo.ModelOptionConflict'; Name = 'a shortcut without what it leads around'; Script = { $patch | New-WholeImageModel @small -AddShortcut } }
        @{ Id = 'Mammo.ModelOptionConflict'; Name = 'an image that is too small'; Script = { $patch | New-WholeImageModel -ImageSize 16, 16 } }
        @{ Id = 'Mammo.ModelRecipeUnknown'; Name = 'a head that is unknown'; Script = { $patch | New-WholeImageModel -Recipe 3x3 } }
        @{ Id = 'CannotConvertArgumentNoMessage'; Name = 'a block that is none'; Script = { $patch | New-WholeImageModel -BlockType Dense } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }

    It 'completes heads and layers' {
        $global:mammoPatch = $patch
        try {
            Get-Completion 'New-WholeImageModel -Recipe ' | Should -Contain "'[512-512-1024]x2'"
            Get-Completion 'New-WholeImageModel -InputObject $mammoPatch -CutLayer block5_p' | Should -Contain 'block5_pool'
            Get-Completion '$mammoPatch | New-WholeImageModel -CutLayer block5_p' | Should -Contain 'block5_pool'
            Get-Completion '$nothing | New-WholeImageModel -CutLayer block5_p' | Should -Not -Contain 'block5_pool'
        }
        finally {
            Remove-Variable mammoPatch -Scope Global
        }
    }
}
