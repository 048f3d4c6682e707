using Mammo.Networks.Graphs;
using Mammo.Scoring;
using Mammo.Scoring.Managed;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>A run of which the steps are seen, each once, members of chains one by one.</summary>
internal static class ObservedRun
{
    /// <summary>Runs a batch.</summary>
    /// <returns>The values, and name and kind of each step, as <c>pool:PoolStep</c>.</returns>
    public static (double[] Values, List<string> Steps) Of(
        LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, PlaneBatch batch, ManagedOptions options)
    {
        var steps = new List<string>();
        using var engine = new ManagedEngine(graph, weights, options);
        engine.Observe = (step, _) =>
            steps.AddRange(Members(step).Select(member => $"{member.Name}:{member.GetType().Name.Split('`')[0]}"));
        return (engine.Run(batch).Values, [.. steps.Distinct()]);
    }

    /// <summary>The steps of a chain, or the step.</summary>
    public static IEnumerable<Step> Members(Step step) => step is ChainStep chain ? chain.Members : [step];

    /// <summary>True when layer 'first' is computed by the one behind it.</summary>
    public static bool IsJoined(LayerGraph graph, bool keepsLayers = false)
    {
        var shapes = new Dictionary<string, TensorShape>(ShapeInference.Infer(graph), StringComparer.Ordinal);
        return Fusion.Of(graph, shapes, keepsLayers).All(operation => operation.Name != "first");
    }
}
