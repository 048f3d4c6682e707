namespace Mammo.Data.Images;

/// <summary>Mirror images of a plane, as test-time augmentation uses them.</summary>
public static class PlaneFlip
{
    /// <summary>Left becomes right.</summary>
    /// <param name="values">height × width values, row by row.</param>
    /// <param name="width">Columns.</param>
    public static float[] Horizontal(float[] values, int width)
    {
        var flipped = Copy(values, width);
        for (var start = 0; start < flipped.Length; start += width)
            Array.Reverse(flipped, start, width);
        return flipped;
    }

    /// <summary>Top becomes bottom.</summary>
    /// <param name="values">height × width values, row by row.</param>
    /// <param name="width">Columns.</param>
    public static float[] Vertical(float[] values, int width)
    {
        // Reversing everything turns by 180 degrees; mirroring that left to right leaves the rows in reverse order.
        var flipped = Both(values, width);
        for (var start = 0; start < flipped.Length; start += width)
            Array.Reverse(flipped, start, width);
        return flipped;
    }

    /// <summary>Left becomes right and top becomes bottom: a turn by 180 degrees.</summary>
    /// <param name="values">height × width values, row by row.</param>
    /// <param name="width">Columns.</param>
    public static float[] Both(float[] values, int width)
    {
        var flipped = Copy(values, width);
        Array.Reverse(flipped);
        return flipped;
    }

    private static float[] Copy(float[] values, int width)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (values.Length % width != 0)
            throw new ArgumentException($"{values.Length} values do not make rows of {width}.", nameof(values));
        return (float[])values.Clone();
    }
}
