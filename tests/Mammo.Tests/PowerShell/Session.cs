using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Mammo.PowerShell.Common;
using Mammo.PowerShell.Models;

namespace Mammo.Tests.PowerShell;

/// <summary>A PowerShell session with Mammo's cmdlets in the test's own process; loading through the manifest is tested with a process of its own.</summary>
internal sealed class Session : IDisposable
{
    private static readonly InitialSessionState State = MakeState();

    private readonly Runspace _runspace = RunspaceFactory.CreateRunspace(State);

    public Session() => _runspace.Open();

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public IReadOnlyList<string> Verbose { get; private set; } = [];

    public IReadOnlyList<ErrorRecord> Errors { get; private set; } = [];

    public IReadOnlyList<ProgressRecord> Progress { get; private set; } = [];

    public static IEnumerable<(string Name, Type Type)> Cmdlets() => typeof(RemoveMammoModelCommand).Assembly.GetExportedTypes()
        .Select(type => (type.GetCustomAttribute<CmdletAttribute>(), type))
        .Where(pair => pair.Item1 is not null)
        .Select(pair => ($"{pair.Item1!.VerbName}-{pair.Item1.NounName}", pair.type));

    /// <summary>Sets a variable of the session.</summary>
    public void Set(string name, object? value) => _runspace.SessionStateProxy.SetVariable(name, value);

    /// <summary>Changes the session's location.</summary>
    public void SetLocation(string folder) => _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(folder));

    /// <summary>Runs a script and returns what it wrote; a terminating error is thrown.</summary>
    public IReadOnlyList<object> Run(string script)
    {
        using var shell = System.Management.Automation.PowerShell.Create(_runspace);
        try
        {
            return [.. shell.AddScript(script).Invoke().Select(item => item?.BaseObject!)];
        }
        finally
        {
            Warnings = [.. shell.Streams.Warning.Select(record => record.Message)];
            Verbose = [.. shell.Streams.Verbose.Select(record => record.Message)];
            Errors = [.. shell.Streams.Error];
            Progress = [.. shell.Streams.Progress];
        }
    }

    /// <summary>Runs a script that must end in an error with that id, and returns the error.</summary>
    public ErrorRecord Fails(string script, string errorId)
    {
        ErrorRecord record;
        try
        {
            Run(script);
            record = Assert.Single(Errors);
        }
        catch (RuntimeException failure)
        {
            record = failure.ErrorRecord;
        }

        Assert.StartsWith(errorId + ",", record.FullyQualifiedErrorId, StringComparison.Ordinal);
        return record;
    }

    /// <summary>Runs a script and stops it, as Ctrl+C does, as soon as a condition holds.</summary>
    public void Stop(string script, Func<bool> when)
    {
        using var shell = System.Management.Automation.PowerShell.Create(_runspace);
        var run = shell.AddScript(script).BeginInvoke();
        Assert.True(SpinWait.SpinUntil(() => run.IsCompleted || when(), TestRun.Patience));
        shell.Stop();
        Progress = [.. shell.Streams.Progress];
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
    }

    public void Dispose() => _runspace.Dispose();

    private static InitialSessionState MakeState()
    {
        var state = InitialSessionState.CreateDefault();
        foreach (var (name, type) in Cmdlets())
            state.Commands.Add(new SessionStateCmdletEntry(name, type, null));
        foreach (var record in RecordTypes.Data())
            state.Types.Add(new SessionStateTypeEntry(record, isRemove: false));
        return state;
    }
}
