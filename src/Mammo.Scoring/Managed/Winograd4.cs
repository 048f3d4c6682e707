using System.Runtime.CompilerServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// F(4×4, 3×3): 36 products for 16 outputs, a quarter of the multiply-adds. The points are 0, ±11/16, ±11/8 and ∞ instead of the usual 0, ±1, ±2 and
/// ∞: all constants are exact in float32 and the rounding error is about half as large in the mean and a fifth at most (Barabasz et al., arXiv:1803.10986,
/// on the choice of points).
/// </summary>
internal readonly unsafe struct Winograd4 : IWinograd
{
    private const float A = 11f / 16;
    private const float B = 11f / 8;
    private const float A2 = A * A;
    private const float B2 = B * B;
    private const float A3 = A2 * A;
    private const float B3 = B2 * B;
    private const float Product = A2 * B2;
    private const float Sum = A2 + B2;

    // Rows of G: (1, p, p²) over the product of p's distances from the other points; the last is the point at infinity.
    private static readonly double[] G = MakeG();

    /// <inheritdoc/>
    public static int Outputs => 4;

    /// <inheritdoc/>
    public static int Size => 6;

    /// <inheritdoc/>
    public static double[] Means { get; } = MakeMeans();

    /// <inheritdoc/>
    public static void Kernel(ReadOnlySpan<float> kernel, Span<double> transformed) => KernelTransform.Apply(G, kernel, transformed);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TLanes>(float* source, nint rowStride, nint columnStride, nint width, float* target, nint planeStride, float* between)
        where TLanes : struct, ILanes<TLanes>
    {
        for (nint column = 0; column < 6; column++)
        {
            for (nint channel = 0; channel < width; channel += TLanes.Count)
            {
                var at = source + (column * columnStride) + channel;
                InputLine(
                    TLanes.Load(at),
                    TLanes.Load(at + rowStride),
                    TLanes.Load(at + (2 * rowStride)),
                    TLanes.Load(at + (3 * rowStride)),
                    TLanes.Load(at + (4 * rowStride)),
                    TLanes.Load(at + (5 * rowStride)),
                    between + (column * width) + channel,
                    6 * width);
            }
        }

        for (nint row = 0; row < 6; row++)
        {
            for (nint channel = 0; channel < width; channel += TLanes.Count)
            {
                var at = between + (6 * row * width) + channel;
                InputLine(
                    TLanes.Load(at),
                    TLanes.Load(at + width),
                    TLanes.Load(at + (2 * width)),
                    TLanes.Load(at + (3 * width)),
                    TLanes.Load(at + (4 * width)),
                    TLanes.Load(at + (5 * width)),
                    target + (6 * row * planeStride) + channel,
                    planeStride);
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TLanes>(float* source, nint planeStride, nint width, float* target, float* between)
        where TLanes : struct, ILanes<TLanes>
    {
        for (nint column = 0; column < 6; column++)
        {
            for (nint channel = 0; channel < width; channel += TLanes.Count)
            {
                var at = source + (column * planeStride) + channel;
                OutputLine(
                    TLanes.Load(at),
                    TLanes.Load(at + (6 * planeStride)),
                    TLanes.Load(at + (12 * planeStride)),
                    TLanes.Load(at + (18 * planeStride)),
                    TLanes.Load(at + (24 * planeStride)),
                    TLanes.Load(at + (30 * planeStride)),
                    between + (column * width) + channel,
                    6 * width);
            }
        }

        for (nint row = 0; row < 4; row++)
        {
            for (nint channel = 0; channel < width; channel += TLanes.Count)
            {
                var at = between + (6 * row * width) + channel;
                OutputLine(
                    TLanes.Load(at),
                    TLanes.Load(at + width),
                    TLanes.Load(at + (2 * width)),
                    TLanes.Load(at + (3 * width)),
                    TLanes.Load(at + (4 * width)),
                    TLanes.Load(at + (5 * width)),
                    target + (4 * row * width) + channel,
                    width);
            }
        }
    }

    /// <summary>Bᵀ d: its rows are the polynomials that vanish at all points but one, x²(x² - b²) ± a x (x² - b²) for ±a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine<TLanes>(TLanes d0, TLanes d1, TLanes d2, TLanes d3, TLanes d4, TLanes d5, float* target, nint stride)
        where TLanes : struct, ILanes<TLanes>
    {
        var evenA = TLanes.MultiplyAdd(TLanes.Of(-B2), d2, d4);
        var oddA = TLanes.MultiplyAdd(TLanes.Of(-B2), d1, d3);
        var evenB = TLanes.MultiplyAdd(TLanes.Of(-A2), d2, d4);
        var oddB = TLanes.MultiplyAdd(TLanes.Of(-A2), d1, d3);
        TLanes.MultiplyAdd(TLanes.Of(Product), d0, TLanes.MultiplyAdd(TLanes.Of(-Sum), d2, d4)).Store(target);
        TLanes.MultiplyAdd(TLanes.Of(A), oddA, evenA).Store(target + stride);
        TLanes.MultiplyAdd(TLanes.Of(-A), oddA, evenA).Store(target + (2 * stride));
        TLanes.MultiplyAdd(TLanes.Of(B), oddB, evenB).Store(target + (3 * stride));
        TLanes.MultiplyAdd(TLanes.Of(-B), oddB, evenB).Store(target + (4 * stride));
        TLanes.MultiplyAdd(TLanes.Of(Product), d1, TLanes.MultiplyAdd(TLanes.Of(-Sum), d3, d5)).Store(target + (5 * stride));
    }

    /// <summary>Aᵀ m: the powers 0 to 3 of the points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLine<TLanes>(TLanes m0, TLanes m1, TLanes m2, TLanes m3, TLanes m4, TLanes m5, float* target, nint stride)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes evenA = m1 + m2, oddA = m1 - m2, evenB = m3 + m4, oddB = m3 - m4;
        (m0 + evenA + evenB).Store(target);
        TLanes.MultiplyAdd(TLanes.Of(A), oddA, TLanes.Of(B) * oddB).Store(target + stride);
        TLanes.MultiplyAdd(TLanes.Of(A2), evenA, TLanes.Of(B2) * evenB).Store(target + (2 * stride));
        TLanes.MultiplyAdd(TLanes.Of(A3), oddA, TLanes.MultiplyAdd(TLanes.Of(B3), oddB, m5)).Store(target + (3 * stride));
    }

    // Bᵀ's rows are polynomials, of which the sum is the value at 1.
    private static double[] MakeMeans()
    {
        const double Outer = (1.0 - A2) * (1.0 - B2);
        return
        [
            Outer / 4,
            (1.0 - B2) * (1 + A) * MeanPower(A),
            (1.0 - B2) * (1 - A) * MeanPower(-A),
            (1.0 - A2) * (1 + B) * MeanPower(B),
            (1.0 - A2) * (1 - B) * MeanPower(-B),
            Outer / 4,
        ];

        static double MeanPower(double point) => (1 + point + (point * point) + (point * point * point)) / 4;
    }

    private static double[] MakeG()
    {
        const double NormA = 2.0 * A2 * (A2 - B2);
        const double NormB = 2.0 * B2 * (B2 - A2);
        return
        [
            1.0 / Product, 0, 0,
            1 / NormA, A / NormA, A2 / NormA,
            1 / NormA, -A / NormA, A2 / NormA,
            1 / NormB, B / NormB, B2 / NormB,
            1 / NormB, -B / NormB, B2 / NormB,
            0, 0, 1,
        ];
    }
}
