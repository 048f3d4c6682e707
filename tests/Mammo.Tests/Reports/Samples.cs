using Mammo.Evaluation;
using Mammo.Evaluation.Localisation;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;
using Mammo.Reports;
using Mammo.Torch.Training.Runs;

namespace Mammo.Tests.Reports;

/// <summary>Content of a report with everything in it, and names that would break markup.</summary>
internal static class Samples
{
    public const string Hostile = "<img src=http://x/ onerror=alert(1)>&\"'";

    public static ReportContent Full()
    {
        var random = new Random(3);
        var builder = new ScoredSetBuilder();
        var images = new List<LocalisedImage>();
        for (var i = 0; i < 200; i++)
        {
            var positive = i % 4 == 0;
            builder.Add($"{i}.png", Math.Min(1, (0.7 * random.NextDouble()) + (positive ? 0.3 : 0)), positive, $"P{i / 2}", i % 2 == 0 ? "L" : "R");
            var mark = new Mark(random.NextDouble(), positive && random.NextDouble() < 0.7 ? 0 : null);
            images.Add(new LocalisedImage($"{i}.png", $"P{i / 2}", positive ? 1 : 0, [mark]));
        }

        var set = builder.ToSet();
        var options = new EvaluationOptions { Bootstrap = 100, Seed = 1, Prevalence = 0.006, Thresholds = [new FrozenThreshold(Hostile, 0.5)] };
        var result = Evaluator.Evaluate(set, options, TestContext.Current.CancellationToken);
        var none = Evaluator.Evaluate(ScoredSet.Of([], []), options, TestContext.Current.CancellationToken);
        return new ReportContent
        {
            Title = "A title " + Hostile,
            Question = "A question " + Hostile,
            Created = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero),
            PositiveClass = "pos " + Hostile,
            Result = result,
            Scores = set,
            Data = [new Fact("Split hash", "abc"), new Fact(Hostile, Hostile)],
            Counts = [new CountTable("view", NamedTable.Of<int>(["CC", Hostile], [120, 80]))],
            Findings = new FindingList([new Finding(ErrorIds.ImageTwice, "Twice: " + Hostile)]),
            Subgroups = [new Subgroup("view", "CC", result), new Subgroup("view", "none", none)],
            Localisation = LocalisationResult.Of(LocalisedSet.Of(images), options, TestContext.Current.CancellationToken),
            Cases = [new ReportCase(Hostile, "P1", 0.9, false, new byte[] { 1, 2, 3 }), new ReportCase("b.png", null, 0.1, true, default)],
            History = [new HistoryCurve("training loss", [0.7, 0.5, 0.4]), new HistoryCurve("validation loss", [0.8, double.NaN, 0.6])],
            Models = [new ReportModel(Hostile, [new Fact("Architecture", "resnet_small")])],
            Options = [new Fact("Engine", "onnx cpu float32")],
            Versions = [new Fact("Mammo", "0.1.0")],
        };
    }

    /// <summary>One class only, and nothing else known.</summary>
    public static ReportContent Bare()
    {
        var set = ScoredSet.Of([0.1, 0.4, 0.3], [true, true, true]);
        return new ReportContent
        {
            Title = "Bare",
            Created = DateTimeOffset.UnixEpoch,
            PositiveClass = "pos",
            Result = Evaluator.Evaluate(set, cancellation: TestContext.Current.CancellationToken),
            Scores = set,
        };
    }
}
