namespace Mammo.Codecs.Jpeg2000;

/// <summary>What a codestream's header tells of its samples.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Precision">Bits of a sample of the first component, 1 to 16.</param>
/// <param name="IsSigned">Whether samples of the first component are signed.</param>
/// <param name="Components">How many components there are; 1 for grey.</param>
public sealed record Jpeg2000Info(int Width, int Height, int Precision, bool IsSigned, int Components);
