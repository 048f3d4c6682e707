using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Mammo.Archive.Shards;

/// <summary>A share of a worklist: the images whose identity's SHA-256 has a remainder.</summary>
public sealed record Shard
{
    private Shard(long index, long count) => (Index, Count) = (index, count);

    /// <summary>The whole list.</summary>
    public static Shard All { get; } = new(0, 1);

    /// <summary>The remainder, from 0.</summary>
    public long Index { get; }

    /// <summary>Shards together.</summary>
    public long Count { get; }

    /// <summary>How its files begin: <c>0003-of-0008</c>.</summary>
    internal string Name => string.Create(CultureInfo.InvariantCulture, $"{Index:D4}-of-{Count:D4}");

    /// <summary>Reads <c>3/8</c>. Numbers from 0 to 7 and from 1 to 8 are both taken, 0 and 8 being the same, for schedulers count in either way.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ArgumentInvalid"/>.</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var index, var count] && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var all)
            && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && all is > 0 and <= 1_000_000 && number <= all
            ? new Shard(number % all, all)
            : throw new MammoException(
                ErrorIds.ArgumentInvalid, $"'{text}' is no shard.", "Give the number of the shard and how many there are: 0/8 to 7/8, or 1/8 to 8/8.", text);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    /// <summary>Whether an image of this key belongs to it.</summary>
    internal bool Contains(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64BigEndian(key) % (ulong)Count == (ulong)Index;

    /// <summary>Whether an image may belong to this one and to another of another count: remainders contradict each other modulo a common divisor.</summary>
    internal bool MayShare(Shard other)
    {
        var common = (long)BigInteger.GreatestCommonDivisor(Count, other.Count);
        return Index % common == other.Index % common;
    }

    /// <summary>The shard that the name of a file begins with; null for other files.</summary>
    internal static Shard? OfFile(string fileName)
    {
        var end = fileName.IndexOf('.', StringComparison.Ordinal);
        return end > 0 && fileName[..end].Split("-of-") is [var index, var count]
            && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var all) && all > 0 && number < all
            ? new Shard(number, all)
            : null;
    }
}
