using Mammo.Data.Images;

namespace Mammo.Data.Sweeps;

/// <summary>Where the positions of a heatmap lie in the image that the network is given: a grid of patches, in its pixels.</summary>
/// <param name="Rows">Rows of the heatmap.</param>
/// <param name="Columns">Columns of the heatmap.</param>
/// <param name="Top">Upper edge of the first row of patches; below 0 where patches hang over the image.</param>
/// <param name="Left">Left edge of the first column of patches.</param>
/// <param name="RowStride">Pixels from one row of patches to the next.</param>
/// <param name="ColumnStride">Pixels from one column of patches to the next.</param>
/// <param name="PatchHeight">Rows of a patch.</param>
/// <param name="PatchWidth">Columns of a patch.</param>
public sealed record HeatmapGeometry(
    int Rows, int Columns, double Top, double Left, double RowStride, double ColumnStride, double PatchHeight, double PatchWidth)
{
    /// <summary>Number of positions.</summary>
    public int Count => Rows * Columns;

    /// <summary>The middle of a position's patch; (0, 0) is the upper left corner of the image's first pixel.</summary>
    public (double X, double Y) Centre(int row, int column) => (Left + (column * ColumnStride) + (PatchWidth / 2), Top + (row * RowStride) + (PatchHeight / 2));

    /// <summary>Whole pixels of a rectangle around a position's middle, cut at the image's edges; it may be empty.</summary>
    /// <param name="row">Row of the heatmap.</param>
    /// <param name="column">Column of the heatmap.</param>
    /// <param name="height">Rows of the rectangle.</param>
    /// <param name="width">Columns of the rectangle.</param>
    /// <param name="image">Size of the image.</param>
    internal (int Left, int Top, int Right, int Bottom) Around(int row, int column, double height, double width, ImageSize image)
    {
        var (x, y) = Centre(row, column);
        return (
            Pixel(x - (width / 2), image.Width),
            Pixel(y - (height / 2), image.Height),
            Pixel(x + (width / 2), image.Width),
            Pixel(y + (height / 2), image.Height));

        static int Pixel(double place, int size) => (int)Math.Clamp(Math.Round(place), 0, size);
    }
}
