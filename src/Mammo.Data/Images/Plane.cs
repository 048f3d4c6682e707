namespace Mammo.Data.Images;

/// <summary>
/// A prepared grey image in float32: one plane, of which the network's channels are copies, or two for a network of two channels, z-score in the breast and
/// local contrast.
/// </summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Values">
/// height × width values of a plane, row by row, on the 0..255 scale minus the feature-wise mean where it is one number; two planes one behind the other.
/// </param>
public sealed record Plane(int Height, int Width, float[] Values)
{
    /// <summary>Planes in <see cref="Values"/>: 1 or 2.</summary>
    public int Count => Values.Length / (Height * Width);

    /// <summary>Each plane by itself; of one plane its own values, not a copy.</summary>
    public float[][] Split() => Count == 1 ? [Values] : [.. Values.Chunk(Height * Width)];

    /// <summary>A mirrored copy, every plane alike.</summary>
    /// <param name="horizontal">Left becomes right.</param>
    /// <param name="vertical">Top becomes bottom.</param>
    public Plane Flip(bool horizontal, bool vertical) =>
        this with { Values = Join(Array.ConvertAll(Split(), values => Framing.Flip(values, Width, horizontal, vertical))) };

    /// <summary>Planes one behind the other; one plane as it is.</summary>
    internal static float[] Join(float[][] planes) => planes is [var only] ? only : [.. planes.SelectMany(values => values)];
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
