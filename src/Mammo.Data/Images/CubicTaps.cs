namespace Mammo.Data.Images;

/// <summary>
/// The four source positions and weights of each output position along one axis, as OpenCV's INTER_CUBIC has them:
/// Keys' kernel with a = -0.75, in float32, positions outside the image replaced by the nearest inside.
/// </summary>
internal sealed class CubicTaps
{
    private const float A = -0.75f;

    public CubicTaps(int source, int target)
    {
        Indices = new int[target * 4];
        Weights = new float[target * 4];
        // OpenCV inverts target/source instead of dividing source by target; the last bit of the double can differ.
        var scale = 1.0 / ((double)target / source);
        for (var i = 0; i < target; i++)
        {
            var position = (float)(((i + 0.5) * scale) - 0.5);
            var first = (int)MathF.Floor(position);
            for (var tap = 0; tap < 4; tap++)
                Indices[(i * 4) + tap] = Math.Clamp(first - 1 + tap, 0, source - 1);
            SetWeights(Weights.AsSpan(i * 4, 4), position - first);
        }
    }

    /// <summary>Four for each output position, within the image.</summary>
    public int[] Indices { get; }

    /// <summary>Four for each output position, adding up to 1.</summary>
    public float[] Weights { get; }

    // The order of the operations is OpenCV's: in float32 another order gives other bits.
    private static void SetWeights(Span<float> weights, float x)
    {
        weights[0] = ((((A * (x + 1)) - (5 * A)) * (x + 1)) + (8 * A)) * (x + 1) - (4 * A);
        weights[1] = ((((A + 2) * x) - (A + 3)) * x * x) + 1;
        weights[2] = ((((A + 2) * (1 - x)) - (A + 3)) * (1 - x) * (1 - x)) + 1;
        weights[3] = 1f - weights[0] - weights[1] - weights[2];
    }
}
