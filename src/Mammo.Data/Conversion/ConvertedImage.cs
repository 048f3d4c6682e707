using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Data.Conversion;

/// <summary>An image after its conversion.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="Box">The part that was cut out; null without cutting.</param>
/// <param name="IsFlipped">It has been mirrored.</param>
/// <param name="LooksInverted">The film is a negative; it was not turned into a positive.</param>
/// <param name="Warnings">What is doubtful.</param>
public sealed record ConvertedImage(GreyImage Image, PixelBox? Box, bool IsFlipped, bool LooksInverted, ImmutableArray<string> Warnings);
