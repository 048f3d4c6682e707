#Requires -Version 7.6

BeforeAll {
    . "$PSScriptRoot/Fixture.ps1"
    Push-Location $TestDrive
    $dicom = Join-Path $repository tests/data/dicom
    Copy-Item "$dicom/window-linear.dcm", "$dicom/explicit-le.dcm" (New-Item ./out -ItemType Directory)
    Set-Content ./out/notes.txt 'no image'

    # A server on this machine that refuses one instance of the two and remembers what it was asked.
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $listener.Stop()
    $asked = [Collections.Concurrent.ConcurrentQueue[string]]::new()
    $refused = (Get-MammoImageInfo "$dicom/explicit-le.dcm").SopInstanceUid
    $stored = (Get-MammoImageInfo "$dicom/window-linear.dcm").SopInstanceUid
    $server = [Net.HttpListener]::new()
    $server.Prefixes.Add("http://127.0.0.1:$port/")
    $server.Start()
    $shell = [PowerShell]::Create().AddScript({
            param($server, $asked, $stored, $refused)
            while ($server.IsListening) {
                $context = $server.GetContext()
                $context.Request.InputStream.CopyTo([IO.Stream]::Null)
                $asked.Enqueue("$($context.Request.HttpMethod) $($context.Request.Url.AbsolutePath) $($context.Request.Headers['Authorization'])")
                $body = '{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["' + $stored + '"]}}]},"00081198":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["' +
                $refused + '"]},"00081197":{"vr":"US","Value":[290]}}]}}'
                $context.Response.StatusCode = $context.Request.HttpMethod -eq 'GET' ? 404 : 409
                $bytes = [Text.Encoding]::UTF8.GetBytes($body)
                $context.Response.OutputStream.Write($bytes, 0, $bytes.Length)
                $context.Response.Close()
            }
        }).AddArgument($server).AddArgument($asked).AddArgument($stored).AddArgument($refused)
    $null = $shell.BeginInvoke()
    $uri = "http://127.0.0.1:$port/dicom-web"
}

AfterAll {
    $server.Close()
    $shell.Dispose()
    Pop-Location
}

Describe 'Send-MammoDicom' {
    It 'gives a record for each DICOM file, and an error for one that is refused' {
        $records = Send-MammoDicom ./out $uri -ErrorAction SilentlyContinue -ErrorVariable failed
        $records.Status | Sort-Object | Should -Be 'Stored', 'Refused'
        ($records | Where-Object Status -EQ Refused).Reason | Should -Match 'SOP class not supported'
        $failed.Count | Should -Be 1
        $failed[0].FullyQualifiedErrorId | Should -Match '^Mammo\.DicomStoreRefused,'
        Get-View $records | Should -Match 'Stored +MG +window-linear.dcm'
    }

    It 'takes files from the pipeline, and sends user and password' {
        $credential = [pscredential]::new('user', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
        (Get-ChildItem ./out/window-linear.dcm | Send-MammoDicom -Uri $uri -Credential $credential).Status | Should -Be 'Stored'
        $asked.ToArray()[-1] | Should -Be "POST /dicom-web/studies Basic $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('user:secret')))"
    }

    It 'asks nothing with -WhatIf' {
        $before = $asked.Count
        Send-MammoDicom ./out $uri -WhatIf | Should -BeNullOrEmpty
        $asked.Count | Should -Be $before
    }

    It 'has an id for <Name>' -ForEach @(
        @{ Name = 'an address that is none'; Ids = 'Mammo.ArgumentInvalid'; Send = { Send-MammoDicom ./out /dicom-web } }
        @{ Name = 'another scheme'; Ids = 'Mammo.ArgumentInvalid'; Send = { Send-MammoDicom ./out ftp://127.0.0.1/ } }
        @{ Name = 'a user in the address'; Ids = 'Mammo.ArgumentInvalid'; Send = { Send-MammoDicom ./out http://user:secret@127.0.0.1/dicom-web } }
        @{ Name = 'a file that is not there'; Ids = 'Mammo.FileNotFound'; Send = { Send-MammoDicom ./gone.dcm $uri } }
        @{ Name = 'a file that is not DICOM'; Ids = 'Mammo.ImageUnreadable'; Send = { Send-MammoDicom ./out/notes.txt $uri } }
        @{ Name = 'an instance that is there twice'; Ids = 'Mammo.ImageTwice'; Send = { Send-MammoDicom ./out/window-linear.dcm, "$dicom/window-linear.dcm" $uri } }
        @{ Name = 'a password without encryption'; Ids = 'Mammo.CredentialUnencrypted'; Send = {
                Send-MammoDicom ./out http://pacs.example.org/dicom-web -Credential ([pscredential]::new('user', (ConvertTo-SecureString 'secret' -AsPlainText -Force)))
            }
        }
        @{ Name = 'a server that is not there'; Ids = 'Mammo.DicomServerFailed'; Send = { Send-MammoDicom ./out/window-linear.dcm http://127.0.0.1:1/ -MaximumRetryCount 0 | Out-Null } }
    ) {
        Get-ErrorId $Send | Should -Be $Ids
    }
}
