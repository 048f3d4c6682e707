namespace Mammo.Data.Images;

/// <summary>A prepared grey plane in float32, row by row; the network's channels are copies of it.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Values">height × width values, on the 0..255 scale minus the feature-wise mean where one is set.</param>
public sealed record Plane(int Height, int Width, float[] Values);

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

/// <summary>A prepared plane and the numbers by which mistakes in the preparation show.</summary>
/// <param name="Plane">What the network is given.</param>
public sealed record PreparedImage(Plane Plane)
{
    /// <summary>Highest value after scaling (target scale and rescale factor), before equalisation; near 255 when all is well.</summary>
    public required double ScaledMaximum { get; init; }

    /// <summary>Mean of all values just before the feature-wise mean is subtracted: after scaling and, where asked for, equalisation.</summary>
    public required double ScaledMean { get; init; }
}
