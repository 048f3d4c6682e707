namespace Mammo.Torch;

/// <summary>Seeds made from seeds.</summary>
internal static class Seeds
{
    /// <summary>
    /// A seed for one of several uses of a seed; the output function of SplitMix64 (Steele, Lea and Flood, 2014), so that neighbours have nothing in common.
    /// </summary>
    public static ulong Mix(ulong seed, int use)
    {
        var z = seed + (0x9E3779B97F4A7C15 * ((ulong)use + 1));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
