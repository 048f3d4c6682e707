namespace Mammo.Scoring.Heatmaps;

/// <summary>The middle of a heatmap's position in the stored image.</summary>
/// <param name="X">Column in stored pixels; a whole number is the middle of a pixel. It may lie outside the image by up to half a patch.</param>
/// <param name="Y">Row in stored pixels.</param>
public readonly record struct HeatmapPlace(double X, double Y)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{X:0.#}, {Y:0.#}");
}
