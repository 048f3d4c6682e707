using System.Text.Json.Nodes;
using Mammo.Evaluation;
using Mammo.Evaluation.Measurement;
using Mammo.Evaluation.Sets;

namespace Mammo.Tests.Evaluation;

/// <summary>The numbers of other programs in tests/data/evaluation; its README says how they were computed.</summary>
internal static class EvaluationData
{
    public static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Shared.Data("evaluation", file)))!;

    public static JsonArray Cases => Read("curves.json")["cases"]!.AsArray();

    public static JsonNode Case(string name) => Cases.Single(node => (string)node!["name"]! == name)!;

    public static TheoryData<string> Names => [.. Cases.Select(node => (string)node!["name"]!)];

    public static double[] Numbers(JsonNode? node) => node is null ? [] : [.. node.AsArray().Select(value => (double)value!)];

    public static int[] Integers(JsonNode? node) => node is null ? [] : [.. node.AsArray().Select(value => (int)value!)];

    public static ScoredSet Set(JsonNode data) =>
        ScoredSet.Of(Numbers(data["scores"]), [.. Numbers(data["labels"]).Select(label => label == 1)], Numbers(data["weights"]), Integers(data["patients"]));

    public static EvaluationResult Evaluate(ScoredSet set, EvaluationOptions? options = null) =>
        Evaluator.Evaluate(set, options, TestContext.Current.CancellationToken);

    public static void Equal(double[] expected, IEnumerable<double> actual, double tolerance = 1e-12)
    {
        double[] values = [.. actual];
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(expected[i], values[i], tolerance);
    }
}
