# Images into an archive, scored from their folder, results into the archive and back. Run by run.sh.
param([string] $Work, [uri] $Uri, [ValidateSet('Store', 'Down')] [string] $Step)

$ErrorActionPreference = 'Stop'
$credential = [pscredential]::new('mammo', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
$films, $results = "$Work/films", "$Work/results"

function Assert-Equal($Actual, $Expected, [string] $What) {
    if ("$Actual" -cne "$Expected") {
        throw "${What}: '$Actual' instead of '$Expected'"
    }
    "ok: $What ($Expected)"
}

# Counts of records by status, in the order of the names.
function Get-Count($Record) {
    ($Record | Group-Object Status | Sort-Object Name | ForEach-Object { "$($_.Name)=$($_.Count)" }) -join ' '
}

# The bytes of an instance as the archive gives it back (WADO-RS).
function Get-Instance($Info) {
    $address = "$Uri/studies/$($Info.StudyInstanceUid)/series/$($Info.SeriesInstanceUid)/instances/$($Info.SopInstanceUid)"
    $accept = @{ Accept = 'multipart/related; type="application/dicom"; transfer-syntax=*' }
    $answer = Invoke-WebRequest $address -Credential $credential -Authentication Basic -AllowUnencryptedAuthentication -Headers $accept
    $bytes = $answer.RawContentStream.ToArray()
    $text = [Text.Encoding]::Latin1.GetString($bytes)
    $start = $text.IndexOf("`r`n`r`n", [StringComparison]::Ordinal) + 4
    $boundary = [regex]::Match("$($answer.Headers['Content-Type'])", 'boundary="?([^";]+)').Groups[1].Value
    , $bytes[$start..($text.LastIndexOf("`r`n--$boundary--", [StringComparison]::Ordinal) - 1)]
}

if ($Step -eq 'Down') {
    $records = Send-MammoDicom $results $Uri -Credential $credential -MaximumRetryCount 1 -ErrorAction SilentlyContinue -ErrorVariable failed
    Assert-Equal (Get-Count $records) "NotSent=$((Get-ChildItem $results).Count)" 'server down: records'
    Assert-Equal ($failed.FullyQualifiedErrorId | Select-Object -Unique) 'Mammo.DicomServerFailed,Mammo.PowerShell.Pacs.SendMammoDicomCommand' 'server down: id'
    return
}

$names = 'explicit-le', 'implicit-le', 'jpeg-lossless-sv1', 'jpegls-lossless', 'mono2-8bit', 'monochrome1', 'rle', 'voi-lut', 'window-linear', 'window-sigmoid'
$null = New-Item $films -ItemType Directory
$names | ForEach-Object { Copy-Item "$PSScriptRoot/../data/dicom/$_.dcm" $films }
Assert-Equal (Get-Count (Send-MammoDicom $films $Uri -Credential $credential)) 'Stored=10' 'images stored'

$p = Import-MammoDataset $films -Format Dicom | Invoke-MammoPredict mini-mias -RescaleFactor 0.003891 -WarningAction Ignore
$files = $p | Export-MammoDicom $results -Kind StructuredReport, Heatmap, PresentationState -By Image, Breast, Patient -RegionLevel 0.3 -WarningAction Ignore -PassThru
Assert-Equal (($files | Group-Object { $_.Name.Substring(0, 2) } | Sort-Object Name | ForEach-Object { "$($_.Name)=$($_.Count)" }) -join ' ') 'PR=10 SC=10 SR=3' 'results written'

# What other readers are to find in the reports (read_back.py).
Get-MammoHeatmap mini-mias -Path $p.Path -RescaleFactor 0.003891 -WarningAction Ignore | Export-MammoHeatmap "$Work/maps"
@{
    model = 'mini-mias'; version = "$((Get-Module Mammo).Version)"; weights = [regex]::Match($p[0].Inference, 'weights=(\w+)').Groups[1].Value; level = 0.3
    images = @($p | ForEach-Object { @{ instance = $_.SopInstanceUid; name = [IO.Path]::GetFileNameWithoutExtension($_.Path); score = $_.Score } })
} | ConvertTo-Json -Depth 4 | Set-Content "$Work/expected.json"

Assert-Equal (Get-Count (Send-MammoDicom $results $Uri -Credential $credential)) 'Stored=23' 'results stored'
Assert-Equal (Get-Count (Send-MammoDicom $results $Uri -Credential $credential)) 'AlreadyThere=23' 'sent twice'
Assert-Equal (Get-Count (Send-MammoDicom $results $Uri -Credential $credential -Force)) 'Stored=23' 'sent three times, by force'

$infos = $files | Get-MammoImageInfo
$same = foreach ($info in $infos) {
    [Linq.Enumerable]::SequenceEqual([byte[]] (Get-Instance $info), [IO.File]::ReadAllBytes($info.Path))
}
Assert-Equal (($same | Where-Object { $_ }).Count) 23 'fetched back byte by byte'

foreach ($study in $infos | Group-Object StudyInstanceUid) {
    $found = Invoke-RestMethod "$Uri/studies/$($study.Name)/instances" -Credential $credential -Authentication Basic -AllowUnencryptedAuthentication -Headers @{ Accept = 'application/dicom+json' }
    $uids = $found | ForEach-Object { $_.'00080018'.Value[0] }
    Assert-Equal (($study.Group.SopInstanceUid | Where-Object { $_ -in $uids }).Count) $study.Count "found under study $($study.Name)"
}

$wrong = [pscredential]::new('mammo', (ConvertTo-SecureString 'wrong' -AsPlainText -Force))
$records = Send-MammoDicom $results $Uri -Credential $wrong -Force -ErrorAction SilentlyContinue -ErrorVariable failed
Assert-Equal (Get-Count $records) 'NotSent=23' 'wrong password: records'
Assert-Equal ($failed.FullyQualifiedErrorId | Select-Object -Unique) 'Mammo.DicomServerAccess,Mammo.PowerShell.Pacs.SendMammoDicomCommand' 'wrong password: id'

# An image that was cut off on its way, which the archive cannot read, among nine results.
$cut = "$Work/cut.dcm"
$bytes = [IO.File]::ReadAllBytes("$films/rle.dcm")
[IO.File]::WriteAllBytes($cut, $bytes[0..($bytes.Count / 2)])
$records = Send-MammoDicom (@($files.FullName[0..8]) + $cut) $Uri -Credential $credential -Force -ErrorAction SilentlyContinue -ErrorVariable failed
Assert-Equal (Get-Count $records) 'Refused=1 Stored=9' 'one of ten refused: records'
Assert-Equal $failed.Count 1 'one of ten refused: errors'
$records | Where-Object Status -EQ Refused | ForEach-Object { "   the archive's reason: $($_.Reason) (HTTP $($_.HttpStatus))" }
