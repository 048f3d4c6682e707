using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>Which steps are computed some tiles at a time, one behind the other (<see cref="ChainStep"/>).</summary>
internal static class Chaining
{
    /// <summary>Joins steps that follow one another.</summary>
    /// <param name="steps">The steps in order.</param>
    /// <param name="output">The network's output.</param>
    public static ImmutableArray<Step> Apply(ImmutableArray<Step> steps, FeatureMap output)
    {
        var readers = steps.SelectMany(step => step.Inputs.Select(input => (Input: input, Step: step))).ToLookup(read => read.Input, read => read.Step);
        var joined = new List<Step>();
        for (var first = 0; first < steps.Length;)
        {
            var members = From(steps, first);
            joined.Add(members.Length < 2 ? steps[first] : new ChainStep(members, [.. members.Select(member => member.Output).Where(IsRead)]));
            first += Math.Max(1, members.Length);

            bool IsRead(FeatureMap map) => map == output || readers[map].Any(reader => !members.Contains(reader));
        }

        return [.. joined];
    }

    /// <summary>The longest chain that begins with a step.</summary>
    private static ImmutableArray<TileStep> From(ImmutableArray<Step> steps, int first)
    {
        var members = ImmutableArray<TileStep>.Empty;
        while (first + members.Length < steps.Length && steps[first + members.Length] is TileStep next
            && (members.IsEmpty ? CanBegin(next) : Follows(members, next)))
            members = members.Add(next);
        return members;
    }

    /// <summary>
    /// A step whose tiles can be computed among those of others, and of which is known what they need: a chain would need any tile otherwise.
    /// </summary>
    private static bool CanBegin(TileStep step) =>
        step.CanBeChained && step.Reaches.Length == step.Inputs.Length && step.OutputSide == TileGrid.Side && IsLarge(step);

    /// <summary>
    /// A step can follow if it reads what the chain writes, and of that only the tiles that it computes itself; and if nothing is overwritten that other tiles
    /// of the chain read.
    /// </summary>
    private static bool Follows(ImmutableArray<TileStep> members, TileStep next)
    {
        var all = members.Add(next);
        var written = members.Select(member => member.Output).ToHashSet();
        return CanBegin(next)
            && next.Grid == members[0].Grid
            && next.Inputs.Any(written.Contains)
            && next.Inputs.Zip(next.Reaches).All(read => !written.Contains(read.First) || IsSame(read.Second))
            && ChainStep.Outside(all).All(read => IsSame(read.Reach) || all.All(member => member.Output.Storage != read.Map.Storage));
    }

    private static bool IsSame((Reach Rows, Reach Columns) reach) => reach.Rows == Reach.Same && reach.Columns == Reach.Same;

    /// <summary>There are enough tiles for all threads, and those that are computed at a time stay in the cache.</summary>
    private static bool IsLarge(TileStep step) =>
        step.Grid.Count >= Tuning.FewestChainedTiles
        && (long)Tuning.WindowTiles * TileGrid.Side * TileGrid.Side * step.Output.Channels <= Tuning.LargestChainedMap;
}
