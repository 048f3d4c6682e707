# Imported before the libraries. Every line that is run at each import counts: what PowerShell compiles for it takes longer than what it does. A block by itself
# is compiled only where it is run, and texts are joined because one with a variable in it costs a tenth of the import.

# A process has one copy of the libraries. What is imported from another folder, an upgrade for instance, would run the code of the first under its own name.
# The first says where it is.
$other = [AppContext]::GetData('Mammo.Module')
if ($other) {
    & {
        if ($other -eq (Join-Path $PSScriptRoot bin) -or -not [IO.File]::Exists("$PSScriptRoot/bin/Mammo.PowerShell.dll")) {
            return
        }
        $hashes = foreach ($folder in $other, "$PSScriptRoot/bin") {
            ([IO.Directory]::GetFiles($folder, 'Mammo.*.dll') | Sort-Object | ForEach-Object {
                [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([IO.File]::ReadAllBytes($_)))
            }) -join ' '
        }
        if ($hashes[0] -ne $hashes[1] -or (Get-Module Mammo)) {
            $message = "Another copy of Mammo is loaded in this session: '$other'."
            $record = [Management.Automation.ErrorRecord]::new(
                [InvalidOperationException]::new($message), 'Mammo.OtherCopyLoaded', 'InvalidOperation', $PSScriptRoot)
            $record.ErrorDetails = [Management.Automation.ErrorDetails]::new($message)
            $record.ErrorDetails.RecommendedAction = 'Start a new session, and import this one there.'
            throw $record
        }
    }
}

if ([IO.File]::Exists($PSScriptRoot + '/bin/Mammo.PowerShell.dll')) {
    return
}

# PowerShell alone would say no more than that one of the libraries is missing.
$repository = [IO.Path]::GetDirectoryName($PSScriptRoot)
$message = "Mammo is not built: '$PSScriptRoot/bin' lacks its libraries."
$record = [Management.Automation.ErrorRecord]::new([IO.FileNotFoundException]::new($message), 'Mammo.ModuleNotBuilt', 'NotInstalled', $PSScriptRoot)
$record.ErrorDetails = [Management.Automation.ErrorDetails]::new($message)
$record.ErrorDetails.RecommendedAction = "Run 'dotnet build' in '$repository', then import it again."
throw $record
