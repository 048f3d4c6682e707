using System.Runtime.InteropServices;

namespace Mammo.PowerShell.Archive;

/// <summary>
/// The signals by which schedulers ask a process to end: SIGTERM, and SIGUSR1 where the system has it. While this is held they end nothing and are only noted,
/// however often they come. Who was asked to end stays so: what a script calls next stops before its first image.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly CancellationTokenSource Asked = new();

    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals()
    {
        // What .NET has no name for is registered by the system's own number.
        PosixSignal? user = OperatingSystem.IsLinux() ? (PosixSignal)10 : OperatingSystem.IsMacOS() ? (PosixSignal)30 : null;
        foreach (var signal in new[] { PosixSignal.SIGTERM, user })
        {
            if (signal is { } known)
                _registrations.Add(PosixSignalRegistration.Create(known, Note));
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public static CancellationToken Token => Asked.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private static void Note(PosixSignalContext context)
    {
        context.Cancel = true;
        Asked.Cancel();
    }
}
