using System.Management.Automation;

namespace Mammo.Host;

/// <summary>Progress on one line of standard error, drawn anew in place; nothing where that is not a terminal.</summary>
internal sealed class ProgressLine
{
    private const string ToStartAndErase = "\r\u001b[K";
    private const int BarCells = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly bool _enabled = Terminal.ShowsProgress;
    private long _drawnAt;
    private bool _shown;

    public void Show(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }

        if (!_enabled || (_shown && TimeProvider.System.GetElapsedTime(_drawnAt) < Pause))
            return;
        _drawnAt = TimeProvider.System.GetTimestamp();
        _shown = true;
        Console.Error.Write(ToStartAndErase + Fitted(Text(record)));
    }

    public void Clear()
    {
        if (!_shown)
            return;
        _shown = false;
        Console.Error.Write(ToStartAndErase);
    }

    private static string Text(ProgressRecord record)
    {
        var text = $"{record.Activity}: {record.StatusDescription}";
        if (record.PercentComplete >= 0)
        {
            var filled = Math.Min(record.PercentComplete, 100) * BarCells / 100;
            text += $" [{new string('#', filled)}{new string(' ', BarCells - filled)}] {record.PercentComplete}%";
        }

        return record.SecondsRemaining >= 0 ? $"{text} {TimeSpan.FromSeconds(record.SecondsRemaining):c}" : text;
    }

    private static string Fitted(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        var width = Math.Max(Terminal.Width - 1, 1);
        return line.Length <= width ? line : line[..width];
    }
}
