using Mammo.Evaluation.Decisions;
using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Benchmarks;

/// <summary>
/// How often promised predictive values are missed at sites whose true values are known, and what share of patients gets a decision: <c>--sites 2000
/// --seed 1</c>. Beside fixed-sequence testing, what comes of taking the largest group that passes an uncorrected test, and one with Bonferroni's
/// correction for all thresholds. docs/evaluation.md has the results.
/// </summary>
internal static class PromiseBenchmark
{
    private static readonly string[] Choices = ["fixed sequence", "no correction", "Bonferroni"];

    // Patients, prevalence and distance of the two classes' scores in deviates; the last scores are next to worthless, so that any group of patients
    // looks as good as any other.
    private static readonly (int, double, double)[] Sites =
        [(1000, 0.05, 1.8), (3000, 0.05, 1.8), (10_000, 0.05, 1.5), (3000, 0.02, 1.8), (3000, 0.1, 1.5), (3000, 0.012, 0.1)];

    // Each alone, and both.
    private static readonly RiskPromise[] Promises =
    [
        new() { NegativePredictiveValue = 0.99, Confidence = 0.9 },
        new() { PositivePredictiveValue = 0.3, Confidence = 0.9 },
        new() { NegativePredictiveValue = 0.99, PositivePredictiveValue = 0.3, Confidence = 0.9 },
    ];

    public static void Run(Arguments arguments)
    {
        var (sites, seed) = (arguments.Number("sites", 2000), arguments.Number("seed", 1));
        Console.WriteLine($"{sites} sites each, seed {seed}, confidence 0.9");
        Console.WriteLine("| patients | prevalence | AUC | promised | choice | missed | decided |\n| ---: | ---: | ---: | --- | --- | ---: | ---: |");
        foreach (var (patients, prevalence, distance) in Sites)
        {
            var results = new SortedDictionary<(int Promise, int Choice), (int Missed, double Decided)>();
            for (var site = 0; site < sites; site++)
            {
                var set = Site(patients, prevalence, distance, unchecked((seed * 1_000_003) + site));
                for (var promise = 0; promise < Promises.Length; promise++)
                {
                    var rules = Rules(set, Promises[promise]);
                    for (var choice = 0; choice < rules.Length; choice++)
                    {
                        var (missed, decided) = results.GetValueOrDefault((promise, choice));
                        var (wrong, share) = Truth(rules[choice], Promises[promise], prevalence, distance);
                        results[(promise, choice)] = (missed + (wrong ? 1 : 0), decided + share);
                    }
                }
            }

            foreach (var ((promise, choice), (missed, decided)) in results)
            {
                var (npv, ppv) = (Promises[promise].NegativePredictiveValue, Promises[promise].PositivePredictiveValue);
                string[] promises = [.. new[] { Words("negative", npv), Words("positive", ppv) }.OfType<string>()];
                var site = FormattableString.Invariant($"{patients} | {prevalence} | {NormalDistribution.Cdf(distance / Math.Sqrt(2)):F2}");
                var result = FormattableString.Invariant($"{100.0 * missed / sites:F1} % | {100 * decided / sites:F0} %");
                Console.WriteLine($"| {site} | {string.Join(", ", promises)} | {Choices[choice]} | {result} |");
            }
        }
    }

    private static string? Words(string name, double? value) => value is null ? null : FormattableString.Invariant($"{name} {value}");

    /// <summary>Patients whose scores are normal, those of the ill some deviates higher.</summary>
    private static ScoredSet Site(int patients, double prevalence, double distance, int seed)
    {
        var random = new Random(seed);
        bool[] ill = [.. Enumerable.Range(0, patients).Select(_ => random.NextDouble() < prevalence)];
        return ScoredSet.Of([.. ill.Select(sick => SimulatedPatients.Normal(random) + (sick ? distance : 0))], ill);
    }

    private static DecisionRule[] Rules(ScoredSet set, RiskPromise promise) =>
        [RiskControl.Of(set, promise).Rule, Largest(set, promise, promise.Level), Largest(set, promise, promise.Level / set.Count)];

    /// <summary>Thresholds of the largest groups that pass a test at a level, wherever they lie.</summary>
    private static DecisionRule Largest(ScoredSet set, RiskPromise promise, double level)
    {
        var (ranking, counts, count) = (set.Ranking, set.Counts, set.Count);
        double? lower = null, upper = null;
        for (var i = 1; i < count && lower is null && promise.NegativePredictiveValue is { } npv; i++)
        {
            if (BinomialDistribution.AtMost((long)(counts.Positives - counts.True[i]), count - i, 1 - npv) <= level)
                lower = ranking.ScoreAt(i - 1);
        }

        for (var i = count; i > 0 && upper is null && promise.PositivePredictiveValue is { } ppv; i--)
        {
            if (BinomialDistribution.AtMost((long)counts.False[i], i, 1 - ppv) <= level)
                upper = ranking.ScoreAt(i - 1);
        }

        return new DecisionRule(lower, upper < lower ? lower : upper);
    }

    /// <summary>Whether a predictive value of a rule is below what was promised, and the share that it decides, from the normal distributions.</summary>
    private static (bool Missed, double Share) Truth(DecisionRule rule, RiskPromise promise, double prevalence, double distance)
    {
        double low = rule.Lower ?? double.NegativeInfinity, high = rule.Upper ?? double.PositiveInfinity;
        var (falseNegative, trueNegative) = (prevalence * NormalDistribution.Cdf(low - distance), (1 - prevalence) * NormalDistribution.Cdf(low));
        var (truePositive, falsePositive) = (prevalence * NormalDistribution.Cdf(distance - high), (1 - prevalence) * NormalDistribution.Cdf(-high));
        var (cleared, flagged) = (trueNegative + falseNegative, truePositive + falsePositive);
        var missed = trueNegative < promise.NegativePredictiveValue * cleared || truePositive < promise.PositivePredictiveValue * flagged;
        return (missed, cleared + flagged);
    }
}
