#Requires -Version 7.6
# Run with: Invoke-Pester tests/Pester    after 'dotnet build'.

BeforeDiscovery {
    $repository = (Resolve-Path (Join-Path $PSScriptRoot '../..')).ProviderPath
    $names = (Import-PowerShellDataFile (Join-Path $repository 'Mammo.psd1')).CmdletsToExport
    $topics = (Get-ChildItem (Join-Path $repository 'en-US/about_*.help.txt')).Name -replace '\.help\.txt$'
}

BeforeAll {
    Import-Module (Resolve-Path (Join-Path $PSScriptRoot '../../Mammo.psd1')).ProviderPath -Force
    $script:common = [System.Management.Automation.Cmdlet]::CommonParameters
}

Describe 'Help of <_>' -ForEach $names {
    BeforeAll {
        $script:name = $_
        $script:help = Get-Help $name -Full
    }

    It 'says what it does' {
        $help.Synopsis | Should -Match '\.$'
        $help.Synopsis | Should -Not -Match ([regex]::Escape("$name [")) -Because 'that is a syntax made up for want of help'
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.description).Count | Should -BeGreaterThan 1
    }

    It 'has two examples or more, each with code and a sentence' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.examples.example) {
            $example.code | Should -Match $name
            $example.remarks.Text -join '' | Should -Match '\S'
        }
    }

    It 'describes every parameter and no other' {
        $expected = (Get-Command $name).Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object
        $help.parameters.parameter.name | Sort-Object | Should -Be $expected
        foreach ($parameter in $help.parameters.parameter) {
            $parameter.description.Text -join '' | Should -Match '\S' -Because "-$($parameter.name) needs a description"
        }
    }

    It 'shows as many syntaxes as there are parameter sets' {
        @($help.syntax.syntaxItem).Count | Should -Be (Get-Command $name).ParameterSets.Count
    }

    It 'prints' {
        Get-Help $name -Examples | Out-String | Should -Match 'Example 1'
        Get-Help $name -Parameter * | Out-String | Should -Match 'Default value'
    }
}

Describe 'The topic <_>' -ForEach $topics {
    It 'is found by its name' {
        $text = Get-Help $_ | Out-String
        $text | Should -Match "TOPIC\s+$_\s"
        $text -split '\r?\n' | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }
}
