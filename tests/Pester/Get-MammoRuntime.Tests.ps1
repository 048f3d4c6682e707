#Requires -Version 7.6

BeforeAll { . "$PSScriptRoot/Fixture.ps1" }

Describe 'Get-MammoRuntime' {
    It 'lists processor, engines, GPU and the image library, and what is ready here' {
        $parts = Get-MammoRuntime
        $parts.Name | Should -Be 'Processor', 'Engine Mammo', 'Engine Onnx', 'Engine Torch', 'GPU', 'libvips'
        $parts | Where-Object Name -In 'Engine Onnx', 'Engine Torch', 'libvips' | ForEach-Object Status | Should -Be 'Ready', 'Ready', 'Ready'
        ($parts | Where-Object Name -EQ 'Engine Torch').Version | Should -Be '2.10.0'
        ($parts | Where-Object Name -EQ 'Engine Onnx').Version | Should -Match '^\d+\.\d+\.\d+'
        Get-View $parts | Should -Match 'Name\s+Version\s+Status\s+Detail and suggested fix'
    }

    It 'says what brings a libtorch that is missing' {
        $before = $env:MAMMO_LIBTORCH
        try {
            $env:MAMMO_LIBTORCH = "$TestDrive"
            $torch = Get-MammoRuntime | Where-Object Name -EQ 'Engine Torch'
            $torch.Status, $torch.SuggestedFix | Should -Be 'Missing', 'Unset MAMMO_LIBTORCH, or set it to a folder with libtorch.'
        }
        finally {
            $env:MAMMO_LIBTORCH = $before
        }
    }
}
