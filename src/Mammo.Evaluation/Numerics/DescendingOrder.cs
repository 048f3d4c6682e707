namespace Mammo.Evaluation.Numerics;

/// <summary>
/// Sorts sample numbers by score: a radix sort by bytes from the lowest, which takes the same few passes for any scores and leaves equal ones in their
/// order.
/// </summary>
internal static class DescendingOrder
{
    private const int Digits = sizeof(ulong);
    private const int Values = 256;

    /// <summary>The numbers 0..n−1, highest score first.</summary>
    /// <param name="scores">Scores without NaN; −0 counts as 0.</param>
    public static int[] Of(double[] scores)
    {
        var count = scores.Length;
        var (keys, order) = (new ulong[count], new int[count]);
        var (nextKeys, nextOrder) = (new ulong[count], new int[count]);
        Span<int> places = new int[Digits * Values];
        for (var i = 0; i < count; i++)
        {
            (keys[i], order[i]) = (Key(scores[i]), i);
            for (var digit = 0; digit < Digits; digit++)
                places[(digit * Values) + (byte)(keys[i] >> (8 * digit))]++;
        }

        for (var digit = 0; digit < Digits; digit++)
        {
            var ofDigit = places.Slice(digit * Values, Values);
            // A byte that all keys share moves nothing.
            if (count == 0 || ofDigit[(byte)(keys[0] >> (8 * digit))] == count)
                continue;
            var place = 0;
            foreach (ref var entry in ofDigit)
                (entry, place) = (place, place + entry);
            for (var i = 0; i < count; i++)
            {
                var target = ofDigit[(byte)(keys[i] >> (8 * digit))]++;
                (nextKeys[target], nextOrder[target]) = (keys[i], order[i]);
            }

            (keys, nextKeys, order, nextOrder) = (nextKeys, keys, nextOrder, order);
        }

        return order;
    }

    /// <summary>An integer that is smaller the higher the score: the bits of positive numbers ascend, those of negative ones descend.</summary>
    private static ulong Key(double score)
    {
        var bits = BitConverter.DoubleToUInt64Bits(score + 0.0);
        return (bits & (1UL << 63)) == 0 ? ~(bits | (1UL << 63)) : bits;
    }
}
