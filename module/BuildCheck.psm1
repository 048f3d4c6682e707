# Imported before the libraries: PowerShell alone would say no more than that one of them is missing.
if (-not [IO.File]::Exists("$PSScriptRoot/bin/Mammo.PowerShell.dll")) {
    $repository = [IO.Path]::GetDirectoryName($PSScriptRoot)
    $message = "Mammo is not built: '$PSScriptRoot/bin' lacks its libraries."
    $record = [Management.Automation.ErrorRecord]::new([IO.FileNotFoundException]::new($message), 'Mammo.ModuleNotBuilt', 'NotInstalled', $PSScriptRoot)
    $record.ErrorDetails = [Management.Automation.ErrorDetails]::new($message)
    $record.ErrorDetails.RecommendedAction = "Run 'dotnet build' in '$repository', then import it again."
    throw $record
}
