namespace Mammo.Scoring.Managed;

/// <summary>Rounds a transformed kernel to float32 so that its answer to an even input keeps its exact mean.</summary>
/// <remarks>
/// Each value goes to one of its two neighbours, usually the nearer. Errors of rounded weights are the same at every place, so no mean over a map lowers them,
/// and the mean over all places of what a convolution reads is even: what is wrong in the answer to that stays to the last layer.
/// </remarks>
internal static class KernelRounding
{
    /// <summary>The order in which <see cref="Round"/> takes the values.</summary>
    public static int[] Order(double[] means) =>
        [.. Enumerable.Range(0, means.Length * means.Length).OrderByDescending(index => Math.Abs(means[index / means.Length] * means[index % means.Length]))];

    /// <summary>Rounds.</summary>
    /// <param name="exact">The transformed kernel, row by row.</param>
    /// <param name="means">
    /// How much each row and column counts in the mean of a tile's outputs where the input is 1 everywhere: the row's sum in Bᵀ times its mean in A.
    /// </param>
    /// <param name="order">All values' places, those first that count most by <paramref name="means"/>.</param>
    /// <param name="rounded">The rounded kernel.</param>
    public static void Round(ReadOnlySpan<double> exact, ReadOnlySpan<double> means, ReadOnlySpan<int> order, Span<float> rounded)
    {
        var size = means.Length;
        var missing = 0.0;
        for (var index = 0; index < exact.Length; index++)
        {
            rounded[index] = (float)exact[index];
            missing += means[index / size] * means[index % size] * (exact[index] - rounded[index]);
        }

        // Those that count much come first, and small ones make up for what is left.
        foreach (var index in order)
        {
            var other = exact[index] > rounded[index] ? MathF.BitIncrement(rounded[index]) : MathF.BitDecrement(rounded[index]);
            var change = means[index / size] * means[index % size] * (other - rounded[index]);
            if (Math.Abs(missing - change) >= Math.Abs(missing))
                continue;
            rounded[index] = other;
            missing -= change;
        }
    }
}
