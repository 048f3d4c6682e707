namespace Mammo.Host;

/// <summary>What the host was asked to do.</summary>
internal enum HostMode
{
    Prompt,
    Script,
    Command,
    Help,
}
