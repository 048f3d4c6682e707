namespace Mammo.Data.Images;

/// <summary>
/// Colour to grey as OpenCV 4 does it for 8 and 16 bits: ITU-R BT.601 weights in 15-bit fixed point, rounded half up. The weights add up to 1, so that
/// three equal channels keep their value.
/// </summary>
internal static class Luma
{
    public static ushort FromRgb(uint red, uint green, uint blue) => (ushort)(((red * 9798) + (green * 19235) + (blue * 3735) + (1 << 14)) >> 15);
}
