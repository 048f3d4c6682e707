#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive

    # The libtorch of the build, as a PyTorch would have it.
    $libraries = if ($env:MAMMO_LIBTORCH) { $env:MAMMO_LIBTORCH } else { Join-Path (Split-Path $manifest) module/bin }
    $null = New-Item ./pytorch/torch/lib -ItemType Directory
    Set-Content ./pytorch/torch/version.py "__version__ = '2.10.0+cpu'"
    Get-ChildItem $libraries -File | Where-Object Name -Match 'torch|c10|omp|uv' | Where-Object Name -NotMatch 'TorchSharp' |
        ForEach-Object { $null = New-Item ./pytorch/torch/lib/$($_.Name) -ItemType SymbolicLink -Target $_.FullName }
    foreach ($set in 'train', 'validation') {
        New-Pgm ./$set/neg/1.pgm -Seed 1
        New-Pgm ./$set/pos/1.pgm -Seed $(if ($set -eq 'train') { 2 } else { 3 }) -IsBrightBelow
    }
    $home1 = @{ XDG_DATA_HOME = "$TestDrive/home1"; MAMMO_LIBTORCH = $null }
}

AfterAll { Pop-Location }

Describe 'Install-MammoRuntime' {
    It 'writes nothing with -WhatIf, and says what it would do' {
        $lines = Invoke-NewSession { Install-MammoRuntime -WhatIf; Install-MammoRuntime -Libtorch ./pytorch -WhatIf } @{ XDG_DATA_HOME = "$TestDrive/none" }
        $lines | Should -HaveCount 2
        $lines[0] | Should -Match '2\.10\.0\.nupkg \(\d+ MiB\) from https://'
        $lines[1] | Should -Match "Use the libtorch of '.*pytorch'"
        Test-Path ./none | Should -BeFalse
    }

    It 'makes a PyTorch that is there train' -Skip:$IsWindows {
        $lines = Invoke-NewSession {
            Import-Module $manifest
            $torch = { Get-MammoRuntime | Where-Object Name -EQ 'Engine Torch' | ForEach-Object { "$($_.Status) $($_.SuggestedFix)".Trim() } }
            & $torch
            (Install-MammoRuntime -Libtorch ./pytorch).Name
            & $torch
            (New-PatchModel vgg16 -WidthMultiplier 0.03 -Class neg, pos -RescaleFactor 1 |
                Invoke-PatchTraining -Train ./train -Validation ./validation -AllowLeakage -FromScratch -Epoch 1 -ImageSize 32, 32 -FeaturewiseMean 60 -WarningAction Ignore).GetType().Name
            Uninstall-MammoRuntime
            @(Get-MammoRuntime).Name -like 'libtorch*'
        } $home1
        $lines[0] | Should -BeIn 'Missing Install-MammoRuntime', 'Ready'
        $lines[1] | Should -Match '^libtorch-2\.10\.0-cpu-'
        $lines[2..9] | Should -Be 'Ready', 'MammoModel'
        Get-ChildItem ./home1/Mammo/runtime -Force | Should -BeNullOrEmpty
        Get-ChildItem ./pytorch/torch/lib | Should -Not -BeNullOrEmpty
    }

    It 'is what every cmdlet names that needs libtorch' {
        $lines = Invoke-NewSession {
            Import-Module $manifest
            $silent = @{ WarningAction = 'Ignore' }
            $model = New-PatchModel vgg16 -WidthMultiplier 0.03 -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 60
            $tries = { $model | Invoke-PatchTraining -Train ./train -Validation ./validation -AllowLeakage -FromScratch -Epoch 1 @silent },
            { $model | Invoke-MammoFinetune -Train ./train -Validation ./validation -AllowLeakage -Epoch 1 @silent },
            { Invoke-MammoPredict $model -Path ./train/pos/1.pgm -Engine Torch -ErrorAction Stop @silent },
            { Invoke-MammoPredict $model -Path ./train/pos/1.pgm -Precision Float64 -ErrorAction Stop @silent }
            foreach ($try in $tries) {
                try { & $try; 'ran' } catch { "$($_.FullyQualifiedErrorId -replace ',.*') $($_.ErrorDetails.RecommendedAction)" }
            }
        } @{ XDG_DATA_HOME = "$TestDrive/none"; MAMMO_LIBTORCH = $null }
        if (Test-Path (Join-Path (Split-Path $manifest) module/bin/*torch_cpu*)) {
            Set-ItResult -Skipped -Because 'this module has a libtorch of its own'
        }
        $lines | Sort-Object -Unique | Should -Be 'Mammo.TorchUnavailable Run Install-MammoRuntime.'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.FileNotFound'; Name = 'a source that is not there'; Script = { Install-MammoRuntime ./nowhere } }
        @{ Id = 'Mammo.FileNotFound'; Name = 'a PyTorch that is not there'; Script = { Install-MammoRuntime -Libtorch ./nowhere } }
        @{ Id = 'Mammo.TorchUnavailable'; Name = 'a folder that is none'; Script = { Install-MammoRuntime -Libtorch ./train } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
