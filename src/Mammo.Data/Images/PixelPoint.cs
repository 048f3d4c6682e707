namespace Mammo.Data.Images;

/// <summary>A pixel by column and row, origin at the top left.</summary>
/// <param name="X">Column.</param>
/// <param name="Y">Row.</param>
public readonly record struct PixelPoint(int X, int Y);
