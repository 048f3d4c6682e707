namespace Mammo.Data.Patches;

/// <summary>A bright spot.</summary>
/// <param name="X">Column of its centre.</param>
/// <param name="Y">Row of its centre.</param>
/// <param name="Size">Its diameter in pixels.</param>
internal readonly record struct KeyPoint(float X, float Y, float Size);
