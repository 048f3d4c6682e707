namespace Mammo.Data.Dicom;

/// <summary>How a window's edges are drawn (PS3.3, C.11.2.1.3).</summary>
internal enum VoiFunction
{
    Linear,
    LinearExact,
    Sigmoid,
}

/// <summary>A window: the values that are spread over the whole grey scale.</summary>
/// <param name="Center">Window Center.</param>
/// <param name="Width">Window Width, above 0.</param>
/// <param name="Function">VOI LUT Function.</param>
internal sealed record VoiWindow(double Center, double Width, VoiFunction Function)
{
    /// <summary>Grey, 0 to 1, of a value after the modality's transformation; the formulas of PS3.3, C.11.2.1.2.1 and C.11.2.1.3.</summary>
    public double Grey(double value) => Function switch
    {
        VoiFunction.Sigmoid => 1 / (1 + Math.Exp(-4 * (value - Center) / Width)),
        VoiFunction.LinearExact => value <= Center - (Width / 2) ? 0 : value > Center + (Width / 2) ? 1 : ((value - Center) / Width) + 0.5,
        _ => value <= Center - 0.5 - ((Width - 1) / 2) ? 0 : value > Center - 0.5 + ((Width - 1) / 2) ? 1 : ((value - (Center - 0.5)) / (Width - 1)) + 0.5,
    };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Center}/{Width}");
}
