#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $tree = 'neg/a.png', 'neg/more/b.png', 'pos/a.png'
    New-Film ($tree | ForEach-Object { "./in/$_" })
    function Get-Name($Path) {
        @(Get-Tree $Path) -replace ' \w+$' -replace '\\', '/'
    }
}

AfterAll { Pop-Location }

Describe 'Convert-MammoImage' {
    Context 'Images' {
        It 'takes <Name>, and keeps their folders' -ForEach @(
            @{ Name = 'a folder'; Script = { Convert-MammoImage ./in ./out } }
            @{ Name = 'a folder from the pipeline'; Script = { './in' | Convert-MammoImage -Destination ./out -WorkerCount 1 } }
            @{ Name = 'wildcards and files'; Script = { Convert-MammoImage ./in/*/*.png, ./in/neg/more/b.png ./out } }
            @{ Name = 'literal paths'; Script = { Convert-MammoImage -LiteralPath ./in -Destination ./out -WorkerCount 3 } }
            @{ Name = 'file objects'; Script = { Get-ChildItem ./in -Recurse -File | Convert-MammoImage -Destination ./out } }
            @{ Name = 'a dataset from the pipeline'; Script = { Import-MammoDataset ./in | Convert-MammoImage -Destination ./out } }
            @{ Name = 'a dataset'; Script = { Convert-MammoImage -Dataset (Import-MammoDataset ./in) -Destination ./out } }
            @{ Name = 'images of a dataset'; Script = { (Import-MammoDataset ./in).Images | Convert-MammoImage -Destination ./out } }
        ) {
            Remove-Item ./out -Recurse -ErrorAction Ignore
            $records = & $Script
            $records.Source | Sort-Object | Should -Be ($tree | ForEach-Object { Join-Path $TestDrive in $_ })
            $records.Status | Select-Object -Unique | Should -Be 'Converted'
            $records | ForEach-Object { "$($_.Size) $($_.BitDepth)" } | Select-Object -Unique | Should -Be '160x128 16'
            Get-Name ./out | Should -Be $tree
        }

        It 'keeps the names of folders that are given together' {
            $null = Convert-MammoImage ./in/neg, ./in/pos ./both
            Get-Name ./both | Should -Be $tree
            $null = Convert-MammoImage ./in/neg ./only
            Get-Name ./only | Should -Be 'a.png', 'more/b.png'
        }
    }

    Context 'Options' {
        It 'gives <Size> and <Bits> bits for <Text>' -ForEach @(
            @{ Text = '-ImageSize 100, 50 -BitDepth 8'; Size = '100x50'; Bits = 8 }
            @{ Text = '-ImageSize 100x50'; Size = '100x50'; Bits = 16 }
            @{ Text = '-TargetHeight 80'; Size = '80x64'; Bits = 16 }
        ) {
            $record = Invoke-Expression "Convert-MammoImage ./in/pos ./sized $Text -Force"
            "$($record.Size)", $record.BitDepth | Should -Be $Size, $Bits
        }

        It 'crops, blanks, stretches and mirrors' {
            $record = Convert-MammoImage ./in/pos ./cropped -CropBreast -SuppressArtifact -AutoLevel -FlipToLeft
            $record.Size.Width | Should -BeLessThan 128
            (Get-RescaleFactor -Path ./cropped/a.png).Maximum | Should -Be 65535
        }
    }

    Context 'Files' {
        It 'writes nothing with -WhatIf' {
            Convert-MammoImage ./in ./none -WhatIf | Should -BeNullOrEmpty
            './none' | Should -Not -Exist
        }

        It 'passes over what is there and newer, unless forced' {
            $null = Convert-MammoImage ./in ./again
            (Get-Item ./in/pos/a.png).LastWriteTimeUtc = [DateTime]::UtcNow.AddHours(1)
            (Convert-MammoImage ./in ./again).Status | Should -Be 'UpToDate', 'UpToDate', 'Converted'
            (Convert-MammoImage ./in ./again -WhatIf).Status | Should -Be 'UpToDate', 'UpToDate'
            (Convert-MammoImage ./in ./again -Force).Status | Should -Be 'Converted', 'Converted', 'Converted'
            (Get-Item ./in/pos/a.png).LastWriteTimeUtc = [DateTime]::UtcNow.AddHours(-1)
        }

        It 'reports a bad image and goes on' {
            New-Film './bad/a.png'
            Set-Content ./bad/b.png 'no image'
            New-Pgm ./bad/c.pgm -Value 0
            Set-Content ./bad/list.csv 'path,label', 'missing.png,', 'a.png,', 'b.png,', 'c.pgm,'
            $records = Import-MammoDataset ./bad/list.csv -Class neg, pos -WarningAction Ignore |
                Convert-MammoImage -Destination ./converted -CropBreast -ErrorAction SilentlyContinue -ErrorVariable failures
            $records | ForEach-Object { "$(Split-Path $_.Source -Leaf) $($_.Status)" } | Should -Be 'a.png Converted', 'b.png Failed', 'c.pgm Failed'
            $failures | ForEach-Object { "$(Split-Path $_.TargetObject -Leaf) $(($_.FullyQualifiedErrorId -split ',')[0])" } | Sort-Object |
                Should -Be 'b.png Mammo.ImageUnreadable', 'c.pgm Mammo.BreastNotFound', 'missing.png Mammo.FileNotFound'
            Get-Name ./converted | Should -Be 'a.png'
        }

        It 'has the id <Id> for <Name>, and writes nothing' -ForEach @(
            @{ Id = 'Mammo.FileNotFound'; Name = 'a folder that is missing'; Script = { Convert-MammoImage ./missing ./none } }
            @{ Id = 'Mammo.ConversionTargetTaken'; Name = 'images that would replace themselves'; Script = { Convert-MammoImage ./in/pos ./in/pos } }
            @{ Id = 'Mammo.ConversionTargetTaken'; Name = 'two images that would become one'; Script = { Convert-MammoImage ./two ./none } }
            @{ Id = 'Mammo.ConversionOptionInvalid'; Name = 'two sizes'; Script = { Convert-MammoImage ./in ./none -TargetHeight 50 -ImageSize 60, 50 } }
            @{ Id = 'Mammo.FolderUnwritable'; Name = 'a file in place of the folder'; Script = { Convert-MammoImage ./in ./in/neg/a.png } }
            @{ Id = 'Mammo.ArgumentInvalid'; Name = '12 bits'; Script = { Convert-MammoImage ./in ./none -BitDepth 12 } }
        ) {
            New-Film './two/a.png', './two/a.bmp'
            $before = Get-Tree .
            Get-ErrorId $Script | Should -Be $Id
            Get-Tree . | Should -Be $before
        }
    }

    It 'is shown with source, status and sizes' {
        Get-View (Convert-MammoImage ./in/pos ./shown) | Should -Match 'Source\s+Status\s+Size\s+Bits\s+Flipped\s+Problem'
    }
}
