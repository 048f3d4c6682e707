using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace Mammo.Host;

/// <summary>A PowerShell runspace that shows what it does on the console.</summary>
internal sealed class HostSession : IDisposable
{
    private readonly ConsoleHost _host = new();
    private readonly Runspace _runspace;
    private PowerShell? _running;
    private bool _stopping;

    private HostSession()
    {
        var state = InitialSessionState.CreateDefault2();
        // The policy exists on Windows only, where its default refuses every script.
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
    }

    /// <summary>Whether <c>exit</c> was called.</summary>
    public bool ShouldExit => _host.ShouldExit;

    /// <summary>The code given to <c>exit</c>.</summary>
    public int ExitCode => _host.ExitCode;

    public ConsoleUI Console => _host.Console;

    /// <summary>Whether the last pipeline was stopped by Ctrl+C.</summary>
    public bool WasStopped => _stopping;

    public static HostSession Open()
    {
        var session = new HostSession();
        session._runspace.Open();
        System.Console.CancelKeyPress += session.StopPipeline;
        return session;
    }

    /// <summary>Imports the module if it is found; says so if not.</summary>
    /// <returns>False when it was found and could not be imported.</returns>
    public bool ImportMammo()
    {
        if (ModuleFinder.Find() is not { } manifest)
        {
            Console.WriteWarningLine("Mammo.psd1 is neither above this program nor above the working directory; import it yourself.");
            return true;
        }

        var import = new Command("Import-Module");
        import.Parameters.Add("Name", manifest);
        import.Parameters.Add("ErrorAction", ActionPreference.Stop);
        return Run(import);
    }

    public int RunScript(string path, IReadOnlyList<string> arguments) => CodeAfter(Run(ScriptCommand.FromFile(path, arguments)));

    public int RunCommand(string text) => CodeAfter(Run(ScriptCommand.FromTextWithExitCode(text)));

    /// <summary>Runs a command or script text and shows its output and errors.</summary>
    /// <returns>False after a terminating error or Ctrl+C.</returns>
    public bool Run(Command command)
    {
        using var shell = PowerShell.Create(_runspace);
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Commands.AddCommand(command);
        shell.AddCommand("Out-Default");
        _stopping = false;
        _running = shell;
        try
        {
            shell.Invoke();
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (IncompleteParseException failure)
        {
            // The error view shows nothing for these.
            Console.WriteErrorLine(failure.Message);
            return false;
        }
        catch (RuntimeException failure)
        {
            Show(failure.ErrorRecord);
            return false;
        }
        finally
        {
            _running = null;
            Console.EndProgress();
        }
    }

    public void Dispose()
    {
        System.Console.CancelKeyPress -= StopPipeline;
        _runspace.Dispose();
    }

    private int CodeAfter(bool completed) =>
        ShouldExit ? ExitCode : WasStopped ? ExitCodes.Interrupted : completed ? ExitCodes.Success : ExitCodes.Failure;

    private void Show(ErrorRecord error)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddCommand("Out-Default");
        Console.WritesToError = true;
        shell.Invoke(new[] { error });
        Console.WritesToError = false;
    }

    // The first Ctrl+C ends the pipeline, the second the process; at the prompt the first does.
    private void StopPipeline(object? sender, ConsoleCancelEventArgs e)
    {
        if (_running is not { } shell || _stopping)
            return;
        e.Cancel = true;
        _stopping = true;
        shell.BeginStop(null, null);
    }
}
