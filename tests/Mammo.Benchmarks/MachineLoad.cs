using System.Diagnostics;
using System.Globalization;

namespace Mammo.Benchmarks;

/// <summary>What other processes do while a candidate is timed; from Linux's /proc/stat, nothing elsewhere.</summary>
internal sealed class MachineLoad
{
    private const double TicksPerSecond = 100;

    private readonly double _busy = BusySeconds();
    private readonly TimeSpan _own = Own();
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Share of all processors that other processes took since this was made, 0..1.</summary>
    public double Others()
    {
        var others = BusySeconds() - _busy - (Own() - _own).TotalSeconds;
        return Math.Max(0, others / (_watch.Elapsed.TotalSeconds * Environment.ProcessorCount));
    }

    private static TimeSpan Own()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    /// <summary>Processor time since boot but for idle and waiting (fields 4 and 5), all processors together.</summary>
    private static double BusySeconds()
    {
        if (!File.Exists("/proc/stat"))
            return 0;
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8);
        return ticks.Where((_, field) => field is not 3 and not 4).Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
