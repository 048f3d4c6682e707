using System.Management.Automation.Language;
using System.Text;

namespace Mammo.Host;

/// <summary>Reads commands line by line and runs each until <c>exit</c> or the end of the input.</summary>
internal sealed class InteractivePrompt(HostSession session)
{
    public int Run()
    {
        if (Terminal.CanAsk)
            session.Console.WriteLine(HelpText.Limits);

        var succeeded = true;
        while (!session.ShouldExit && ReadStatement() is { } statement)
        {
            if (!string.IsNullOrWhiteSpace(statement))
                succeeded = session.Run(ScriptCommand.FromText(statement));
        }

        return session.ShouldExit ? session.ExitCode : succeeded ? ExitCodes.Success : ExitCodes.Failure;
    }

    // More lines are read while the text ends within a block, a string or a pipeline.
    private string? ReadStatement()
    {
        var text = new StringBuilder();
        for (var line = ReadLine("PS Mammo> "); line is not null; line = ReadLine(">> "))
        {
            text.AppendLine(line);
            Parser.ParseInput(text.ToString(), out _, out var errors);
            if (!errors.Any(error => error.IncompleteInput) || line.Length == 0)
                return text.ToString();
        }

        return text.Length > 0 ? text.ToString() : null;
    }

    private string? ReadLine(string prompt)
    {
        if (Terminal.CanAsk)
            session.Console.Write(prompt);
        return System.Console.ReadLine();
    }
}
