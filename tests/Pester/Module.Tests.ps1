#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    $module = Get-Module Mammo
}

Describe 'The manifest' {
    It 'is valid, and names its exports one by one' {
        $tested = Test-ModuleManifest $manifest
        $tested.ExportedCmdlets.Count | Should -BeGreaterThan 0
        $tested.CompatiblePSEditions | Should -Be 'Core'
        $tested.LicenseUri | Should -Not -BeNullOrEmpty
        (Import-PowerShellDataFile $manifest).CmdletsToExport | Should -Not -Match '\*'
    }

    It 'exports exactly what is imported' {
        $named = Import-PowerShellDataFile $manifest
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ($named.CmdletsToExport | Sort-Object)
        $module.ExportedAliases.Keys | Sort-Object | Should -Be ($named.AliasesToExport | Sort-Object)
    }
}

Describe 'The cmdlets' {
    It 'have approved verbs and singular names' {
        $approved = (Get-Verb).Verb
        foreach ($command in $module.ExportedCmdlets.Values) {
            $command.Verb | Should -BeIn $approved
            $command.Noun | Should -Not -Match 's$' -Because "$command has a singular noun"
        }
    }

    It 'are all found under Mammo' {
        foreach ($command in $module.ExportedCmdlets.Values | Where-Object Noun -NotLike 'Mammo*') {
            (Get-Alias -Definition $command.Name).Name | Should -BeLike '*-Mammo*' -Because "$command has another name too"
        }
        (Get-Command Get-MammoPrediction).ResolvedCommand.Name | Should -Be 'Invoke-MammoPredict'
    }

    It 'have singular parameters, and an output type unless they write nothing' {
        foreach ($command in $module.ExportedCmdlets.Values) {
            $command.Parameters.Keys | Where-Object { $_ -notin [Management.Automation.Cmdlet]::CommonParameters -and $_ -notlike '*Seconds' } |
                Should -Not -MatchExactly '[^sS]s$' -Because "-Class, -Bias and the like are singular, in $command too"
            if ($command.Verb -notin 'Remove', 'Uninstall') {
                $command.OutputType | Should -HaveCount 1 -Because "$command writes objects"
            }
        }
    }

    It 'ask before they write, where they write files at once' {
        $asking = ($module.ExportedCmdlets.Values | Where-Object { $_.Parameters.ContainsKey('WhatIf') }).Name
        foreach ($name in 'Convert-MammoImage', 'Convert-MammoModel', 'Export-MammoDataset', 'Export-MammoModel', 'New-MammoPatchSet', 'Remove-MammoModel', 'Split-MammoDataset') {
            $name | Should -BeIn $asking
        }
    }
}

Describe 'Importing' {
    It 'loads no native library, and keeps its libraries to itself' {
        $lines = Invoke-NewSession {
            Import-Module $manifest
            (Get-Process -Id $PID).Modules.FileName | Where-Object { $_ -match 'torch_cpu|libvips|onnxruntime\.(dll|so)' }
            $context = [Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ Mammo
            $null = $context.LoadFromAssemblyName([Reflection.AssemblyName]::new('Mammo.Networks'))
            $null = New-PatchModel vgg16 -WidthMultiplier 0.03
            $names = [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.GetName().Name
            $names | Where-Object { $_ -match 'Mammo|Torch|NetVips|PureHDF|Onnx' -and $_ -ne 'Mammo.Host' } | Sort-Object
        }
        $lines | Should -Be 'Mammo.Loader', 'Mammo.PowerShell'
    }

    It 'brings no module of PowerShell with it, which would take longer than Mammo itself' {
        Invoke-NewSession {
            $before = (Get-Module).Name
            Import-Module $manifest
            (Get-Module).Name | Where-Object { $_ -notin $before }
        } | Should -Be 'Mammo'
    }

    It 'works again, by force, after removal, and in many runspaces at once' {
        Invoke-NewSession {
            Import-Module $manifest
            Import-Module $manifest -Force
            (Get-Command Get-RescaleFactor).ModuleName
            Remove-Module Mammo
            Import-Module $manifest
            (Get-Command Get-RescaleFactor).ModuleName
            1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
                Import-Module $using:manifest
                (New-PatchModel vgg16 -WidthMultiplier 0.03).GetType().Name
            } | Group-Object -NoElement | ForEach-Object { "$($_.Count) $($_.Name)" }
        } | Should -Be 'Mammo', 'Mammo', '8 MammoModel'
    }

    It 'another copy is refused, for a session has one, and the same code elsewhere is not' {
        foreach ($name in 'same', 'other') {
            $null = New-Item $TestDrive/$name/module/bin -ItemType Directory
            Copy-Item $manifest $TestDrive/$name
            Get-ChildItem (Join-Path (Split-Path $manifest) module) -File | Copy-Item -Destination $TestDrive/$name/module
            Get-ChildItem (Join-Path (Split-Path $manifest) module/bin) -Filter 'Mammo.*.dll' | Copy-Item -Destination $TestDrive/$name/module/bin
        }
        Set-ItemProperty $TestDrive/other/module/bin/Mammo.Core.dll IsReadOnly $false
        Add-Content $TestDrive/other/module/bin/Mammo.Core.dll 'changed'
        $copies = @{ COPIES = "$TestDrive" }
        Invoke-NewSession {
            Import-Module $manifest
            Remove-Module Mammo
            foreach ($name in 'same', 'other') {
                try {
                    Import-Module $env:COPIES/$name/Mammo.psd1 -ErrorAction Stop
                    Remove-Module Mammo
                    'imported'
                }
                catch {
                    ($_.FullyQualifiedErrorId -split ',')[0]
                    $_.ErrorDetails.RecommendedAction
                }
            }
        } $copies | Should -Be 'imported', 'Mammo.OtherCopyLoaded', 'Start a new session, and import this one there.'
    }
}
