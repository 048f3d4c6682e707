#Requires -Version 7.6

BeforeAll { . "$PSScriptRoot/Fixture.ps1" }

# What it removes is tested where something is installed.
Describe 'Uninstall-MammoRuntime' {
    It 'has the id Mammo.FileNotFound where nothing of that name is installed' {
        Get-ErrorId { Uninstall-MammoRuntime nothing } | Should -Be 'Mammo.FileNotFound'
        Get-ErrorId { Uninstall-MammoRuntime nothing -WhatIf } | Should -Be 'Mammo.FileNotFound'
    }

    It 'removes a download that was stopped, and with -WhatIf says so' -Skip:$IsWindows {
        $part = New-Item $TestDrive/home/Mammo/runtime/libtorch-cpu-linux-x64.2.10.0.nupkg.part -ItemType File -Force
        $lines = Invoke-NewSession {
            Import-Module $manifest
            Uninstall-MammoRuntime -WhatIf
            [IO.File]::Exists("$env:XDG_DATA_HOME/Mammo/runtime/libtorch-cpu-linux-x64.2.10.0.nupkg.part")
            Uninstall-MammoRuntime
        } @{ XDG_DATA_HOME = "$TestDrive/home" }
        $lines | Should -HaveCount 2
        $lines[0] | Should -Match 'Remove the download'
        $lines[1] | Should -Be 'True'
        Test-Path $part | Should -BeFalse
    }
}
