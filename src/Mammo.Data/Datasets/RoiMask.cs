namespace Mammo.Data.Datasets;

/// <summary>An image of the mammogram's size whose pixels above 0 are the region.</summary>
/// <param name="Path">Full path of the file.</param>
public sealed record RoiMask(string Path) : RoiShape
{
    /// <inheritdoc/>
    public override string ToString() => $"mask {Path}";
}
