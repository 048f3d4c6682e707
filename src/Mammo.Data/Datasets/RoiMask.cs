namespace Mammo.Data.Datasets;

/// <summary>An image of the mammogram's size whose pixels above 0 are the region.</summary>
/// <param name="Path">Full path of the file.</param>
public sealed record RoiMask(string Path) : RoiShape
{
    /// <summary>A file that may have been exchanged with the mask, the crop of CBIS-DDSM: taken if it has the image's size and <see cref="Path"/> has not.</summary>
    public string? Alternative { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"mask {Path}";
}
