using Mammo.Evaluation;
using Mammo.Evaluation.Comparison;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;

namespace Mammo.Benchmarks;

/// <summary>
/// How often 95% intervals of the AUC contain it, and how often paired tests at 5% reject a difference that is none: <c>--sets 10000 --patients 300
/// --replicates 1000 --seed 1</c>. docs/evaluation.md has the results.
/// </summary>
internal static class CoverageBenchmark
{
    public static void Run(Arguments arguments)
    {
        var (sets, patients, seed) = (arguments.Number("sets", 10_000), arguments.Number("patients", 300), arguments.Number("seed", 1));
        var options = new EvaluationOptions { Bootstrap = arguments.Number("replicates", 1000), Seed = seed };
        var covered = new SortedDictionary<IntervalMethod, (int Inside, double Width)>();
        var rejected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < sets; index++)
        {
            var data = new SimulatedPatients(patients, unchecked((seed * 1_000_003) + index));
            var (first, second) = (ScoredSet.Of(data.First, data.Positives, [], data.Patients), ScoredSet.Of(data.Second, data.Positives, [], data.Patients));
            foreach (var interval in Evaluator.Evaluate(first, options)[Statistic.Auc].Intervals)
            {
                var (inside, width) = covered.GetValueOrDefault(interval.Method);
                var holds = interval.Lower <= SimulatedPatients.Area && SimulatedPatients.Area <= interval.Upper;
                covered[interval.Method] = (inside + (holds ? 1 : 0), width + (interval.Upper - interval.Lower ?? 0));
            }

            // Both models flag the images above one deviate: equal sensitivity, equal specificity.
            var comparison = ModelComparison.Of(PairedSet.Of(first, second), (1, 1));
            var ofDecisions = comparison.Decisions.SelectMany(decision => decision.Tests.Select(test => (decision.Name, test)));
            foreach (var (name, test) in comparison[Statistic.Auc].Tests.Select(test => ("AUC", test)).Concat(ofDecisions))
            {
                var key = $"{name}, {test.Method}";
                rejected[key] = rejected.GetValueOrDefault(key) + (test.P < 0.05 ? 1 : 0);
            }
        }

        Console.WriteLine($"{sets} sets of {patients} patients, seed {seed}, {options.Bootstrap} replicates");
        Console.WriteLine("| interval of the AUC | contains it | mean width |\n| --- | ---: | ---: |");
        foreach (var (method, (inside, width)) in covered)
            Console.WriteLine(FormattableString.Invariant($"| {method} | {100.0 * inside / sets:F1} % | {width / sets:F4} |"));
        Console.WriteLine("| paired test of two equal models | rejects |\n| --- | ---: |");
        foreach (var (test, count) in rejected)
            Console.WriteLine(FormattableString.Invariant($"| {test} | {100.0 * count / sets:F1} % |"));
    }
}
