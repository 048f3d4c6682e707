#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $patch = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Seed 1 -RescaleFactor 0.003891 -FeaturewiseMean 52.18
    $whole = @{ ImageSize = 160, 128; BlockType = 'Vgg'; TopDepth = 4; TopRepetition = 1 }
    $a = $patch | New-WholeImageModel @whole -Seed 1
    $b = $patch | New-WholeImageModel @whole -Seed 2
    New-Film './films/neg/1.png', './films/neg/2 é.png', './films/pos/[3].png'
    $films = (Get-ChildItem ./films -Recurse -File | Sort-Object FullName).FullName
    Set-Content ./list.csv 'path,label,patient,laterality,view,sample_weight', 'films/neg/1.png,neg,P1,L,CC,2', 'films/pos/[3].png,pos,P3,R,MLO,1'
    $set = Import-MammoDataset ./list.csv -Class neg, pos
    $one = $films[0]
}

AfterAll { Pop-Location }

Describe 'Invoke-MammoPredict' {
    Context 'Images' {
        It 'takes <Name>' -ForEach @(
            @{ Name = 'file names from the pipeline'; Script = { $films | Invoke-MammoPredict $a } }
            @{ Name = 'file objects from the pipeline'; Script = { Get-ChildItem ./films -Recurse -File | Sort-Object FullName | Invoke-MammoPredict -Model $a } }
            @{ Name = 'objects with a path'; Script = { $films | ForEach-Object { [pscustomobject]@{ Path = $_ } } | Invoke-MammoPredict $a } }
            @{ Name = 'wildcards'; Script = { Invoke-MammoPredict $a -Path './films/*/*.png' } }
            @{ Name = 'literal paths'; Script = { Invoke-MammoPredict $a -LiteralPath './films/neg/1.png', './films/neg/2 é.png', './films/pos/[3].png' } }
            @{ Name = 'a dataset from the pipeline'; Script = { Import-MammoDataset ./films | Invoke-MammoPredict $a } }
            @{ Name = 'a dataset beside a model from the pipeline'; Script = { $a | Invoke-MammoPredict -Dataset (Import-MammoDataset ./films) } }
            @{ Name = 'a folder as a dataset'; Script = { Invoke-MammoPredict $a -Dataset ./films } }
            @{ Name = 'a folder of the pipeline as a dataset'; Script = { Get-Item ./films | Invoke-MammoPredict $a } }
            @{ Name = 'a list as a dataset'; Script = { Import-MammoDataset ./films | Export-MammoDataset ./films.csv -Force; Invoke-MammoPredict $a -Dataset ./films.csv } }
            @{ Name = 'the address of a folder as a dataset'; Script = { Invoke-MammoPredict $a -Dataset ([uri]::new((Resolve-Path ./films).ProviderPath).AbsoluteUri) } }
            @{ Name = 'paths beside a model from the pipeline'; Script = { $a | Invoke-MammoPredict -Path './films/*/*.png' } }
            @{ Name = 'literal paths beside a model file from the pipeline'; Script = {
                    $a | Export-MammoModel ./a.safetensors -Force
                    Get-Item ./a.safetensors | Invoke-MammoPredict -LiteralPath './films/neg/1.png', './films/neg/2 é.png', './films/pos/[3].png'
                }
            }
            @{ Name = 'images beside a model from the pipeline'; Script = { $a | Invoke-MammoPredict -Image (Import-MammoDataset ./films).Images } }
            @{ Name = 'a model that comes with Mammo'; Script = { Invoke-MammoPredict mini-mias -Path './films/*/*.png' -WarningAction SilentlyContinue } }
            @{ Name = 'by position a folder of class folders'; Script = { Invoke-MammoPredict $a ./films } }
            @{ Name = 'by position a folder without classes'; Script = { Invoke-MammoPredict $a ./films/neg; Invoke-MammoPredict $a ./films/pos } }
            @{ Name = 'by position wildcards'; Script = { Invoke-MammoPredict $a './films/*/*.png' } }
            @{ Name = 'by position file names'; Script = { Invoke-MammoPredict $a './films/neg/1.png', './films/neg/2 é.png', './films/pos/[3].png' } }
            @{ Name = 'by position file objects'; Script = { Invoke-MammoPredict $a (Get-ChildItem ./films -Recurse -File | Sort-Object FullName) } }
            @{ Name = 'by position a dataset'; Script = { Invoke-MammoPredict $a (Import-MammoDataset ./films) } }
            @{ Name = 'by position images of a dataset'; Script = { Invoke-MammoPredict $a (Import-MammoDataset ./films).Images } }
            @{ Name = 'by position a list'; Script = { Import-MammoDataset ./films | Export-MammoDataset ./films.csv -Force; Invoke-MammoPredict $a ./films.csv } }
            @{ Name = 'by position rows'; Script = { Import-MammoDataset ./films | Export-MammoDataset ./films.csv -Force; Invoke-MammoPredict $a (Import-Csv ./films.csv) } }
            @{ Name = 'by position images, with the model by name'; Script = { Invoke-MammoPredict ./films -Model $a } }
            @{ Name = 'images of a dataset'; Script = { (Import-MammoDataset ./films).Images | Invoke-MammoPredict $a } }
        ) {
            (& $Script).Path | Should -Be $films
        }

        It 'says what to write where <Name>' -ForEach @(
            @{ Name = 'a folder is before the model'; Script = { Invoke-MammoPredict ./films mini-mias }; Id = 'ModelFileInvalid'; Expected = '*is a folder, where a model is wanted*Invoke-MammoPredict mini-mias ./images*' }
            @{ Name = 'a film is before the model'; Script = { Invoke-MammoPredict $one mini-mias }; Id = 'ModelFileInvalid'; Expected = '*is a PNG image, where a model is wanted*Invoke-MammoPredict mini-mias ./images*' }
            @{ Name = 'a dataset is before the model'; Script = { Invoke-MammoPredict $set mini-mias }; Id = 'ArgumentInvalid'; Expected = '*dataset is given where a model is wanted*Invoke-MammoPredict mini-mias ./images*' }
            @{ Name = 'something else is in the place of the images'; Script = { Invoke-MammoPredict $a 7 }; Id = 'ArgumentInvalid'; Expected = "*'7' (Int32) is no image*" }
            @{ Name = 'an option of the original is in the place of the images'; Script = { $one | Invoke-MammoPredict $a --featurewise-mean 33 }; Id = 'ArgumentInvalid'; Expected = '*-FeaturewiseMean*' }
            @{ Name = 'the name of the images is empty'; Script = { Invoke-MammoPredict $a '' }; Id = 'ArgumentInvalid'; Expected = '*name of the images is empty*' }
            @{ Name = 'the folder of images is empty'; Script = { New-Item ./none -ItemType Directory -Force > $null; Invoke-MammoPredict $a ./none }; Id = 'FileNotFound'; Expected = "*folder './none' is empty*" }
            @{ Name = 'the name of the model is empty'; Script = { Invoke-MammoPredict '' ./films }; Id = 'FileNotFound'; Expected = "*'' is neither a file nor*" }
        ) {
            $failed = try { & $Script } catch { $_ }
            $failed.FullyQualifiedErrorId | Should -BeLike 'ParameterArgument*'
            "$failed" | Should -BeLike $Expected
            "$failed" | Should -BeLike "*``[Mammo.$Id``]"
        }

        It 'says that images beside class folders are passed over' {
            New-Film './beside/neg/1.png', './beside/pos/2.png', './beside/3.png'
            $scores = Invoke-MammoPredict $a ./beside -WarningVariable warnings -WarningAction SilentlyContinue
            $scores | Should -HaveCount 2
            "$warnings" | Should -BeLike '*An image lies beside the class folders*'
        }

        It 'takes a literal path as it is written' {
            Invoke-MammoPredict $a -Path './films/pos/[3].png' | Should -HaveCount 1
            Get-ErrorId { Invoke-MammoPredict $a -LiteralPath './films/neg/[1].png' } | Should -Be 'Mammo.FileNotFound'
        }

        It 'writes the first result before it reads the last image' {
            $read = 0
            $films * 40 | ForEach-Object { $script:read++; $_ } | Invoke-MammoPredict $a | Select-Object -First 1 | Should -HaveCount 1
            $script:read | Should -BeLessThan 120
        }

        It 'goes on after a bad image, which is the target of its error' {
            Set-Content ./bad.png 'no image'
            $predictions = './bad.png', $one | Invoke-MammoPredict $a -ErrorAction SilentlyContinue -ErrorVariable failures
            $predictions.Path | Should -Be $one
            $failures.FullyQualifiedErrorId | Should -Match '^Mammo\.ImageUnreadable,'
            $failures.TargetObject.Path | Should -BeLike '*bad.png'
        }
    }

    Context 'Images without a score' {
        BeforeAll {
            Set-Content ./broken.png 'no image'
            Set-Content ./some.csv 'path,label,patient,site', 'broken.png,pos,P9,S1', 'films/neg/1.png,neg,P1,S1', 'films/pos/[3].png,pos,P3,S2'
            $some = Import-MammoDataset ./some.csv -Class neg, pos
            $quiet = @{ ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
            $records = $some | Invoke-MammoPredict $a -IncludeFailed @quiet -ErrorVariable failures
            $scored = $records | Where-Object Score
        }

        It 'are records with a reason where that is asked for, in their place, and errors too' {
            $records | Should -HaveCount 3
            $records[0].Path | Should -BeLike '*broken.png'
            $records[0].Score | Should -BeNullOrEmpty
            $records[0].ErrorId, $records[0].TrueClass, $records[0].Patient, $records[0].site | Should -Be 'Mammo.ImageUnreadable', 'pos', 'P9', 'S1'
            $records[0].Reason | Should -Match 'broken.png'
            $failures.FullyQualifiedErrorId | Should -Match '^Mammo\.ImageUnreadable,'
            $records[1].ErrorId, $records[1].Reason | Should -Be $null, $null
            ($records | Out-String) | Should -Match 'ImageUnreadable'
            $seen = $some | Invoke-MammoPredict $a -RescaleFactor 1 @quiet
            $seen.Warning | Should -Contain 'Mammo.BitDepthMismatch'
            Get-View $seen | Should -Match ' pos [01]\.\d{3} BitDepthMismatch' -Because 'no error stands before the warning'
        }

        It 'are rows of a CSV, whichever image comes first' {
            $records | Export-Csv ./some-scores.csv
            $rows = Import-Csv ./some-scores.csv
            $rows[0].Score | Should -Be ''
            $rows[1..2].Score | ForEach-Object { [double]$_ } | Should -Be $scored.Score
            $rows.ErrorId | Should -Be 'Mammo.ImageUnreadable', '', ''
        }

        It 'are counted, named and left out by measurements: <Name>' -ForEach @(
            @{ Name = 'records'; Script = { $records } }
            @{ Name = 'a CSV'; Script = { $records | Export-Csv ./again.csv; Import-Csv ./again.csv } }
            @{ Name = 'JSON'; Script = { $records | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
            @{ Name = 'Clixml'; Script = { $records | Export-Clixml ./again.xml; Import-Clixml ./again.xml } }
        ) {
            $again = & $Script
            $measured = $again | Measure-MammoPrediction -WarningVariable warnings -WarningAction SilentlyContinue
            $measured.Auc, $measured.Count | Should -Be ($scored | Measure-MammoPrediction -WarningAction Ignore).Auc, 2
            $measured.Unscored | Should -Be 'broken.png (Mammo.ImageUnreadable)'
            "$warnings" | Should -Match 'broken.png \(Mammo.ImageUnreadable\).*Mammo.ImageUnscored'
        }

        It 'leave nothing to measure where all are such, and are named in reports' {
            $records[0] | Measure-MammoPrediction -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            "$warnings" | Should -Match 'Mammo.ImageUnscored'
            $null = $records | Export-MammoReport ./some-report.html @quiet
            Get-Content ./some-report.html -Raw | Should -Match 'broken.png \(Mammo.ImageUnreadable\)'
        }

        It 'make two runs different unless both have them' {
            $other = $some | Invoke-MammoPredict $b -IncludeFailed @quiet
            $null = Compare-MammoPrediction $records $other -WarningVariable warnings @quiet
            "$warnings" | Should -Match 'Mammo.ImageUnscored'
        }
    }

    Context 'Records' {
        It 'have class, patient, side, view and weight of the dataset' {
            $prediction = ($set | Invoke-MammoPredict $a)[1]
            $prediction.Label, $prediction.Patient, $prediction.Laterality, $prediction.View, $prediction.SampleWeight | Should -Be 1, 'P3', 'R', 'MLO', 1
        }

        It 'have a probability for each class, and the score of the last' {
            $prediction = $one | Invoke-MammoPredict $a
            $prediction.Probability.Keys | Should -Be 'neg', 'pos'
            $prediction.Score | Should -Be $prediction.Probability['pos']
            ($prediction.Probability.Values | Measure-Object -Sum).Sum | Should -BeGreaterThan 0.99999
        }

        It 'average several models, and keep the score of each' {
            $both = $one | Invoke-MammoPredict $a, $b
            $both.ModelScore.Values | Should -Be ($one | Invoke-MammoPredict $a).Score, ($one | Invoke-MammoPredict $b).Score
            [Math]::Abs($both.Score - ($both.ModelScore.Values | Measure-Object -Average).Average) | Should -BeLessThan 1e-12
        }

        It 'have a predicted class by the threshold of the card, which the true class does not touch' {
            $a | Export-MammoModel ./plain.safetensors -Force
            @(($set | Invoke-MammoPredict $a).PredictedClass) -ne $null | Should -BeNullOrEmpty
            $scores = ($set | Invoke-MammoPredict $a).Score | Sort-Object
            $threshold = @{ Threshold = $scores[-1]; ThresholdChosenBy = 'its highest score' }
            Import-MammoModel ./plain.safetensors @threshold | Export-MammoModel ./decides.safetensors -Force
            $decides = Import-MammoModel ./decides.safetensors
            "$($decides.Card.Decision)" | Should -BeLike 'positive from 0.*, chosen by its highest score'
            $predictions = $set | Invoke-MammoPredict $decides
            $predictions.ForEach{ $_.PredictedClass -eq 'pos' } | Should -Be $predictions.ForEach{ $_.Score -ge $scores[-1] }
            @($predictions.PredictedClass -eq 'pos').Count | Should -Be 1
            $predictions | Export-Csv ./decided.csv
            (Import-Csv ./decided.csv).PredictedClass | Should -Contain 'pos'
            @(($set | Invoke-MammoPredict $decides, $b).PredictedClass) -ne $null | Should -BeNullOrEmpty
        }

        It 'keep their scores through Export-Csv, Clixml and JSON' {
            $prediction = $one | Invoke-MammoPredict $a
            $prediction | Export-Csv ./scores.csv
            $row = Import-Csv ./scores.csv
            $row.Probability | Should -Match '^neg=0\.\d+;pos=0\.\d+$'
            [double]::Parse(($row.Probability -split '=')[-1], [cultureinfo]::InvariantCulture) | Should -Be $prediction.Score
            $prediction | Export-Clixml ./scores.xml
            (Import-Clixml ./scores.xml).Score | Should -Be $prediction.Score
            ($prediction | ConvertTo-Json -Depth 4 | ConvertFrom-Json).Probability.pos | Should -Be $prediction.Score
        }

        It 'do not depend on the culture' {
            $culture = [cultureinfo]::CurrentCulture
            try {
                [cultureinfo]::CurrentCulture = 'de-DE'
                $prediction = $one | Invoke-MammoPredict $a -RescaleFactor 0.01 -WarningVariable warnings -WarningAction SilentlyContinue
                "$($prediction.Probability)" | Should -Match '^neg=0\.\d+;pos=0\.\d+$'
                "$warnings" | Should -Match 'Get-RescaleFactor'
            }
            finally {
                [cultureinfo]::CurrentCulture = $culture
            }
        }

        It 'are shown as a table' {
            Get-View ($set | Invoke-MammoPredict $a) | Should -Match 'Image\s+TrueClass\s+Score\s+Probability\s+Warning\s+[-\s]+1\.png\s+neg\s+0\.\d{4}\s+neg 0\.\d{3}\s+pos 0\.\d{3}'
            Get-View ($one | Invoke-MammoPredict $a -RescaleFactor 0.01 -WarningAction Ignore) | Should -Match 'pos 0\.\d{3} +\w'
        }
    }

    Context 'Options' {
        It 'subtracts a mean from each channel' {
            $score = { param($Mean) (Invoke-MammoPredict $a -Path $one -FeaturewiseMean $Mean -WarningAction Ignore).Score }
            & $score @(52.18, 52.18, 52.18) | Should -Be (& $score 52.18)
            & $score @(10, 20, 123.68) | Should -Not -Be (& $score 52.18)
            Get-ErrorId { Invoke-MammoPredict $a -Path $one -FeaturewiseMean 10, 20 } | Should -Be 'Mammo.MeanCountMismatch'
        }

        It 'averages four flips with -Augment' {
            (Invoke-MammoPredict $a -Path $one -Augment).Score | Should -Not -Be (Invoke-MammoPredict $a -Path $one).Score
        }

        It 'gives the same scores for <Text>' -ForEach @(
            @{ Text = '-BatchSize 1'; Tolerance = 1e-6 }
            @{ Text = '-WorkerCount 1'; Tolerance = 0 }
            @{ Text = '-Engine Torch'; Tolerance = 1e-4 }
            @{ Text = '-RescaleFactor 0.003891 -FeaturewiseMean 52.18'; Tolerance = 0 }
            @{ Text = '-ImageSize 160x128'; Tolerance = 0 }
        ) {
            $plain = $films | Invoke-MammoPredict $a
            $other = Invoke-Expression "`$films | Invoke-MammoPredict `$a $Text"
            for ($i = 0; $i -lt $films.Count; $i++) {
                [Math]::Abs($other[$i].Score - $plain[$i].Score) | Should -BeLessOrEqual $Tolerance
            }
        }

        It 'gives the same bits with -SkipBackground off' {
            $skipped = $films | Invoke-MammoPredict $a -Engine Mammo -Augment
            $whole = $films | Invoke-MammoPredict $a -Engine Mammo -Augment -SkipBackground:$false
            $whole.Score | Should -Be $skipped.Score
        }

        It 'says where the preparation comes from' {
            $verbose = $one | Invoke-MammoPredict $a -RescaleFactor 0.003891 -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            "$verbose" | Should -Match '0\.003891'
            "$verbose" | Should -Match '52\.18'
        }

        It 'completes devices' {
            Get-Completion 'Invoke-MammoPredict -Device c' | Should -Contain 'cuda'
        }
    }

    Context 'Warnings' {
        It 'has the id <Id> for <Name>, once, and in the record' -ForEach @(
            @{ Id = 'Mammo.MaximumNot255'; Name = 'a scale that does not fit'; Script = { $films | Invoke-MammoPredict $a -RescaleFactor 0.001 } }
            @{ Id = 'Mammo.BitDepthMismatch'; Name = 'a factor of another bit depth'; Script = { New-Pgm ./8.pgm 160 128 -Seed 1; './8.pgm' | Invoke-MammoPredict $a } }
            @{ Id = 'Mammo.BitDepthMixed'; Name = 'two bit depths'; Script = { New-Pgm ./8.pgm 160 128 -Seed 1; $one, './8.pgm' | Invoke-MammoPredict $a } }
            @{ Id = 'Mammo.ImageSizeDiffers'; Name = 'other proportions'; Script = { New-Pgm ./wide.pgm 64 192 -Seed 1; './wide.pgm' | Invoke-MammoPredict $a } }
            @{ Id = 'Mammo.ImageConstant'; Name = 'a grey image'; Script = { New-Pgm ./grey.pgm 160 128 -Value 90; './grey.pgm' | Invoke-MammoPredict $a } }
            @{ Id = 'Mammo.PreparationAssumed'; Name = 'a model without a mean'; Script = {
                    $films | Invoke-MammoPredict (New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -RescaleFactor 0.003891) -ImageSize 64, 64
                }
            }
        ) {
            $records = & $Script 3>&1
            $ids = $records | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object { $_.Message -replace '^.*\[(Mammo\.\w+)\]$', '$1' }
            @($ids) -eq $Id | Should -HaveCount 1
            ($records | Where-Object { $_ -isnot [Management.Automation.WarningRecord] })[-1].Warning -split ';' | Should -Contain $Id
        }

        It 'says what did not fit in a list that is given as a dataset, and scores what is left' {
            Set-Content ./spelled.csv 'path,label,patient', 'films/neg/1.png,neg,120', 'films/neg/2 é.png,neg,121', 'films/pos/[3].png,pos,120.0'
            Get-WarningId { Invoke-MammoPredict $a -Dataset ./spelled.csv } | Should -Be 'Mammo.PatientSpellings'
            (Invoke-MammoPredict $a -Dataset ./spelled.csv -WarningAction Ignore).Score | Should -Be ($films | Invoke-MammoPredict $a).Score
            Get-WarningId { $a | Invoke-MammoPredict -Dataset ./spelled.csv, ./list.csv } | Should -Be 'Mammo.PatientSpellings'
            Get-WarningId { Get-RescaleFactor -Dataset ./spelled.csv } | Should -Be 'Mammo.PatientSpellings'
            (Test-MammoDataset ./spelled.csv).Id | Should -Contain 'Mammo.PatientSpellings'

            # A joined dataset has the findings of its parts, and the cmdlet's variable takes them.
            Set-Content ./contradicts.csv 'path,label,roi_x,roi_y,roi_radius', 'films/neg/1.png,neg,5,5,2', 'films/neg/1.png,pos,9,9,2', 'films/pos/[3].png,pos,5,5,2'
            Export-MammoDataset ./joined.csv -Dataset ./spelled.csv, ./contradicts.csv -FindingVariable found -WarningAction Ignore
            $found[0, 1].Id | Should -Be 'Mammo.PatientSpellings', 'Mammo.RowsContradict'
            Get-WarningId { Invoke-MammoPredict $a -Dataset ./contradicts.csv } | Should -Be 'Mammo.RowsContradict'
            (Invoke-MammoPredict $a -Dataset ./contradicts.csv -WarningAction Ignore).Path | Should -Be $films[2]
        }

        It 'says nothing of good films' {
            Get-WarningId { $films | Invoke-MammoPredict $a } | Should -BeNullOrEmpty
        }
    }

    Context 'DICOM files' {
        BeforeAll { $dicom = Join-Path $repository tests/data/dicom }

        It 'takes what is refused by default when it is asked to' {
            $options = @{ WarningAction = 'Ignore'; ErrorAction = 'Stop' }
            { Invoke-MammoPredict $a -Path "$dicom/for-processing.dcm" @options } | Should -Throw -ErrorId 'Mammo.DicomForProcessing*'
            (Invoke-MammoPredict $a -Path "$dicom/for-processing.dcm" -AllowForProcessing @options).Score | Should -BeGreaterThan 0
            { Invoke-MammoPredict $a -Path "$dicom/multi-frame.dcm" @options } | Should -Throw -ErrorId 'Mammo.DicomMultiFrame*'
            (Invoke-MammoPredict $a -Path "$dicom/multi-frame.dcm" -Frame 1 -AnyView @options).Score | Should -BeGreaterThan 0
            $first, $whole = 'Window', 'None' | ForEach-Object { (Invoke-MammoPredict $a -Path "$dicom/window-linear.dcm" -Voi $_ @options).Score }
            $first | Should -Not -Be $whole
            { Invoke-MammoPredict $a -Path "$dicom/window-linear.dcm" -Voi Loud @options } | Should -Throw -ErrorId 'Mammo.DicomVoiMissing*'
        }

        It 'scores them, and says why one has no score' {
            $scores = Get-ChildItem "$dicom/explicit-le.dcm", "$dicom/for-processing.dcm", "$dicom/rle.dcm" |
                Invoke-MammoPredict $a -WarningAction Ignore -ErrorAction SilentlyContinue -ErrorVariable failures
            $scores | Should -HaveCount 2
            $failures.FullyQualifiedErrorId | Should -Match '^Mammo\.DicomForProcessing,'
        }

        It 'has what speaks against them in the record, and shows it once' {
            $files = 1..3 | ForEach-Object { Join-Path $dicom upper-bits.dcm; Join-Path $dicom voi-lut.dcm; Join-Path $dicom wrong-pixeldata-length.dcm }
            $scores = $files | Invoke-MammoPredict $a -WarningVariable shown -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
            $scores | Should -Not -BeNullOrEmpty
            $noticed = $scores.Warning -split ';' -like 'Mammo.*' | Sort-Object -Unique
            foreach ($id in $noticed) {
                @($shown) -like "*``[$id``]" | Should -HaveCount 1
            }
        }
    }

    Context 'Errors' {
        It 'has the id <Id> for <Name>' -ForEach @(
            @{ Id = 'Mammo.FileNotFound'; Name = 'a path that is missing'; Script = { Invoke-MammoPredict $a -Path ./missing.png } }
            @{ Id = 'Mammo.EngineConflict'; Name = 'an engine without that precision'; Script = { $one | Invoke-MammoPredict $a -Engine Onnx -Precision Float64 } }
            @{ Id = 'Mammo.DeviceUnavailable'; Name = 'a device that is missing'; Script = { $one | Invoke-MammoPredict $a -Device cuda:7 } }
            @{ Id = 'Mammo.ModelInputMismatch'; Name = 'a size that is not the network''s'; Script = { $one | Invoke-MammoPredict $a -ImageSize 128, 96 } }
            @{ Id = 'Mammo.ModelsDiffer'; Name = 'models of different classes'; Script = {
                    $one | Invoke-MammoPredict $a, (New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class x, y)
                }
            }
            @{ Id = 'Mammo.ModelRemoved'; Name = 'a model that is removed while ONNX Runtime predicts'; Script = {
                    $gone = $patch | New-WholeImageModel @whole
                    $films * 6 | Invoke-MammoPredict $gone -BatchSize 1 -Engine Onnx | ForEach-Object { Remove-MammoModel $gone }
                }
            }
            @{ Id = 'Mammo.ModelRemoved'; Name = 'a model that is removed while torch predicts'; Script = {
                    $gone = $patch | New-WholeImageModel @whole
                    $films * 6 | Invoke-MammoPredict $gone -BatchSize 1 -Engine Torch | ForEach-Object { Remove-MammoModel $gone }
                }
            }
            @{ Id = 'Mammo.FileNotFound'; Name = 'a dataset that does not exist'; Script = { Invoke-MammoPredict $a -Dataset ./missing } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'an image in place of a dataset'; Script = { Invoke-MammoPredict $a -Dataset $one } }
            @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a number in place of a dataset'; Script = { Invoke-MammoPredict $a -Dataset 5 } }
            @{ Id = 'Mammo.FileNotFound'; Name = 'a model that does not exist'; Script = { $one | Invoke-MammoPredict mini-mia } }
            @{ Id = 'Mammo.ModelFileInvalid'; Name = 'an image in place of a model'; Script = { $one | Invoke-MammoPredict $one } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'a row without a path'; Script = { [pscustomobject]@{ file = $one } | Invoke-MammoPredict $a } }
            @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a negative batch'; Script = { $one | Invoke-MammoPredict $a -BatchSize -1 } }
        ) {
            Get-ErrorId $Script | Select-Object -Unique | Should -Be $Id
        }
    }
}
