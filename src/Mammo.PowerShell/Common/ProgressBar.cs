using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Mammo.PowerShell.Common;

/// <summary>
/// Progress of one activity: at most ten updates a second, silent in the first second. Call from the pipeline thread only.
/// Its end is written to the host itself: a cmdlet that was stopped, or that is being disposed of, may not write, and PowerShell takes no bar
/// down before the whole script has ended.
/// </summary>
internal sealed class ProgressBar(Cmdlet cmdlet, PSHostUserInterface? host, string activity, long? total = null)
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // Bars differ by their source and id; PowerShell's own sources count upwards from zero.
    private const long Source = long.MaxValue - 0x4D616D6D6F;
    private static int _lastId;

    private readonly int _id = Interlocked.Increment(ref _lastId);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = Silent;
    private bool _isShown;

    /// <summary>Number of items, as far as it is known; null when it is not.</summary>
    public long? Total { get; set; } = total;

    /// <summary>Shows how many items are done and which is the last.</summary>
    public void Update(long done, string current) => Update(
        done,
        Total is { } all ? $"{done} of {all}: {current}" : $"{done}: {current}",
        Total is { } count && done > 0 ? _clock.Elapsed * ((double)(count - done) / done) : null);

    /// <summary>Shows a status and the time left.</summary>
    public void Update(long done, string status, TimeSpan? remaining)
    {
        if (_clock.Elapsed < _next)
            return;
        _next = _clock.Elapsed + Interval;
        _isShown = true;
        var record = new ProgressRecord(_id, activity, status);
        if (Total > 0)
        {
            record.PercentComplete = (int)Math.Min(100, 100 * done / Total.Value);
            if (remaining is { } left)
                record.SecondsRemaining = (int)left.TotalSeconds;
        }

        cmdlet.CommandRuntime.WriteProgress(Source, record);
    }

    /// <summary>Takes the bar down, if it was shown.</summary>
    public void Complete()
    {
        if (_isShown)
            host?.WriteProgress(Source, new ProgressRecord(_id, activity, "done") { RecordType = ProgressRecordType.Completed });
        _isShown = false;
    }
}
