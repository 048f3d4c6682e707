namespace Mammo.Evaluation.Numerics;

/// <summary>
/// Random numbers of one stream of a seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). The same on every machine and for any number of threads.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="stream">Which stream; streams of one seed have nothing in common.</param>
internal struct SeededRandom(long seed, long stream)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state = Mix(Mix((ulong)seed + Golden) ^ (ulong)stream);

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += Golden);

    /// <summary>Uniform among 0..<paramref name="count"/>−1, without bias (Lemire, ACM TOMACS 29:3, 2019).</summary>
    public int Below(int count)
    {
        var bound = (ulong)count;
        var high = Math.BigMul(Next(), bound, out var low);
        if (low < bound)
        {
            var threshold = (0 - bound) % bound;
            while (low < threshold)
                high = Math.BigMul(Next(), bound, out low);
        }

        return (int)high;
    }

    /// <summary>0..<paramref name="count"/>−1 in random order (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
