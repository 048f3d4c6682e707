namespace Mammo.Scoring.Managed;

/// <summary>
/// A Winograd convolution F(m × m, 3 × 3): a tile of m × m outputs from (m + 2)² products of transformed values instead of 9 m² (Winograd 1980; Lavin and
/// Gray, arXiv:1509.09308).
/// </summary>
internal unsafe interface IWinograd
{
    /// <summary>Rows and columns of outputs, m.</summary>
    static abstract int Outputs { get; }

    /// <summary>Rows and columns of inputs, m + 2.</summary>
    static abstract int Size { get; }

    /// <summary>G g Gᵀ of one kernel, in float64.</summary>
    /// <param name="kernel">3 × 3 values.</param>
    /// <param name="transformed">Size × Size values.</param>
    static abstract void Kernel(ReadOnlySpan<float> kernel, Span<double> transformed);

    /// <summary>
    /// How much each row of transformed values counts in the mean of a tile's outputs for an input of ones: its sum in Bᵀ times its mean in A.
    /// </summary>
    static abstract double[] Means { get; }

    /// <summary>Bᵀ d B of some channels of one tile.</summary>
    /// <param name="source">The tile's first value.</param>
    /// <param name="rowStride">From one row to the next.</param>
    /// <param name="columnStride">From one column to the next.</param>
    /// <param name="width">Channels, whole registers. Those of a pixel are read together, so that its lines are in the cache once.</param>
    /// <param name="target">Place of the first transformed value.</param>
    /// <param name="planeStride">From one transformed value to the next.</param>
    /// <param name="between">Room for Size × Size × width.</param>
    static abstract void Input<TLanes>(float* source, nint rowStride, nint columnStride, nint width, float* target, nint planeStride, float* between)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>Aᵀ m A of some channels of one tile.</summary>
    /// <param name="source">Place of the first sum.</param>
    /// <param name="planeStride">From one sum to the next.</param>
    /// <param name="width">Channels, whole registers.</param>
    /// <param name="target">Outputs × Outputs × width, row by row.</param>
    /// <param name="between">Room for Size × Outputs × width.</param>
    static abstract void Output<TLanes>(float* source, nint planeStride, nint width, float* target, float* between)
        where TLanes : struct, ILanes<TLanes>;
}
