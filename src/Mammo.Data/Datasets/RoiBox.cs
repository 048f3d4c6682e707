using Mammo.Data.Images;

namespace Mammo.Data.Datasets;

/// <summary>A rectangle of whole pixels.</summary>
/// <param name="Box">Its place.</param>
public sealed record RoiBox(PixelBox Box) : RoiShape
{
    /// <inheritdoc/>
    public override string ToString() => $"box at {Box}";
}
