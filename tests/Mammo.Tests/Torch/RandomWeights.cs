using Mammo.Networks.Graphs;

namespace Mammo.Tests.Torch;

/// <summary>Weights from a seed for graphs that no file belongs to.</summary>
internal static class RandomWeights
{
    public static Dictionary<string, Weight> For(LayerGraph graph, int seed)
    {
        var random = new Random(seed);
        return WeightPlan.Of(graph).ToDictionary(plan => plan.Name, plan => new Weight(plan.Shape, Values(plan, random)), StringComparer.Ordinal);
    }

    public static float[] Normal(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)Gauss(random))];
    }

    private static float[] Values(WeightShape plan, Random random)
    {
        var isPositive = plan.Name.EndsWith("variance", StringComparison.Ordinal) || plan.Name.EndsWith("gamma", StringComparison.Ordinal);
        var scale = plan.Shape.Length > 1 ? Math.Sqrt(2.0 / (plan.Elements / plan.Shape[0])) : 0.3;
        return [.. Enumerable.Range(0, (int)plan.Elements).Select(_ => (float)(isPositive ? 0.5 + random.NextDouble() : scale * Gauss(random)))];
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
