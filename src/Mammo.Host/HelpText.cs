namespace Mammo.Host;

/// <summary>What the host says about itself.</summary>
internal static class HelpText
{
    public const string Usage = """
        Usage: Mammo.Host SCRIPT.ps1 [arguments]      runs a script: -Name value, -Switch, -Name:value, or values by position
               Mammo.Host -Command "text"             runs a command
               Mammo.Host                             asks for commands until 'exit'
               Mammo.Host -Help                       says all this
        """;

    public const string Limits = """
        This is PowerShell's engine alone. It has the language, ForEach-Object, Where-Object, Get-Help,
        Get-Command, Import-Module, jobs and formatted output, but not the cmdlets of PowerShell's other
        assemblies: Get-ChildItem, Get-Content, Select-Object, Sort-Object, Format-Table, Export-Csv,
        ConvertTo-Json, Tee-Object, Write-Output and the rest of their modules. Where PowerShell 7.4 or
        later is installed, use that: Import-Module ./Mammo.psd1
        """;

    public const string Full = $"""
        Mammo.Host runs Mammo's cmdlets on machines without PowerShell.

        {Usage}

        Mammo.psd1 is imported first. It is looked for in the folder of this program and those above
        it, then in the working directory and those above it.

        Exit code: that of 'exit N'; 0 at the end of a script; 1 after a terminating error, or when the
        last command of -Command failed; 64 for a wrong command line; 130 after Ctrl+C.

        {Limits}
        """;
}
