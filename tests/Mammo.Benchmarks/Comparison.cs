using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mammo.Benchmarks;

/// <summary>One way of doing a piece of work.</summary>
/// <param name="Name">What is different about it.</param>
/// <param name="Images">Images that one call handles.</param>
/// <param name="Call">Does it.</param>
/// <param name="Warm">Prepares it, where that takes less than a call.</param>
internal sealed record Candidate(string Name, int Images, Action Call, Action? Warm = null);

/// <summary>Times candidates in turns, so that what else the machine does falls on all of them alike.</summary>
internal static class Comparison
{
    // A call counts when others took at most this share of the processors meanwhile.
    private const double Quiet = 0.05;

    /// <summary>Warms each candidate up once, then calls all of them in each round, every round starting with another one.</summary>
    /// <param name="candidates">The first is what the others are compared with.</param>
    /// <param name="rounds">Calls of each candidate.</param>
    /// <param name="attempts">Up to so many times more calls, until each candidate has enough that nothing else disturbed; 1 counts every call.</param>
    /// <returns>A table in Markdown; times are seconds an image, ratios those of medians.</returns>
    public static string Run(IReadOnlyList<Candidate> candidates, int rounds, int attempts = 1)
    {
        foreach (var candidate in candidates)
            (candidate.Warm ?? candidate.Call)();
        var samples = candidates.Select(_ => new List<(double Wall, double Processor)>()).ToArray();
        for (var round = 0; round < rounds * attempts; round++)
        {
            for (var turn = 0; turn < candidates.Count; turn++)
            {
                var index = (round + turn) % candidates.Count;
                if (samples[index].Count < rounds && Time(candidates[index], attempts > 1) is { } sample)
                    samples[index].Add(sample);
            }
        }

        return Table(candidates, samples);
    }

    private static (double Wall, double Processor)? Time(Candidate candidate, bool onlyQuiet)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var load = new MachineLoad();
        var watch = Stopwatch.StartNew();
        candidate.Call();
        var wall = watch.Elapsed;
        process.Refresh();
        return onlyQuiet && load.Others() > Quiet
            ? null
            : (wall.TotalSeconds / candidate.Images, (process.TotalProcessorTime - processor).TotalSeconds / candidate.Images);
    }

    private static string Table(IReadOnlyList<Candidate> candidates, List<(double Wall, double Processor)>[] samples)
    {
        var text = new StringBuilder(
            "| candidate | calls | wall min | wall median | processor median | wall ratio | processor ratio |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        for (var index = 0; index < candidates.Count; index++)
        {
            var (wall, processor) = (Median(samples[index].Select(time => time.Wall)), Median(samples[index].Select(time => time.Processor)));
            var least = samples[index].Select(time => time.Wall).DefaultIfEmpty(double.NaN).Min();
            var (wallRatio, processorRatio) = (wall / Median(samples[0].Select(time => time.Wall)), processor / Median(
                samples[0].Select(time => time.Processor)));
            text.Append(
                CultureInfo.InvariantCulture, $"| {candidates[index].Name} | {samples[index].Count} | {least:0.000} | {wall:0.000} | {processor:0.000} | ")
                .Append(CultureInfo.InvariantCulture, $"{wallRatio:0.000} | {processorRatio:0.000} |\n");
        }

        return text.ToString();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
