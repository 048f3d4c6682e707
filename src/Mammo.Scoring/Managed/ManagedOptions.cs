namespace Mammo.Scoring.Managed;

/// <summary>How Mammo's own engine runs.</summary>
internal sealed record ManagedOptions
{
    /// <summary>Threads.</summary>
    public int Threads { get; init; } = ProcessorCores.Count;

    /// <summary>
    /// The greatest rounding error of a convolution by Winograd's method, in parts of its outputs' root mean square, on a test image; above it the layer is
    /// computed by a more exact form. Usual are 1e-5.
    /// </summary>
    public double LargestError { get; init; } = 1e-4;

    /// <summary>Equal tiles are computed once; no number depends on it.</summary>
    public bool SkipBackground { get; init; } = true;

    /// <summary>
    /// The output of every operation is written as a whole map before the next begins, for those who look at it; no number depends on it. Layers that one
    /// operation computes in one go, as a convolution and what is added to it, still have the output of the last alone.
    /// </summary>
    public bool KeepsLayers { get; init; }

    /// <summary>Values of an image's map above which images are computed one by one; no number depends on it.</summary>
    public long LargestJointMap { get; init; } = Tuning.LargestJointMap;

    /// <summary>Values of a register: 16, 8 or 4; 0 for the most that the processor has.</summary>
    public int Lanes { get; init; }
}
