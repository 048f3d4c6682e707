using System.Diagnostics;
using System.Runtime.InteropServices;
using Mammo.Evaluation;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;
using Mammo.Torch.Training.Runs;

namespace Mammo.Benchmarks;

/// <summary>
/// Measuring 10^4 to 10^7 predictions, and 2,000 bootstrap replicates of 10,000: <c>--sizes 10000,100000 --rounds 3 --write folder</c>. Processor time of
/// the whole process and time on the clock, each the least of the rounds; with <c>--write</c> the vectors as raw doubles (scores) and bytes (labels), for
/// another program to measure.
/// </summary>
internal static class EvaluationBenchmark
{
    public static void Run(Arguments arguments)
    {
        Console.WriteLine($"{"predictions",12}{"processor",12}{"clock",12}{"per n log2 n",14}   (milliseconds, nanoseconds of the clock; least of the rounds)");
        foreach (var text in arguments.List("sizes", "10000,100000,1000000,10000000"))
        {
            var size = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            var (scores, positives, patients) = Predictions(size, seed: 1);
            if (arguments.Text("write", "") is { Length: > 0 } folder)
            {
                File.WriteAllBytes(Path.Combine(folder, $"scores-{size}.bin"), MemoryMarshal.AsBytes<double>(scores).ToArray());
                File.WriteAllBytes(Path.Combine(folder, $"labels-{size}.bin"), MemoryMarshal.AsBytes<bool>(positives).ToArray());
            }

            var (spent, clock) = Least(arguments, () => Evaluator.Evaluate(ScoredSet.Of(scores, positives, [], patients)));
            var each = clock.TotalMilliseconds * 1e6 / (size * Math.Log2(size));
            Console.WriteLine(FormattableString.Invariant($"{size,12}{spent.TotalMilliseconds,12:F1}{clock.TotalMilliseconds,12:F1}{each,14:F2}"));
        }

        var (some, labels, numbers) = Predictions(10_000, seed: 2);
        var options = new EvaluationOptions { Bootstrap = 2000, Seed = 1 };
        var (total, wall) = Least(arguments, () => Evaluator.Evaluate(ScoredSet.Of(some, labels, [], numbers), options));
        Console.WriteLine(FormattableString.Invariant(
            $"2000 replicates by patient of 10000 predictions: {total.TotalSeconds:F2} s of processor time, {wall.TotalSeconds:F2} s on the clock"));
    }

    /// <summary>Probabilities and classes of patients with two to four images, one of eight positive.</summary>
    private static (double[] Scores, bool[] Positives, int[] Patients) Predictions(int count, int seed)
    {
        var random = new Random(seed);
        var (scores, positives, patients) = (new double[count], new bool[count], new int[count]);
        for (int i = 0, patient = 0; i < count; patient++)
        {
            var (shared, sick) = (random.NextDouble(), random.NextDouble() < 0.125);
            for (var image = random.Next(2, 5); image > 0 && i < count; image--, i++)
            {
                var odds = (3 * (shared + random.NextDouble() + random.NextDouble() - 1.5)) + (sick ? 1 : 0) - 2;
                (scores[i], positives[i], patients[i]) = (1 / (1 + Math.Exp(-odds)), sick, patient);
            }
        }

        return (scores, positives, patients);
    }

    private static (TimeSpan Processor, TimeSpan Clock) Least(Arguments arguments, Action action)
    {
        var (least, shortest) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = arguments.Number("rounds", 3); round > 0; round--)
        {
            using var process = Process.GetCurrentProcess();
            var (before, watch) = (process.TotalProcessorTime, Stopwatch.StartNew());
            action();
            var clock = watch.Elapsed;
            process.Refresh();
            var spent = process.TotalProcessorTime - before;
            (least, shortest) = (spent < least ? spent : least, clock < shortest ? clock : shortest);
        }

        return (least, shortest);
    }
}
