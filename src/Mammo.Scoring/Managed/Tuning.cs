namespace Mammo.Scoring.Managed;

/// <summary>Sizes that decide how fast the engine is and nothing else: every choice gives the same bits.</summary>
internal static class Tuning
{
    /// <summary>Values of transformed weights above which workers share the transformed tiles (4 MB).</summary>
    public static readonly long LargestLocalWeights = E("LW", 1 << 20);
    private static int E(string n, int d) => int.TryParse(Environment.GetEnvironmentVariable(n), out var v) ? v : d;

    /// <summary>Tiles whose planes are shared.</summary>
    public static readonly int SharedTiles = E("ST", 252);

    /// <summary>Tiles whose planes a worker holds; a multiple of six.</summary>
    public static int LocalTiles(int channels) =>
        channels <= 64 ? E("T64", 24) : channels <= 128 ? E("T128", 24) : channels <= 256 ? E("T256", 48) : E("T512", 48);

    /// <summary>Tiles of a convolution by windows that a worker computes at a time.</summary>
    public static readonly int WindowTiles = E("WT", 12);
}
