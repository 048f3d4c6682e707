using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Steps whose tiles are computed one behind the other, some tiles at a time, so that each finds what the one before wrote in the cache: a large map
/// is written, but not read again from memory.
/// </summary>
internal sealed class ChainStep : TileStep
{
    private readonly int _tilesOfMember;

    /// <summary>Joins steps.</summary>
    /// <param name="members">Two or more that <see cref="Chaining"/> found to fit.</param>
    /// <param name="outputs">The maps that other steps read; the last step's among them.</param>
    public ChainStep(ImmutableArray<TileStep> members, ImmutableArray<FeatureMap> outputs)
        : base(members[^1].Name, [.. Outside(members).Select(read => read.Map)], members[^1].Output)
    {
        (Members, Outputs) = (members, outputs);
        Reaches = [.. Outside(members).Select(read => read.Reach)];
        _tilesOfMember = members.Skip(1).Min(member => member.TilesOfItem);
        foreach (var member in members)
            member.FindsInputsInCache = members.Any(other => other.Output == member.Inputs[0]);
    }

    /// <summary>The steps.</summary>
    public ImmutableArray<TileStep> Members { get; }

    /// <inheritdoc/>
    public override TileGrid Grid => Members[0].Grid;

    /// <inheritdoc/>
    public override ImmutableArray<FeatureMap> Outputs { get; }

    /// <inheritdoc/>
    public override IEnumerable<FeatureMap> Maps => Members.SelectMany(member => member.Maps);

    /// <inheritdoc/>
    public override ImmutableArray<(Reach Rows, Reach Columns)> Reaches { get; }

    /// <inheritdoc/>
    public override long MultiplyAddsOfTile => Members.Sum(member => member.MultiplyAddsOfTile);

    /// <inheritdoc/>
    public override long ScratchLength => Members.Max(member => member.ScratchLength);

    /// <inheritdoc/>
    public override int TilesOfItem => Members[0].TilesOfItem;

    /// <summary>What steps read of maps that none of them writes.</summary>
    public static IEnumerable<(FeatureMap Map, (Reach Rows, Reach Columns) Reach)> Outside(ImmutableArray<TileStep> members) =>
        members.SelectMany(member => member.Inputs.Zip(member.Reaches)).Where(read => !members.Any(member => member.Output == read.First));

    /// <inheritdoc/>
    public override void Compute(Pass pass, ReadOnlySpan<int> tiles, int firstPart, int endPart, Scratch scratch)
    {
        Members[0].Compute(pass, tiles, 0, Members[0].Parts, scratch);
        for (var first = 0; first < tiles.Length; first += _tilesOfMember)
        {
            var some = tiles.Slice(first, Math.Min(_tilesOfMember, tiles.Length - first));
            foreach (var member in Members.AsSpan(1..))
                member.Compute(pass, some, 0, member.Parts, scratch);
        }
    }
}
