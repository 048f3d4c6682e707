namespace Mammo.Scoring.Managed;

/// <summary>G g Gᵀ in float64: kernels are transformed once, so nothing is saved there.</summary>
internal static class KernelTransform
{
    private const int Side = 3;

    /// <summary>Transforms a kernel of 3 × 3.</summary>
    /// <param name="g">The matrix G, three columns.</param>
    /// <param name="kernel">The kernel, row by row.</param>
    /// <param name="transformed">The result, as many rows and columns as G has rows.</param>
    public static void Apply(ReadOnlySpan<double> g, ReadOnlySpan<float> kernel, Span<double> transformed)
    {
        var size = g.Length / Side;
        Span<double> half = stackalloc double[size * Side];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < Side; column++)
                half[(row * Side) + column] = (g[row * Side] * kernel[column]) + (g[(row * Side) + 1] * kernel[Side + column])
                    + (g[(row * Side) + 2] * kernel[(2 * Side) + column]);
        }

        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                transformed[(row * size) + column] =
                    (half[row * Side] * g[column * Side]) + (half[(row * Side) + 1] * g[(column * Side) + 1])
                        + (half[(row * Side) + 2] * g[(column * Side) + 2]);
            }
        }
    }
}
