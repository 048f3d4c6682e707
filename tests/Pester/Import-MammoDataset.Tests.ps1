#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    foreach ($name in 'folders/neg/b.png', 'folders/neg/sub/a.png', 'folders/pos/c.PNG', 'folders/pos/notes.txt') {
        $null = New-Item $name -Force
    }
    $null = New-Item folders/empty -ItemType Directory
    Set-Content ./list.csv @'
path,label,patient,laterality,view,sample_weight,tissue
a.png,pos,P1,RIGHT,MLO,55.5,F
b.png,neg,P2,LEFT,CC,,G
c.png,,,,,,
'@
    Set-Content ./rois.csv @'
path,label,patient,roi_x,roi_y,roi_radius,roi_type,pathology
a.png,pos,P1,60,90,15,mass,MALIGNANT
a.png,pos,P1,20,30,5,calcification,BENIGN
b.png,neg,P2,,,,,
torn.png,pos,P3,1,1,1,mass,MALIGNANT
torn.png,neg,P3,1,1,1,mass,BENIGN
'@
}

AfterAll { Pop-Location }

Describe 'Import-MammoDataset' {
    Context 'Class folders' {
        It 'takes images at any depth, and classes in the order given' {
            $set = Import-MammoDataset ./folders -Class pos, neg, empty -WarningAction SilentlyContinue
            $set.Classes | Should -Be 'pos', 'neg', 'empty'
            $set.ClassCounts | Should -Be 1, 2, 0
            $set.Images.Class | Should -Be 'pos', 'neg', 'neg'
            $set.Images.Label | Should -Be 0, 1, 1
        }

        It 'takes every folder as a class, by name, where none is given' {
            (Import-MammoDataset ./folders -WarningAction Ignore).Classes | Should -Be 'empty', 'neg', 'pos'
        }

        It 'warns of a class without images' {
            Get-WarningId { Import-MammoDataset ./folders -Class neg, pos, empty } | Should -Be 'Mammo.ClassEmpty'
            Get-WarningId { Import-MammoDataset ./folders -Class neg, pos } | Should -BeNullOrEmpty
        }
    }

    Context 'Lists' {
        It 'reads patients, sides, views, weights and further columns' {
            $set = Import-MammoDataset ./list.csv -Class neg, pos
            $set.Count | Should -Be 3
            $image = $set.Images[0]
            $image.Class, $image.Label, $image.Patient, $image.Laterality, $image.View | Should -Be 'pos', 1, 'P1', 'RIGHT', 'MLO'
            $image.SampleWeight | Should -Be 55.5
            $image.Extra['tissue'] | Should -Be 'F'
            $image.Path | Should -Be (Join-Path $TestDrive 'a.png')
        }

        It 'leaves a blank label unknown' {
            $image = (Import-MammoDataset ./list.csv -Class neg, pos).Images[2]
            $image.Class, $image.Label, $image.Patient | Should -Be $null, $null, $null
        }

        It 'reads columns of other names' {
            Set-Content ./other.csv 'file;kind', 'a.png;pos'
            (Import-MammoDataset ./other.csv -Column @{ path = 'file'; label = 'kind' }).Classes | Should -Be 'pos'
            Set-Content ./own.csv 'path,label,x,roi_y,roi_radius', 'a.png,pos,60,90,15', 'b.png,neg,,,'
            (Import-MammoDataset ./own.csv -Class neg, pos -Column @{ roi_x = 'x' }).Images[0].Rois[0].Shape.X | Should -Be 60
        }

        It 'reads regions of interest, several rows of one image as one' {
            $set = Import-MammoDataset ./rois.csv -Class neg, pos -WarningAction Ignore
            $set.Images.Count | Should -Be 2
            $set.Images[0].Rois.Type | Should -Be 'mass', 'calcification'
            $set.Images[0].Rois[0].Shape.X, $set.Images[0].Rois[0].Shape.Radius | Should -Be 60, 15
            $set.Images[1].Rois | Should -BeNullOrEmpty
        }

        It 'warns of rows that contradict each other, and keeps them in -FindingVariable' {
            Get-WarningId { Import-MammoDataset ./rois.csv -Class neg, pos -FindingVariable ignored } | Should -Be 'Mammo.RowsContradict'
            $null = Import-MammoDataset ./rois.csv -Class neg, pos -FindingVariable findings -WarningAction Ignore
            $findings | Should -HaveCount 1
            $findings.Id, $findings.Patient | Should -Be 'Mammo.RowsContradict', 'P3'
        }

        It 'reads the official lists of CBIS-DDSM together, and says that it looked for no image' {
            $header = 'patient_id,breast_density,left or right breast,image view,abnormality id,abnormality type,mass shape,mass margins,assessment,' +
                'pathology,subtlety,image file path,cropped image file path,ROI mask file path'
            Set-Content ./mass_case_description_train_set.csv $header, 'P_1,2,LEFT,CC,1,mass,OVAL,CIRCUMSCRIBED,4,MALIGNANT,5,a/b/c/0.dcm,a/b/c/1.dcm,a/b/c/0.dcm'
            $set = Import-MammoDataset ./mass_*.csv -Format CbisDdsm -WarningVariable warnings -WarningAction SilentlyContinue
            $set.Count | Should -Be 1
            "$warnings" | Should -Match '-ImageFolder'
        }

        It 'gives the official sets of CBIS-DDSM, as published or without the patients of both in training' {
            $null = New-Item ./official -ItemType Directory
            $header = 'patient_id,breast_density,left or right breast,image view,abnormality id,abnormality type,mass shape,mass margins,assessment,' +
                'pathology,subtlety,image file path,cropped image file path,ROI mask file path'
            $row = { "P_$($args[0]),2,LEFT,CC,1,mass,OVAL,CIRCUMSCRIBED,4,$($args[1]),5,$($args[0])/b/c/0.dcm,a/b/c/1.dcm,a/b/c/0.dcm" }
            Set-Content ./official/mass_case_description_train_set.csv $header, (& $row 1 MALIGNANT), (& $row 2 BENIGN), (& $row 3 MALIGNANT)
            Set-Content ./official/mass_case_description_test_set.csv $header, (& $row 3 MALIGNANT), (& $row 4 BENIGN)
            $options = @{ Path = './official/*.csv'; Format = 'CbisDdsm'; WarningAction = 'Ignore' }
            $published, $repaired = 'AsPublished', 'Repaired' | ForEach-Object { , @(Import-MammoDataset @options -OfficialSplit $_ -FindingVariable "found$_") }
            $published.Name | Should -Be 'CBIS-DDSM/training', 'CBIS-DDSM/test'
            $published.Count | Should -Be 2
            $published[0].Images.Patient, $published[1].Images.Patient | ForEach-Object { $_ } | Should -Be 'P_1', 'P_2', 'P_3', 'P_3', 'P_4'
            $repaired[0].Images.Patient | Should -Be 'P_1', 'P_2'
            $repaired[0].Splits[0], $repaired[0].Splits[0] | Should -Be $repaired[1].Splits[0], $repaired[1].Splits[0]
            $published[0].Splits[0] | Should -Not -Be $repaired[0].Splits[0]
            $foundRepaired.Message | Should -Match '1 patients are in the training and in the test set .* dropped from training. P_3'
            Get-ErrorId { Import-MammoDataset ./official/*train*.csv -Format CbisDdsm -OfficialSplit Repaired } | Should -Be 'Mammo.ListIncomplete'
            Get-ErrorId { Import-MammoDataset ./folders -OfficialSplit Repaired } | Should -Be 'Mammo.DatasetInvalid'
        }
    }

    Context 'Pipeline' {
        It 'takes <Name>' -ForEach @(
            @{ Name = 'file names'; Script = { './list.csv', './folders' | Import-MammoDataset -Class neg, pos } }
            @{ Name = 'file objects'; Script = { Get-Item ./list.csv, ./folders | Import-MammoDataset -Class neg, pos } }
            @{ Name = 'several paths, one dataset each'; Script = { Import-MammoDataset ./list.csv, ./folders neg, pos } }
            @{ Name = 'literal paths'; Script = { Import-MammoDataset -LiteralPath ./list.csv, ./folders -ClassList neg, pos } }
        ) {
            $sets = @(& $Script)
            $sets.Count | Should -Be 2
            $sets.Images.Count | Should -Be 6
        }

        It 'takes rows as it takes their list, and says what it would say of that' {
            "path,label,patient`na.png,neg,nan`nb.png,None,P1`nc.png,neg,P2`nc.png,pos,P2`nd.png,pos,removed" | Set-Content ./rows.csv
            $set = Import-Csv ./rows.csv | Import-MammoDataset -FindingVariable rows -WarningAction SilentlyContinue
            $list = Import-MammoDataset ./rows.csv -FindingVariable file -WarningAction SilentlyContinue
            $set.Classes | Should -Be $list.Classes
            $set.Images.Label | Should -Be $list.Images.Label
            $set.Images.Patient | Should -Be $list.Images.Patient
            $rows.Id | Sort-Object | Should -Be ($file.Id | Sort-Object)
        }

        It 'takes a row whose path is another system''s, which then is a missing image' {
            (Import-Csv ./rows.csv | Select-Object @{ n = 'path'; e = { "Q:\films\$($_.path)" } } | Import-MammoDataset -WarningAction SilentlyContinue).Images[0].Path | Should -Match 'films.a\.png$'
        }

        It 'goes on after a bad path' {
            $sets = Import-MammoDataset ./missing, ./list.csv -Class neg, pos -ErrorAction SilentlyContinue -ErrorVariable failures
            $sets.Name | Should -Be 'list'
            $failures | Should -HaveCount 1
        }
    }

    Context 'Errors' {
        It 'has the id <Id> for <Name>' -ForEach @(
            @{ Id = 'Mammo.FileNotFound'; Name = 'a path that is missing'; Script = { Import-MammoDataset ./missing } }
            @{ Id = 'Mammo.ClassFolderMissing'; Name = 'a class without a folder'; Script = { Import-MammoDataset ./folders -Class neg, other } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'a label that is no class'; Script = { Import-MammoDataset ./list.csv -Class benign, malignant } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'a column that is missing'; Script = { Import-MammoDataset ./rois.csv -Column @{ roi_x = 'column' } } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'a folder in place of a list'; Script = { Import-MammoDataset ./folders -Format CbisDdsm } }
            @{ Id = 'Mammo.ArgumentInvalid'; Name = 'an empty path'; Script = { Import-MammoDataset '' } }
        ) {
            Get-ErrorId $Script | Should -Be $Id
        }

        It 'refuses <_>, which would have no effect' -ForEach @(
            '-Labelling Abnormality', '-ImageFolder .', '-MaskFolder .', '-Format MiniMias -Class normal, abnormal'
            "-Format CbisDdsm -Column @{ path = 'file' }", '-Format CbisDdsm -MaskFolder .', '-Format RoiMask -Class neg, pos'
        ) {
            Get-ErrorId ([scriptblock]::Create("Import-MammoDataset . $_")) | Should -Be 'Mammo.DatasetInvalid'
        }

        It 'says what to do' {
            $null = Import-MammoDataset ./folders -Class neg, other -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures[0].ErrorDetails.RecommendedAction | Should -Match '\S'
            $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        }
    }

    Context 'Folders of DICOM files' {
        BeforeAll {
            $dicom = Join-Path $repository tests/data/dicom
            $null = New-Item ./export/sub, ./export/.trash -ItemType Directory
            Copy-Item "$dicom/explicit-le.dcm", "$dicom/not-dicom.dcm" ./export
            Copy-Item "$dicom/monochrome1.dcm", "$dicom/IM000001", "$dicom/for-processing.dcm" ./export/sub
            Copy-Item "$dicom/rle.dcm" ./export/.trash
            Copy-Item "$dicom/rle.dcm" ./export/.hidden.dcm
            Set-Content ./export/viewer.exe 'MZ'
            (Get-Item ./export/.trash, ./export/.hidden.dcm -Force).ForEach({ $_.Attributes = $_.Attributes -bor 'Hidden' })
            $uid = @{}
            Get-MammoImageInfo ./export/*.dcm, ./export/sub/* -ErrorAction Ignore | ForEach-Object { $uid[(Split-Path $_.Path -Leaf)] = $_.SopInstanceUid }

            # Labels by file name; those of images that have none are left out.
            function Get-Label($Dataset) { $Dataset.Images.Where{ $_.Class }.ForEach{ "$(Split-Path $_.Path -Leaf) $($_.Class) $($_.Label)" } }
        }

        It 'takes DICOM files at any depth and nothing else' {
            $set = Import-MammoDataset ./export -Format Dicom -FindingVariable found -WarningAction Ignore
            $set.Images.Path | Split-Path -Leaf | Should -Be 'explicit-le.dcm', 'IM000001', 'for-processing.dcm', 'monochrome1.dcm'
            $image = $set.Images[0]
            $image.Patient, $image.Laterality, $image.View | Should -Be 'CBIS-00127', 'R', 'CC'
            $image.Extra['manufacturer'], $image.Extra['age'], $image.Extra['date'], $image.Extra['sop_instance_uid'] |
                Should -Be 'TestData (CBIS-DDSM film)', '55', '2020-01-31', $uid['explicit-le.dcm']
            $set.Classes | Should -BeNullOrEmpty
        }

        It 'names the files that are called .dcm and are none' {
            Set-Content ./export/text.DCM 'a,b'
            try {
                $null = Import-MammoDataset ./export -Format Dicom -FindingVariable found -WarningVariable warnings -WarningAction SilentlyContinue
            }
            finally {
                Remove-Item ./export/text.DCM
            }
            "$warnings" | Should -BeLike '*a PNG image.*`[Mammo.ImageUnreadable`]*a table (CSV).*`[Mammo.ImageUnreadable`]'
            $found.Id | Should -Be 'Mammo.ImageUnreadable', 'Mammo.ImageUnreadable'
            $found.Subject | Split-Path -Leaf | Should -Be 'not-dicom.dcm', 'text.DCM'
            $found[0].Message | Should -BeLike "'*not-dicom.dcm' is left out: it is named as a DICOM file, but is a PNG image."
            $found[1].Message | Should -BeLike '*but is a table (CSV).'
        }

        It 'says of a folder without any what its files called .dcm are' {
            $null = New-Item ./none -ItemType Directory -Force
            Set-Content ./none/1.dcm 'a,b'
            Set-Content ./none/2.dcm 'a,b'
            $failed = try { Import-MammoDataset ./none -Format Dicom -ErrorAction Stop } catch { $_ }
            $failed.FullyQualifiedErrorId | Should -BeLike 'Mammo.DatasetInvalid*'
            "$failed" | Should -BeLike "*holds no DICOM image. '*1.dcm' is left out*but is a table (CSV). 1 more of its files is none either."
        }

        It 'labels images by <Name>' -ForEach @(
            @{ Name = 'SOP instance'; List = { "SOP Instance UID,label,density"; "$($uid['IM000001']),pos,C"; "$($uid['monochrome1.dcm']),neg,A" }; Expected = 'IM000001 pos 1', 'monochrome1.dcm neg 0' }
            @{ Name = 'patient'; List = { 'patient,label'; 'cbis-00127,pos'; 'CBIS-00041,neg' }; Expected = 'explicit-le.dcm pos 1', 'for-processing.dcm pos 1', 'monochrome1.dcm neg 0' }
            @{ Name = 'patient and view'; List = { 'patient,laterality,view,label'; 'CBIS-00127,RIGHT,cc,1'; 'CBIS-00127,R,MLO,0' }; Expected = 'explicit-le.dcm pos 1', 'for-processing.dcm neg 0' }
        ) {
            & $List | Set-Content ./labels.csv
            $set = Import-MammoDataset ./export -Format Dicom -LabelList ./labels.csv -Class neg, pos -WarningAction Ignore
            Get-Label $set | Should -Be $Expected
            $set.Classes | Should -Be 'neg', 'pos'
            $set.Count | Should -Be 4
        }

        It 'finds columns by the names of -Column, and keeps further ones' {
            Set-Content ./named.csv 'sop_instance_uid,mrn,cancer,density', '1.2.3,CBIS-00041,0,B'
            $set = Import-MammoDataset ./export -Format Dicom -LabelList ./named.csv -Column @{ patient = 'mrn'; label = 'cancer' } -Class neg, pos -WarningAction Ignore
            Get-Label $set | Should -Be 'monochrome1.dcm neg 0'
            $set.Images[3].Extra['density'] | Should -Be 'B'
        }

        It 'tells of rows and images that do not fit' {
            Set-Content ./odd.csv 'patient,label', 'CBIS-00127,pos', 'CBIS-00127,neg', 'CBIS-00202,neg', 'nobody,neg'
            $set = Import-MammoDataset ./export -Format Dicom -LabelList ./odd.csv -FindingVariable found -WarningAction Ignore
            Get-Label $set | Should -Be 'IM000001 neg 0'
            $set.Images.Path | Split-Path -Leaf | Should -Be 'IM000001', 'monochrome1.dcm'
            $found.Id | Where-Object { $_ -ne 'Mammo.ImageUnreadable' } | Should -Be 'Mammo.RowsContradict', 'Mammo.RowsContradict', 'Mammo.ListUnmatched', 'Mammo.ListUnmatched'
            $found[-1].Message | Should -Match 'Row 5 .*nobody'
        }

        It 'leaves out copies and damaged files' {
            $null = New-Item ./copies -ItemType Directory
            Copy-Item ./export/explicit-le.dcm ./copies/a.dcm
            Copy-Item ./export/explicit-le.dcm ./copies/b.dcm
            Copy-Item "$dicom/missing-transfer-syntax.dcm" ./copies/c.dcm
            $set = Import-MammoDataset ./copies -Format Dicom -FindingVariable found -WarningAction Ignore
            $set.Count | Should -Be 1
            $found.Id | Sort-Object | Should -Be 'Mammo.DicomTransferSyntax', 'Mammo.ImageTwice'
        }

        It 'has the id <Id> for <Name>' -ForEach @(
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'a folder without DICOM files'; Script = { Import-MammoDataset ./folders -Format Dicom } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'columns of no list'; Script = { Import-MammoDataset ./export -Format Dicom -Column @{ label = 'x' } } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'a list of another format'; Script = { Import-MammoDataset ./folders -LabelList ./list.csv } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'a list without a column to find images by'; Script = { Set-Content ./bare.csv 'label,x', 'pos,1'; Import-MammoDataset ./export -Format Dicom -LabelList ./bare.csv } }
            @{ Id = 'Mammo.FileNotFound'; Name = 'a list that is missing'; Script = { Import-MammoDataset ./export -Format Dicom -LabelList ./none.csv } }
        ) {
            Get-ErrorId $Script | Should -Be $Id
        }
    }

    Context 'Public sets' {
        BeforeAll {
            $null = New-Item ./INbreast/AllDICOMs -ItemType Directory
            Set-Content ./INbreast/INbreast.csv 'Patient ID;Laterality;View;File Name;ACR;Bi-Rads', 'removed;R;CC;101;2;2', 'removed;L;MLO;102;2;4a', 'removed;L;CC;103;2;6'
            '101_aa11_MG_R_CC_ANON.dcm', '102_aa11_MG_L_ML_ANON.dcm', '103_bb22_MG_L_CC_ANON.dcm' | ForEach-Object { Set-Content "./INbreast/AllDICOMs/$_" '' }
            Set-Content ./assessed.csv 'path,label', 'folders/neg/a.png,2', 'folders/pos/b.png,5', 'folders/pos/c.png,0'
        }

        It 'takes a rule of labels as <Name>' -ForEach @(
            @{ Name = 'a table'; Rule = @{ neg = 1, 2, 3; pos = 4, 5, 6 }; Expected = 'neg', 'pos', 'pos' }
            @{ Name = 'an ordered table'; Rule = [ordered] @{ none = '1', '2'; some = '4A', 6; rest = 3, 4, 5 }; Expected = 'none', 'some', 'some' }
            @{ Name = 'a table with the order of -Class'; Rule = @{ a = 4, 5, 6; b = 2 }; Class = 'b', 'a'; Expected = 'b', 'a', 'a' }
        ) {
            $options = if ($Class) { @{ Class = $Class } } else { @{} }
            $set = Import-MammoDataset ./INbreast -Format Inbreast -LabelRule $Rule @options
            $set.Images.Class | Should -Be $Expected
            $set.Images.Patient | Should -Be 'aa11', 'aa11', 'bb22'
            if ($Class) { $set.Classes | Should -Be $Class }
        }

        It 'applies the rule to a CSV, and leaves out what is in no class' {
            $set = Import-MammoDataset ./assessed.csv -LabelRule @{ neg = 1, 2; pos = 4, 5 } -FindingVariable found -WarningAction Ignore
            $set.Images.Class | Should -Be 'neg', 'pos'
            $found.Id | Should -Be 'Mammo.LabelUnknown'
        }

        It 'has the id <Id> for <Name>' -ForEach @(
            @{ Id = 'Mammo.LabelRuleInvalid'; Name = 'assessments without a rule'; Script = { Import-MammoDataset ./INbreast -Format Inbreast } }
            @{ Id = 'Mammo.LabelRuleInvalid'; Name = 'classes of another rule'; Script = { Import-MammoDataset ./INbreast -Format Inbreast -Class a, b -LabelRule @{ neg = 1; pos = 2 } } }
            @{ Id = 'Mammo.DatasetInvalid'; Name = 'a rule for mini-MIAS'; Script = { Import-MammoDataset ./INbreast -Format MiniMias -LabelRule @{ neg = 1; pos = 2 } } }
            @{ Id = 'Mammo.FileNotFound'; Name = 'a folder without the list'; Script = { Import-MammoDataset ./INbreast -Format VinDr -LabelRule @{ neg = 1; pos = 2 } } }
        ) {
            Get-ErrorId $Script | Should -Be $Id
        }
    }

    It 'is shown as one line' {
        Get-View (Import-MammoDataset ./list.csv -Class neg, pos) | Should -Match 'Name\s+Images\s+Patients\s+Classes\s+[-\s]+list\s+3\s+2\s+neg 1, pos 1'
    }
}
