#Requires -Version 7.6

BeforeDiscovery {
    $repository = (Resolve-Path (Join-Path $PSScriptRoot '../..')).ProviderPath
    $names = (Import-PowerShellDataFile (Join-Path $repository 'Mammo.psd1')).CmdletsToExport
    $topics = (Get-ChildItem (Join-Path $repository 'en-US/about_*.help.txt')).Name -replace '\.help\.txt$'
}

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    $common = [System.Management.Automation.Cmdlet]::CommonParameters
}

Describe 'Help of <_>' -ForEach $names {
    BeforeAll {
        $name = $_
        $command = Get-Command $name
        $help = Get-Help $name -Full
    }

    It 'says what it does' {
        $help.Name | Should -Be $name
        $help.Synopsis | Should -Match '\.$'
        $help.Synopsis | Should -Not -Match ([regex]::Escape("$name [")) -Because 'PowerShell makes up a syntax where help is missing'
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
        $expected = $command.Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object
        $help.parameters.parameter.name | Sort-Object | Should -Be $expected
        $help.parameters.parameter | Where-Object { $_.description.Text -join '' -notmatch '\S' } | ForEach-Object name | Should -BeNullOrEmpty
    }

    It 'shows as many syntaxes as there are parameter sets' {
        @($help.syntax.syntaxItem).Count | Should -Be $command.ParameterSets.Count
    }

    It 'prints' {
        $text = $help | Out-String
        $text | Should -Match 'Example 1'
        if ($help.parameters) {
            $text | Should -Match 'Default value'
        }
    }
}

Describe 'The topic <_>' -ForEach $topics {
    It 'is found by its name' {
        $text = Get-Help $_ | Out-String
        $text | Should -Match "TOPIC\s+$_\s"
        $text -split '\r?\n' | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }
}
