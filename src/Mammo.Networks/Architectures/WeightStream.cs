namespace Mammo.Networks.Architectures;

/// <summary>Random numbers for one weight: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), whose n-th number is a hash of its key and n.</summary>
/// <remarks>Keyed by seed and name, so that no weight's values depend on which others are drawn, or when.</remarks>
internal readonly struct WeightStream
{
    // Probability mass of a normal distribution within two standard deviations, erf(√2).
    private const double MassWithinTwo = 0.95449973610364158560;
    private const double TwoToMinus53 = 1.0 / (1L << 53);
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;

    public WeightStream(long seed, string name)
    {
        // FNV-1a over UTF-16 code units.
        var hash = 0xCBF29CE484222325UL;
        foreach (var letter in name)
            hash = (hash ^ letter) * 0x100000001B3UL;
        _key = Mix(Mix((ulong)seed + Golden) ^ hash);
    }

    /// <summary>Uniform in (-limit, limit).</summary>
    public void FillUniform(Span<float> values, double limit)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(2 * limit * Centred(i));
    }

    /// <summary>Normal with mean 0, cut at two standard deviations.</summary>
    /// <remarks>The inverse distribution function over the middle of its range gives the distribution that redrawing gives, with one number a value.</remarks>
    public void FillTruncatedNormal(Span<float> values, double deviation)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * NormalQuantile.AtDistanceFromHalf(MassWithinTwo * Centred(i)));
    }

    /// <summary>Uniform in (-0.5, 0.5), symmetric: the middles of 2^53 steps.</summary>
    private double Centred(int index)
    {
        var bits = Mix(_key + ((ulong)index * Golden)) >> 11;
        return ((bits + 0.5) * TwoToMinus53) - 0.5;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
