#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    New-Film (0..9 | ForEach-Object { "./film$_.png" })
    Set-Content ./train.csv 'path,label,patient', 'film0.png,neg,P0', 'film1.png,pos,P1', 'film2.png,neg,P2', 'film3.png,pos,P3', 'film4.png,neg,P4', 'film5.png,pos,P5'
    Set-Content ./test.csv 'path,label,patient', 'film6.png,neg,P6', 'film7.png,pos,P7', 'film8.png,neg,P8', 'film9.png,pos,P9'
    $train, $test = Import-MammoDataset ./train.csv, ./test.csv -Class neg, pos
}

AfterAll { Pop-Location }

Describe 'Test-MammoDataset' {
    It 'finds nothing in good sets: <Name>' -ForEach @(
        @{ Name = 'by position'; Script = { Test-MammoDataset $train, $test } }
        @{ Name = 'from the pipeline'; Script = { $train, $test | Test-MammoDataset -WorkerCount 1 } }
        @{ Name = 'by the names of lists'; Script = { Test-MammoDataset ./train.csv, ./test.csv } }
        @{ Name = 'with the right scale'; Script = { Test-MammoDataset -InputObject $train -RescaleFactor 0.003891 -ImageSize 160, 128 } }
    ) {
        & $Script | Should -BeNullOrEmpty
    }

    It 'says what it looked at' {
        $verbose = Test-MammoDataset $train, $test -SummaryVariable sets -Verbose 4>&1
        $verbose.Message | Should -Contain 'train: 6 images of 6 patients'
        $sets.Name | Should -Be 'train', 'test'
        $sets[0].Classes['neg'], $sets[0].BitDepths['16'] | Should -Be 3, 6
        Get-View $sets | Should -Match 'Name\s+Images\s+Patients\s+Classes\s+BitDepths\s+Sizes\s+Mean'
    }

    It 'finds patients and images on two sides' {
        Copy-Item ./film3.png ./copy.png
        Copy-Item ./film9.png ./other.png
        Set-Content ./leaky.csv (@(Get-Content ./test.csv) + 'copy.png,neg,P99' + 'other.png,pos,P2')
        $findings = Test-MammoDataset $train, (Import-MammoDataset ./leaky.csv -Class neg, pos)
        $leaks = $findings | Where-Object Id -EQ 'Mammo.DataLeakage'
        $leaks.Patient | Should -Contain 'P2'
        "$($leaks.Message)" | Should -Match 'copy\.png'
        $findings.Id | Should -Contain 'Mammo.RowsContradict' -Because 'one film has two classes'
        $findings.Id | Should -Contain 'Mammo.ImageTwice'
    }

    It 'has the id <Id> for <Name>, and goes on' -ForEach @(
        @{ Id = 'Mammo.FileNotFound'; Name = 'a missing file'; Row = 'missing.png,neg,P7,,,,'; Unreadable = 1 }
        @{ Id = 'Mammo.ImageUnreadable'; Name = 'a file that is no image'; Row = 'train.csv,neg,P7,,,,'; Unreadable = 1 }
        @{ Id = 'Mammo.ImageConstant'; Name = 'a black image'; Row = 'black.pgm,neg,P7,,,,'; Unreadable = 0 }
        @{ Id = 'Mammo.PatientMissing'; Name = 'an image without a patient'; Row = 'film7.png,pos,,,,,'; Unreadable = 0 }
        @{ Id = 'Mammo.RoiEmpty'; Name = 'a region outside the image'; Row = 'film7.png,pos,P7,900,900,5,'; Unreadable = 0 }
        @{ Id = 'Mammo.RoiEmpty'; Name = 'a mask without a pixel'; Row = 'black.pgm,pos,P7,,,,black.pgm'; Unreadable = 0 }
        @{ Id = 'Mammo.RoiMaskMismatch'; Name = 'a mask of another size'; Row = 'film7.png,pos,P7,,,,white.pgm'; Unreadable = 0 }
    ) {
        New-Pgm ./black.pgm -Value 0
        New-Pgm ./white.pgm -Value 255
        Set-Content ./one.csv 'path,label,patient,roi_x,roi_y,roi_radius,roi_mask', 'film6.png,pos,P6,60,80,10,', $Row
        $findings = Test-MammoDataset (Import-MammoDataset ./one.csv -Class neg, pos -WarningAction Ignore) -SummaryVariable sets
        $findings.Id | Should -Contain $Id
        $sets[0].Count, $sets[0].Unreadable | Should -Be 2, $Unreadable
    }

    It 'takes scale, mean and size from a model, unless they are set' {
        $model = New-PatchModel vgg16 -WidthMultiplier 0.0625 -Class neg, pos -RescaleFactor 1 -FeaturewiseMean 20 |
            New-WholeImageModel -ImageSize 64, 192 -BlockType Vgg -TopDepth 4 -TopRepetition 1
        (Test-MammoDataset $train -Model $model).Id | Sort-Object -Unique | Should -Be 'Mammo.BitDepthMismatch', 'Mammo.ImageSizeDiffers'
        (Test-MammoDataset $train -Model $model -RescaleFactor 0.003891).Id | Sort-Object -Unique | Should -Be 'Mammo.ImageSizeDiffers'
        Get-ErrorId { Test-MammoDataset $train -Model $model -ImageSize 160, 128 } | Should -Be 'Mammo.ModelInputMismatch'
    }

    It 'matches classes with those of a model by their names' {
        $fit = @{ Model = New-PatchModel resnet_small -WidthMultiplier 0.25 -Class neg, pos -RescaleFactor 0.003891 -FeaturewiseMean 0; ImageSize = 160, 128; WarningAction = 'Ignore' }
        $list = Get-Content ./train.csv
        Set-Content ./swapped.csv ($list -replace 'neg', 'MALIGNANT' -replace 'pos', 'BENIGN')
        Set-Content ./three.csv (@($list) + 'film6.png,uncertain,P6')
        Test-MammoDataset (Import-MammoDataset ./train.csv -Class pos, neg) @fit | Should -BeNullOrEmpty
        (Test-MammoDataset ./swapped.csv @fit).Id | Should -Be 'Mammo.ClassesMatched'
        $finding = Test-MammoDataset ./three.csv @fit
        $finding.Id, $finding.Subject | Should -Be 'Mammo.ModelClassMismatch', 'three'
        $finding.Message | Should -Match '\(neg, pos, uncertain\).*\(neg, pos\)'
        $finding.SuggestedFix | Should -Match "-ClassMap @\{.*'uncertain' ="
        (Test-MammoDataset ./three.csv @fit -ClassMap @{ uncertain = '' }).Message | Should -BeLike '1 images of dataset*(uncertain).'
        Test-MammoDataset ./three.csv @fit -ClassMap @{ uncertain = 'neg' } | Should -BeNullOrEmpty
        Get-ErrorId { Test-MammoDataset ./train.csv -ClassMap @{ neg = 'neg' } } | Should -Be 'Mammo.ArgumentInvalid'
    }

    It 'compares the mean of eight images or more, after equalisation where it is asked for' {
        Set-Content ./all.csv (@(Get-Content ./train.csv) + (Get-Content ./test.csv | Select-Object -Skip 1))
        $all = Import-MammoDataset ./all.csv -Class neg, pos
        $scale = @{ RescaleFactor = 0.003891 }
        $mean = ($all | Get-FeaturewiseMean @scale).Mean
        Test-MammoDataset $all @scale -FeaturewiseMean $mean | Should -BeNullOrEmpty
        (Test-MammoDataset $all @scale -FeaturewiseMean 170).Id | Should -Be 'Mammo.MeanFarFromData'
        Test-MammoDataset $all @scale -FeaturewiseMean ($all | Get-FeaturewiseMean @scale -EqualizeHistogram).Mean -EqualizeHist | Should -BeNullOrEmpty
    }

    It 'is shown with id, patient and message' {
        Set-Content ./gone.csv 'path,label,patient', 'gone.png,neg,P7'
        Get-View (Test-MammoDataset ./gone.csv) | Should -Match 'Id\s+Patient\s+Message\s+[-\s]+FileNotFound\s+P7'
    }

    It 'has the id <Id> for <Name>' -ForEach @(
        @{ Id = 'Mammo.FileNotFound'; Name = 'a list that is missing'; Script = { Test-MammoDataset ./missing.csv } }
        @{ Id = 'Mammo.ArgumentInvalid'; Name = 'a factor of zero'; Script = { Test-MammoDataset $train -RescaleFactor 0 } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
