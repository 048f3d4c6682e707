using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mammo.Benchmarks;

/// <summary>One way of doing a piece of work.</summary>
/// <param name="Name">What is different about it.</param>
/// <param name="Images">Images that one call handles.</param>
/// <param name="Call">Does it.</param>
internal sealed record Candidate(string Name, int Images, Action Call);

/// <summary>Times candidates in turns, so that what else the machine does falls on all of them alike.</summary>
internal static class Comparison
{
    /// <summary>Warms each candidate up once, then calls all of them in each round, every round starting with another one.</summary>
    /// <returns>A table in Markdown; times are seconds an image, ratios against the first candidate: medians of the ratios within a round.</returns>
    public static string Run(IReadOnlyList<Candidate> candidates, int rounds)
    {
        foreach (var candidate in candidates)
            candidate.Call();
        var samples = candidates.Select(_ => new List<(double Wall, double Processor)>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < candidates.Count; turn++)
            {
                var index = (round + turn) % candidates.Count;
                samples[index].Add(Time(candidates[index]));
            }
        }

        return Table(candidates, samples);
    }

    private static (double Wall, double Processor) Time(Candidate candidate)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        candidate.Call();
        var wall = watch.Elapsed;
        process.Refresh();
        return (wall.TotalSeconds / candidate.Images, (process.TotalProcessorTime - processor).TotalSeconds / candidate.Images);
    }

    private static string Table(IReadOnlyList<Candidate> candidates, List<(double Wall, double Processor)>[] samples)
    {
        var text = new StringBuilder("| candidate | wall min | wall median | processor min | wall ratio | processor ratio |\n| --- | --- | --- | --- | --- | --- |\n");
        for (var index = 0; index < candidates.Count; index++)
        {
            var own = samples[index];
            var ratios = own.Zip(samples[0], (mine, first) => (Wall: mine.Wall / first.Wall, Processor: mine.Processor / first.Processor)).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"| {candidates[index].Name} | {own.Min(time => time.Wall):0.000} | {Median(own.Select(time => time.Wall)):0.000} | ")
                .Append(CultureInfo.InvariantCulture, $"{own.Min(time => time.Processor):0.000} | {Median(ratios.Select(ratio => ratio.Wall)):0.000} | ")
                .Append(CultureInfo.InvariantCulture, $"{Median(ratios.Select(ratio => ratio.Processor)):0.000} |\n");
        }

        return text.ToString();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
