namespace Mammo.Scoring;

/// <summary>Prepared grey planes of one size, ready for a network; an engine gives each of its input channels the same plane.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Planes">One array of height × width values per image, row by row.</param>
internal sealed record PlaneBatch(int Height, int Width, IReadOnlyList<float[]> Planes);
