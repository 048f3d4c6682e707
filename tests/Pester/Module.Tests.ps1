#Requires -Version 7.6
# Run with: Invoke-Pester tests/Pester    after 'dotnet build'.

BeforeAll {
    $script:manifest = (Resolve-Path (Join-Path $PSScriptRoot '../../Mammo.psd1')).ProviderPath
    $script:pwsh = (Get-Process -Id $PID).Path
    # Installed as a .NET tool, PowerShell is a library that 'dotnet' runs.
    $script:prefix = @(if ([IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })

    # Each test that is about loading has a process of its own: what .NET has loaded stays.
    function Invoke-NewSession([scriptblock] $Script) {
        & $pwsh @prefix -NoProfile -NonInteractive -Command "`$manifest = '$($manifest -replace "'", "''")'; $Script" 2>&1 | ForEach-Object { "$_" }
    }
}

Describe 'The manifest' {
    It 'is valid and names its exports' {
        $module = Test-ModuleManifest $manifest
        $module.ExportedCmdlets.Count | Should -BeGreaterThan 0
        $module.ExportedCmdlets.Keys | Should -Not -Match '\*'
        $module.CompatiblePSEditions | Should -Be 'Core'
        $module.LicenseUri | Should -Not -BeNullOrEmpty
    }

    It 'exports exactly what is imported' {
        $imported = Import-Module $manifest -PassThru -Force
        $expected = (Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object
        $imported.ExportedCommands.Keys | Sort-Object | Should -Be $expected
    }

    It 'uses approved verbs and singular names' {
        $imported = Import-Module $manifest -PassThru -Force
        $approved = (Get-Verb).Verb
        foreach ($command in $imported.ExportedCommands.Values) {
            $command.Verb | Should -BeIn $approved
            $command.Noun | Should -Not -Match 's$' -Because "$command is a singular noun"
        }
    }
}

Describe 'Importing' {
    It 'loads no native library and tells what it took' {
        $lines = Invoke-NewSession {
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            Import-Module $manifest
            "milliseconds: $($watch.ElapsedMilliseconds)"
            (Get-Process -Id $PID).Modules.FileName | Where-Object { $_ -match 'libtorch_cpu|torch_cpu\.dll|libvips|onnxruntime' }
        }
        $lines | Should -HaveCount 1
        Write-Information "Import-Module took $(@($lines)[0])" -InformationAction Continue
    }

    It 'works again, by force and after removal' {
        Invoke-NewSession {
            Import-Module $manifest
            Import-Module $manifest -Force
            (Get-Command Get-RescaleFactor).ModuleName
            Remove-Module Mammo
            Import-Module $manifest
            (Get-Command Get-RescaleFactor).ModuleName
        } | Should -Be 'Mammo', 'Mammo'
    }

    It 'works in many runspaces at once' {
        $results = Invoke-NewSession {
            1..8 | ForEach-Object -ThrottleLimit 8 -Parallel { Import-Module $using:manifest; (Get-Command Get-RescaleFactor).ModuleName }
        }
        $results | Should -HaveCount 8
        $results | Select-Object -Unique | Should -Be 'Mammo'
    }

    It 'keeps its libraries to itself' {
        Invoke-NewSession {
            Import-Module $manifest
            [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.GetName().Name | Where-Object { $_ -match 'Mammo|TorchSharp|NetVips|PureHDF|OnnxRuntime' } | Sort-Object
        } | Should -Be 'Mammo.Loader', 'Mammo.PowerShell'
    }

    It 'finds torch in the module folder' {
        Invoke-NewSession {
            Import-Module $manifest
            $context = [System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ Mammo
            $networks = $context.LoadFromAssemblyName([System.Reflection.AssemblyName]::new('Mammo.Torch'))
            $networks.GetType('Mammo.Torch.NativeTorch').GetMethod('EnsureLoaded').Invoke($null, @())
            'loaded'
        } | Should -Be 'loaded'
    }
}

Describe 'Help' {
    BeforeAll { Import-Module $manifest }

    It 'is there for <_>' -ForEach (Import-PowerShellDataFile (Join-Path $PSScriptRoot '../../Mammo.psd1')).CmdletsToExport {
        (Get-Help $_).Name | Should -Be $_
        (Get-Command $_ -Syntax) | Should -Not -BeNullOrEmpty
    }
}
