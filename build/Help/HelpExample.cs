namespace Mammo.Help;

/// <summary>An example of a cmdlet's page.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Code">PowerShell, lines ending in line feeds.</param>
/// <param name="Remarks">What is said about it.</param>
/// <param name="NotRunBecause">Why the tests cannot run it; null for those that they run.</param>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks, string? NotRunBecause);
