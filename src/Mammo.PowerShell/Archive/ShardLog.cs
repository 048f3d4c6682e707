using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Mammo.Archive.Shards;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Archive;

/// <summary>What a shard's log says: a line at the start, one now and then, one at the end; and a progress bar where a person may look at it.</summary>
/// <param name="cmdlet">Whose output it is; called from the pipeline's thread alone.</param>
/// <param name="bar">The cmdlet's progress bar; null where nobody looks at it.</param>
/// <param name="interval">Time between lines; zero for none at all.</param>
internal sealed class ShardLog(Cmdlet cmdlet, ProgressBar? bar, TimeSpan interval)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next;
    private bool _isBegun;

    /// <summary>Shows how far it is, if it is time.</summary>
    public void Write(ShardReport report, bool isEnd)
    {
        var done = report.Scored + report.Refused;
        if (bar is not null)
        {
            bar.Total = report.Images;
            bar.Update(report.Images - report.Left, $"{report}", Left(report));
        }

        if (_isBegun && !isEnd && _clock.Elapsed < _next)
            return;
        _isBegun = true;
        _next = _clock.Elapsed + interval;
        var rate = report.Seconds > 0 ? done / report.Seconds : 0;
        var end = report.IsStopped ? ", stopped" : report.Left == 0 ? ", finished"
            : Left(report) is { } left ? string.Create(CultureInfo.InvariantCulture, $", {left:d\\.hh\\:mm\\:ss} left") : "";
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"shard {report.Shard}: {report.Images - report.Left} of {report.Images} images, {done} in this call, "
                + $"{rate:0.###} per second, {report.Refused} refused{end}"));
    }

    /// <summary>Writes a line with the time.</summary>
    public void Say(string text)
    {
        if (interval <= TimeSpan.Zero)
            return;
        var line = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {text}");
        cmdlet.WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
    }

    private static TimeSpan? Left(ShardReport report) => report.Scored + report.Refused is > 0 and var done && report.Seconds > 0
        ? TimeSpan.FromSeconds(report.Seconds * report.Left / done)
        : null;
}
