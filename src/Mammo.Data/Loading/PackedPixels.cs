using System.Runtime.InteropServices;
using Mammo.Data.Images;

namespace Mammo.Data.Loading;

/// <summary>Pixels in as few bytes as their bit depth needs.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="BitDepth">8 or 16.</param>
/// <param name="Bytes">One byte a pixel, or two in little-endian order.</param>
internal sealed record PackedPixels(int Height, int Width, int BitDepth, byte[] Bytes)
{
    public static PackedPixels Of(GreyImage image)
    {
        var bytes = image.BitDepth == 8 ? Array.ConvertAll(image.Pixels, pixel => (byte)pixel) : MemoryMarshal.AsBytes(image.Pixels.AsSpan()).ToArray();
        return new PackedPixels(image.Height, image.Width, image.BitDepth, bytes);
    }

    public GreyImage ToImage() => new(
        Height, Width, BitDepth, BitDepth == 8 ? Array.ConvertAll(Bytes, value => (ushort)value) : MemoryMarshal.Cast<byte, ushort>(Bytes).ToArray());
}
