#Requires -Version 7.6

BeforeAll { . "$PSScriptRoot/Fixture.ps1" }

Describe 'Get-MammoArchitecture' {
    It 'lists every architecture once, each of which can be built' {
        $all = Get-MammoArchitecture
        $all.Architecture | Should -Contain 'vgg16'
        $all.Architecture | Select-Object -Unique | Should -HaveCount $all.Count
        foreach ($name in $all.Architecture) {
            (New-PatchModel $name -WidthMultiplier 0.03 -Class neg, pos).OutputCount | Should -Be 2
        }
    }

    It 'counts the parameters of the published networks' {
        (Get-MammoArchitecture vgg16).Parameters | Should -Be 14717253
        (Get-MammoArchitecture resnet50 -Recipe '[512-512-1024]x2').Parameters | Should -Be 40942466
    }

    It 'takes names with wildcards, in any case' {
        (Get-MammoArchitecture VGG*).Architecture | Should -Be 'vgg16', 'vgg19'
        (Get-MammoArchitecture vgg19, resnet50).Architecture | Should -HaveCount 2
    }

    It 'counts less for a narrow network, and more work for a larger image' {
        (Get-MammoArchitecture vgg16 -WidthMultiplier 0.5).Parameters | Should -BeLessThan (Get-MammoArchitecture vgg16).Parameters
        $small, $large = (Get-MammoArchitecture vgg16 -ImageSize 224, 224), (Get-MammoArchitecture vgg16 -ImageSize 448, 224)
        $large.MultiplyAdds / $small.MultiplyAdds | Should -BeGreaterThan 1.9
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.ModelArchitectureUnknown'; Name = 'a name that no network has'; Script = { Get-MammoArchitecture lenet } }
        @{ Id = 'Mammo.ModelRecipeUnknown'; Name = 'a head that is unknown'; Script = { Get-MammoArchitecture vgg16 -Recipe 3x3 } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a width of zero'; Script = { Get-MammoArchitecture vgg16 -WidthMultiplier 0 } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }

    It 'completes names and heads' {
        Get-Completion 'Get-MammoArchitecture -Name res' | Should -Contain 'resnet50'
        Get-Completion 'Get-MammoArchitecture -Recipe ' | Should -Contain "'[512-512-1024]x2'"
    }

    It 'is shown as a table' {
        Get-View (Get-MammoArchitecture vgg16) | Should -Match 'Architecture\s+Recipe\s+Parameters\s+GMAdds\s+ImageSize\s+Description'
    }
}
