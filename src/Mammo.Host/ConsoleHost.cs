using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Mammo.Host;

/// <summary>What the engine sees of this program.</summary>
internal sealed class ConsoleHost : PSHost
{
    public ConsoleUI Console { get; } = new();

    public bool ShouldExit { get; private set; }

    public int ExitCode { get; private set; }

    public override string Name => "Mammo.Host";

    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => Console;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode)
    {
        ShouldExit = true;
        ExitCode = exitCode;
    }

    public override void EnterNestedPrompt() => throw new PSNotSupportedException("Mammo.Host has no nested prompt.");

    public override void ExitNestedPrompt() => throw new PSNotSupportedException("Mammo.Host has no nested prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
