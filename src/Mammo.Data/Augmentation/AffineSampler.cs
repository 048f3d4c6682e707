namespace Mammo.Data.Augmentation;

/// <summary>Samples a plane through an affine map: <c>scipy.ndimage.affine_transform</c> of order 0, or order 1 without prefilter.</summary>
internal static class AffineSampler
{
    private const int Outside = -1;

    /// <summary>The transformed plane, of the same size.</summary>
    public static float[] Sample(float[] plane, int height, int width, AffineMap map, AugmentationOptions options)
    {
        var output = new float[plane.Length];
        for (var row = 0; row < height; row++)
        {
            // The order of the additions is scipy's, so that coordinates near a half round to the same side.
            var (rowOfRow, columnOfRow) = (row * map.RowByRow, row * map.ColumnByRow);
            for (var column = 0; column < width; column++)
            {
                var sourceRow = Inside(rowOfRow + column * map.RowByColumn + map.RowOffset, height, options.Fill);
                var sourceColumn = Inside(columnOfRow + column * map.ColumnByColumn + map.ColumnOffset, width, options.Fill);
                output[row * width + column] = sourceRow < 0 || sourceColumn < 0
                    ? (float)options.FillValue
                    : options.Smooth
                        ? Bilinear(plane, height, width, sourceRow, sourceColumn)
                        : plane[Nearest(sourceRow, height) * width + Nearest(sourceColumn, width)];
            }
        }

        return output;
    }

    private static int Nearest(double coordinate, int size) => Math.Min((int)(coordinate + 0.5), size - 1);

    private static float Bilinear(float[] plane, int height, int width, double row, double column)
    {
        var (top, left) = (Math.Min((int)row, height - 1), Math.Min((int)column, width - 1));
        var (bottom, right) = (Math.Min(top + 1, height - 1), Math.Min(left + 1, width - 1));
        var (down, across) = (row - top, column - left);
        var upper = plane[top * width + left] * (1 - across) + plane[top * width + right] * across;
        var lower = plane[bottom * width + left] * (1 - across) + plane[bottom * width + right] * across;
        return (float)(upper * (1 - down) + lower * down);
    }

    /// <summary>A coordinate brought into [0, size), or <see cref="Outside"/> where the constant stands.</summary>
    private static double Inside(double coordinate, int size, AugmentationFill fill)
    {
        var last = size - 1;
        if (coordinate >= 0 && coordinate <= last)
            return coordinate;
        return fill switch
        {
            AugmentationFill.Constant => Outside,
            AugmentationFill.Reflect => Reflect(coordinate, size),
            AugmentationFill.Wrap => last == 0 ? 0 : Wrap(coordinate, last),
            _ => Math.Clamp(coordinate, 0, last),
        };
    }

    private static double Wrap(double coordinate, int period) => coordinate < 0
        ? coordinate + period * (Math.Floor(-coordinate / period) + 1)
        : coordinate - period * Math.Floor(coordinate / period);

    /// <summary>Mirrors at -½ and size - ½; what lies between those and the outermost pixel centres belongs to the outermost pixels.</summary>
    private static double Reflect(double coordinate, int size)
    {
        var folded = coordinate + 0.5 - 2.0 * size * Math.Floor((coordinate + 0.5) / (2.0 * size));
        return Math.Clamp((folded < size ? folded : 2.0 * size - folded) - 0.5, 0, size - 1);
    }
}
