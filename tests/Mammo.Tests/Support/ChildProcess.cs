using System.Diagnostics;

namespace Mammo.Tests.Support;

/// <summary>A program that ran to its end without anybody at its input.</summary>
internal sealed record ChildProcess(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Runs a program; a variable without value is taken out of its environment.</summary>
    public static ChildProcess Run(string program, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        var start = Prepared(program, arguments);
        start.RedirectStandardInput = true;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TestRun.Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end within {TestRun.Patience}.");
        }

        return new ChildProcess(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs a task of the tests' own program; it must end well.</summary>
    public static ChildProcess RunTask(string name, params string[] arguments) => RunTask(name, arguments, []);

    /// <summary>Runs a task of the tests' own program in an environment; it must end well.</summary>
    public static ChildProcess RunTask(string name, string[] arguments, params (string Name, string? Value)[] environment)
    {
        var run = Run("dotnet", Task(name, arguments), environment);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }

    /// <summary>Starts a task of the tests' own program that the caller ends.</summary>
    public static Process StartTask(string name, params string[] arguments)
    {
        var process = Process.Start(Prepared("dotnet", Task(name, arguments)))!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>With a folder of its own for what it leaves behind, and without the sockets of .NET's diagnostics, whose paths must be short.</summary>
    private static ProcessStartInfo Prepared(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var folder = TemporaryFolderAttribute.New("child");
        foreach (var variable in TestRun.FolderVariables)
            start.Environment[variable] = folder;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";

        // Threads of libtorch that wait for each other on a busy machine take minutes for what takes seconds.
        start.Environment["OMP_NUM_THREADS"] = "1";
        return start;
    }

    private static string[] Task(string name, string[] arguments) => [typeof(ChildProcess).Assembly.Location, Program.Task, name, .. arguments];
}
