using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Mammo.Host;

/// <summary>Shows each stream as PowerShell does: errors on standard error, everything else on standard output, colours and progress on a terminal only. Safe for several threads.</summary>
internal sealed class ConsoleUI : PSHostUserInterface
{
    private readonly Lock _gate = new();
    private readonly bool _colour = Terminal.ShowsColour;
    private readonly ProgressLine _progress = new();
    private readonly ConsoleQuestions _questions;

    public ConsoleUI()
    {
        _questions = new ConsoleQuestions(this);
        if (!_colour)
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
    }

    public override PSHostRawUserInterface RawUI { get; } = new ConsoleRawUI();

    public override bool SupportsVirtualTerminal => _colour;

    /// <summary>While an error is shown as an object: its lines belong to standard error.</summary>
    public bool WritesToError { get; set; }

    public void EndProgress()
    {
        lock (_gate)
            _progress.Clear();
    }

    public override void Write(string value) => Put(Out, value);

    public override void WriteLine(string value) => Put(Out, value + Environment.NewLine);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Put(Out, Painted(PSStyle.MapForegroundColorToEscapeSequence(foregroundColor), value));

    public override void WriteErrorLine(string value) => Put(Console.Error, Painted(PSStyle.Instance.Formatting.Error, value) + Environment.NewLine);

    public override void WriteWarningLine(string message) => WriteLine(Painted(PSStyle.Instance.Formatting.Warning, "WARNING: " + message));

    public override void WriteVerboseLine(string message) => WriteLine(Painted(PSStyle.Instance.Formatting.Verbose, "VERBOSE: " + message));

    public override void WriteDebugLine(string message) => WriteLine(Painted(PSStyle.Instance.Formatting.Debug, "DEBUG: " + message));

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (_gate)
            _progress.Show(record);
    }

    public override string ReadLine() => ConsoleQuestions.ReadLine();

    public override SecureString ReadLineAsSecureString() => _questions.ReadSecret();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => _questions.AskFields(caption, message, descriptions);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => _questions.AskChoice(caption, message, choices, defaultChoice);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => _questions.AskCredential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        _questions.AskCredential(caption, message, userName);

    private TextWriter Out => WritesToError ? Console.Error : Console.Out;

    private void Put(TextWriter writer, string text)
    {
        lock (_gate)
        {
            _progress.Clear();
            writer.Write(GetOutputString(text, _colour));
        }
    }

    private string Painted(string style, string text) => _colour ? style + text + PSStyle.Instance.Reset : text;
}
