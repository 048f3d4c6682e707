namespace Mammo.Data.Images;

/// <summary>A prepared grey plane in float32, row by row; the network's channels are copies of it.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Values">height × width values, on the 0..255 scale minus the feature-wise mean where one is set.</param>
public sealed record Plane(int Height, int Width, float[] Values);
