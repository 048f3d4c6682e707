using Mammo.Data.Images;

namespace Mammo.Data.Sweeps;

/// <summary>
/// Where the patches of a sweep heatmap lie: a grid of squares, centred in the image. As in the original there is one patch fewer than would fit
/// along a side that the stride divides evenly.
/// </summary>
public sealed record SweepGeometry
{
    /// <summary>Lays the grid over an image.</summary>
    /// <param name="size">Rows and columns of the (padded) image.</param>
    /// <param name="patchSize">Side of a patch in pixels.</param>
    /// <param name="stride">Pixels from one patch to the next.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.SweepImpossible"/>: no patch fits; the original needs at least one pixel more than the patch.
    /// </exception>
    public SweepGeometry(ImageSize size, int patchSize, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        (PatchSize, Stride) = (patchSize, stride);
        (Rows, Y) = Along(size.Height);
        (Columns, X) = Along(size.Width);
        if (Rows < 1 || Columns < 1)
        {
            throw new MammoException(
                ErrorIds.SweepImpossible,
                $"No patch of {patchSize} pixels fits into an image of {size} with a stride of {stride}: each side must be longer than the patch.",
                "Choose a smaller patch or a larger image.");
        }
    }

    /// <summary>Rows of the heatmap.</summary>
    public int Rows { get; }

    /// <summary>Columns of the heatmap.</summary>
    public int Columns { get; }

    /// <summary>Top of the first row of patches in pixels.</summary>
    public int Y { get; }

    /// <summary>Left side of the first column of patches in pixels.</summary>
    public int X { get; }

    /// <summary>Pixels from one patch to the next.</summary>
    public int Stride { get; }

    /// <summary>Side of a patch in pixels.</summary>
    public int PatchSize { get; }

    /// <summary>Number of patches.</summary>
    public int Count => Rows * Columns;

    /// <summary>The patch at a place of the heatmap.</summary>
    public PixelBox Patch(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
        return new PixelBox(X + column * Stride, Y + row * Stride, PatchSize, PatchSize);
    }

    /// <summary>All patches, row by row: the order of the heatmap's values.</summary>
    public IEnumerable<PixelBox> Patches() => Enumerable.Range(0, Count).Select(i => Patch(i / Columns, i % Columns));

    private (int Count, int First) Along(int length)
    {
        // Python 2 rounds halves away from zero; 0.49 makes it a ceiling that leaves whole numbers alone.
        var count = (int)Math.Round((length - PatchSize) / (double)Stride + 0.49, MidpointRounding.AwayFromZero);
        var span = PatchSize + (count - 1) * Stride;
        return (count, (length - span) / 2);
    }
}
