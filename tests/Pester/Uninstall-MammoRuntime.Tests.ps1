#Requires -Version 7.6

BeforeAll { . "$PSScriptRoot/Fixture.ps1" }

# What it removes is tested where something is installed.
Describe 'Uninstall-MammoRuntime' {
    It 'has the id Mammo.FileNotFound where nothing of that name is installed' {
        Get-ErrorId { Uninstall-MammoRuntime nothing } | Should -Be 'Mammo.FileNotFound'
        Get-ErrorId { Uninstall-MammoRuntime nothing -WhatIf } | Should -Be 'Mammo.FileNotFound'
    }
}
