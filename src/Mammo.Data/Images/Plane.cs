namespace Mammo.Data.Images;

/// <summary>A prepared grey plane in float32, row by row; the network's channels are copies of it.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Values">height × width values, on the 0..255 scale minus the feature-wise mean where it is one number.</param>
public sealed record Plane(int Height, int Width, float[] Values);

/// <summary>A prepared plane and the numbers by which mistakes in the preparation show.</summary>
/// <param name="Plane">What the network is given.</param>
public sealed record PreparedImage(Plane Plane)
{
    /// <summary>Highest value after scaling (target scale and rescale factor), before equalisation; near 255 when all is well.</summary>
    public required double ScaledMaximum { get; init; }

    /// <summary>Mean of all values just before the feature-wise mean is subtracted: after scaling and, where asked for, equalisation.</summary>
    public required double ScaledMean { get; init; }
}
