using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mammo.Benchmarks;

/// <summary>One way of doing a piece of work, which may have several items, each timed by itself.</summary>
/// <param name="Name">What is different about it.</param>
/// <param name="Images">Images that one call handles.</param>
/// <param name="Calls">Does the items, a call each.</param>
/// <param name="Warm">Prepares it, where that takes less than the first call.</param>
internal sealed record Candidate(string Name, int Images, IReadOnlyList<Action> Calls, Action? Warm = null)
{
    /// <summary>One of a single item.</summary>
    public Candidate(string name, int images, Action call)
        : this(name, images, [call])
    {
    }
}

/// <summary>Times candidates in turns, so that what else the machine does falls on all of them alike.</summary>
internal static class Comparison
{
    // A call counts when others took at most this share of the processors meanwhile.
    private const double Quiet = 0.05;

    /// <summary>
    /// Warms each candidate up once, then in each round calls all of them with the first item, all with the second, and so on, every item and round starting
    /// with another one: the shorter an item, the better the chance that its least time is from a quiet moment.
    /// </summary>
    /// <param name="candidates">The first is what the others are compared with; all have as many items.</param>
    /// <param name="rounds">Calls of each candidate with each item.</param>
    /// <param name="attempts">Up to so many times more calls, until each candidate has enough that nothing else disturbed; 1 counts every call.</param>
    /// <returns>
    /// A table in Markdown; times are seconds an image, the mean over items of each item's least or median. The last columns say how many times as fast as the
    /// first candidate each is, by these times.
    /// </returns>
    public static string Run(IReadOnlyList<Candidate> candidates, int rounds, int attempts = 1)
    {
        var items = candidates[0].Calls.Count;
        if (candidates.FirstOrDefault(candidate => candidate.Calls.Count != items) is { } other)
            throw new ArgumentException($"'{other.Name}' has {other.Calls.Count} items, '{candidates[0].Name}' {items}.", nameof(candidates));
        foreach (var candidate in candidates)
            (candidate.Warm ?? candidate.Calls[0])();
        var samples = candidates.Select(_ => Enumerable.Range(0, items).Select(_ => new List<Sample>()).ToArray()).ToArray();
        for (var round = 0; round < rounds * attempts; round++)
        {
            for (var item = 0; item < items; item++)
            {
                for (var turn = 0; turn < candidates.Count; turn++)
                {
                    var index = (round + item + turn) % candidates.Count;
                    if (samples[index][item].Count < rounds && Time(candidates[index], item, attempts > 1) is { } sample)
                        samples[index][item].Add(sample);
                }
            }
        }

        return Table(candidates, [.. samples.Select(Times.Of)]);
    }

    private static Sample? Time(Candidate candidate, int item, bool onlyQuiet)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var load = new MachineLoad();
        var watch = Stopwatch.StartNew();
        candidate.Calls[item]();
        var wall = watch.Elapsed;
        process.Refresh();
        return onlyQuiet && load.Others() > Quiet
            ? null
            : new Sample(wall.TotalSeconds / candidate.Images, (process.TotalProcessorTime - processor).TotalSeconds / candidate.Images);
    }

    private static string Table(IReadOnlyList<Candidate> candidates, Times[] times)
    {
        var text = new StringBuilder(
            "| candidate | calls | wall least | wall median | processor median | times as fast, least | wall median | processor median |\n")
            .Append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for (var index = 0; index < candidates.Count; index++)
        {
            var (first, own) = (times[0], times[index]);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {candidates[index].Name} | {own.Calls} | {own.Least:0.000} | {own.Wall:0.000} | {own.Processor:0.000} | ")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"{first.Least / own.Least:0.000} | {first.Wall / own.Wall:0.000} | {first.Processor / own.Processor:0.000} |\n");
        }

        return text.ToString();
    }

    /// <summary>What one call took, in seconds an image.</summary>
    private readonly record struct Sample(double Wall, double Processor);

    /// <summary>What a candidate took: means over its items, of which each gives its least time or its median; NaN where an item has none.</summary>
    private readonly record struct Times(int Calls, double Least, double Wall, double Processor)
    {
        public static Times Of(IReadOnlyList<List<Sample>> items) => new(
            items.Sum(item => item.Count),
            items.Average(item => item.Select(sample => sample.Wall).DefaultIfEmpty(double.NaN).Min()),
            items.Average(item => Median(item.Select(sample => sample.Wall))),
            items.Average(item => Median(item.Select(sample => sample.Processor))));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
