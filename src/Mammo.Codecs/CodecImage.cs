namespace Mammo.Codecs;

/// <summary>What a codestream holds: samples of one component, row by row.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Precision">Bits a sample has in the codestream, 1 to 16.</param>
/// <param name="IsSigned">True where the codestream itself says that its samples are signed (JPEG 2000 only).</param>
/// <param name="Samples">Width x height samples, each as its 16-bit pattern: sign-extended where <paramref name="IsSigned"/>, else unsigned.</param>
public sealed record CodecImage(int Width, int Height, int Precision, bool IsSigned, ushort[] Samples);
