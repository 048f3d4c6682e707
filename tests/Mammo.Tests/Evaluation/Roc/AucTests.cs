using System.Text.Json.Nodes;
using CsCheck;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Roc;

namespace Mammo.Tests.Evaluation.Roc;

public sealed class AucTests
{
    public static TheoryData<string> BinaryCases => [.. Cases("binary.json").Select(test => (string)test!["name"]!)];

    /// <summary>Those with an interval: neither weighted nor of one class.</summary>
    public static TheoryData<string> IntervalCases =>
        [.. Cases("binary.json").Where(test => test!["delong"] is not null).Select(test => (string)test!["name"]!)];

    public static TheoryData<string> MulticlassCases =>
        [.. Cases("multiclass.json").Where(test => test!["auc_per_class"] is not null).Select(test => (string)test!["name"]!)];

    [Theory]
    [MemberData(nameof(BinaryCases))]
    public void Equals_scikit_learn_with_ties_and_weights(string name)
    {
        var test = Cases("binary.json").Single(candidate => (string)candidate!["name"]! == name)!;
        var labels = Numbers(test["labels"]);
        var area = Auc.Of(Numbers(test["scores"]), Array.ConvertAll(labels, label => label == 1), Numbers(test["weights"]));
        if (test["roc_auc"]!.GetValueKind() == System.Text.Json.JsonValueKind.String)
            Assert.True(double.IsNaN(area));
        else
            Assert.Equal((double)test["roc_auc"]!, area, 1e-10);
    }

    [Theory]
    [MemberData(nameof(IntervalCases))]
    public void The_standard_error_is_the_oracles(string name)
    {
        var test = Cases("binary.json").Single(candidate => (string)candidate!["name"]! == name)!;
        var interval = AucInterval.Of(Numbers(test["scores"]), Array.ConvertAll(Numbers(test["labels"]), label => label == 1))!;
        var limits = Numbers(test["delong"]!["ci95_normal_unclipped"]);
        Assert.Equal((double)test["delong"]!["se"]!, interval.StandardError, 1e-10);
        Assert.Equal([Math.Max(0, limits[0]), Math.Min(1, limits[1])], [interval.Lower, interval.Upper], Within(1e-10));
    }

    [Theory]
    [MemberData(nameof(MulticlassCases))]
    public void Measurement_equals_the_originals_criterion(string name)
    {
        var test = Cases("multiclass.json").Single(candidate => (string)candidate!["name"]! == name)!;
        var rows = test["probabilities"]!.AsArray().Select(Numbers).ToArray();
        var labels = Numbers(test["labels"]);
        string[] classes = [.. Enumerable.Range(0, rows[0].Length).Select(label => $"class{label}")];
        var builder = new MeasurementBuilder();
        for (var sample = 0; sample < rows.Length; sample++)
            builder.Add(NamedTable.Of(classes, rows[sample]), (int)labels[sample]);
        var measurement = builder.Measure(cancellation: TestContext.Current.CancellationToken)!;
        var expected = Numbers(test["auc_per_class"]);
        Assert.Equal(expected, measurement.ClassAuc.Values, Within(1e-9));
        Assert.Equal(expected.Average(), measurement.Auc, 1e-9);
        Assert.Equal((double)test["accuracy"]!, measurement.Accuracy, 1e-9);
    }

    [Fact]
    public void Counts_pairs_in_the_right_order() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Double[0.5, 2]).Array[2, 40].Sample(samples =>
        {
            double pairs = 0, right = 0;
            foreach (var (positiveScore, _, positiveWeight) in samples.Where(sample => sample.Item2))
            {
                foreach (var (negativeScore, _, negativeWeight) in samples.Where(sample => !sample.Item2))
                {
                    pairs += positiveWeight * negativeWeight;
                    right += positiveWeight * negativeWeight * (positiveScore > negativeScore ? 1 : positiveScore == negativeScore ? 0.5 : 0);
                }
            }

            var area = Auc.Of(
                [.. samples.Select(sample => (double)sample.Item1)], [.. samples.Select(sample => sample.Item2)], [.. samples.Select(sample => sample.Item3)]);
            return pairs == 0 ? double.IsNaN(area) : Math.Abs(area - (right / pairs)) < 1e-12;
        });

    [Fact]
    public void Refuses_what_does_not_belong_together()
    {
        Assert.Throws<ArgumentException>(() => Auc.Of([1, 2], [true]));
        var builder = new MeasurementBuilder();
        builder.Add(NamedTable.Of(["neg", "pos"], [0.5, 0.5]), 1);
        Assert.Equal(ErrorIds.PredictionsMixed, Assert.Throws<MammoException>(() => builder.Add(NamedTable.Of(["a", "b"], [0.5, 0.5]), 1)).ErrorId);
        Assert.Equal(ErrorIds.PredictionsMixed, Assert.Throws<MammoException>(() => builder.Add(NamedTable.Of(["neg", "pos"], [0.5, 0.5]), 2)).ErrorId);
        Assert.Equal(ErrorIds.PredictionsMixed, Assert.Throws<MammoException>(() => builder.Add(NamedTable.Of(["neg", "pos"], [0.5, 0.5]), 1, -1)).ErrorId);
        builder.Add(NamedTable.Of(["neg", "pos"], [0.9, 0.1]), null);
        var measurement = builder.Measure(cancellation: TestContext.Current.CancellationToken)!;
        Assert.Equal((1, 1, 1), (measurement.Count, measurement.Unlabelled, measurement.Positives));
        Assert.True(double.IsNaN(measurement.Auc));
    }

    private static EqualityComparer<double> Within(double tolerance) => EqualityComparer<double>.Create((left, right) => Math.Abs(left - right) <= tolerance);

    private static JsonArray Cases(string file) => JsonNode.Parse(File.ReadAllText(Shared.Data("oracle", "image", "metrics", file)))!["cases"]!.AsArray();

    private static double[] Numbers(JsonNode? node) => node is null ? [] : [.. node.AsArray().Select(value => (double)value!)];
}
