namespace Mammo.Tests.Support;

internal static class Pairs
{
    /// <summary>Pairs two sequences, which must have one length: <c>Zip</c> passes over what one of them lacks.</summary>
    public static (TFirst First, TSecond Second)[] Paired<TFirst, TSecond>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second)
    {
        TFirst[] left = [.. first];
        TSecond[] right = [.. second];
        Assert.Equal(left.Length, right.Length);
        return [.. left.Zip(right)];
    }
}
