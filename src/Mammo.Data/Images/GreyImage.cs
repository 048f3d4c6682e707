using System.Collections.Immutable;

namespace Mammo.Data.Images;

/// <summary>A grey image as it is stored in a file: integer pixels, row by row, no scaling.</summary>
public sealed class GreyImage
{
    /// <summary>Wraps pixels of an 8- or 16-bit image.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="bitDepth">8 or 16: the range of the stored integers, whatever part of it the image uses.</param>
    /// <param name="pixels">height × width values, 0..255 or 0..65535.</param>
    public GreyImage(int height, int width, int bitDepth, ushort[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(pixels);
        if (bitDepth is not (8 or 16))
            throw new ArgumentOutOfRangeException(nameof(bitDepth), bitDepth, "The bit depth is 8 or 16.");
        if (pixels.LongLength != (long)height * width)
            throw new ArgumentException($"{pixels.LongLength} pixels do not make {height} rows of {width}.", nameof(pixels));
        (Height, Width, BitDepth, Pixels) = (height, width, bitDepth, pixels);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>8 or 16.</summary>
    public int BitDepth { get; }

    /// <summary>Pixels, row by row; treated as immutable.</summary>
    public ushort[] Pixels { get; }

    /// <summary>
    /// The file was in colour and has been converted (ITU-R BT.601 luma). A grey picture stored in three equal channels is not in colour: nothing is lost.
    /// </summary>
    public bool WasColour { get; init; }

    /// <summary>What its file says against scoring it (DICOM); empty for files that say nothing of themselves.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>
    /// Which values of a DICOM file are shown: <c>Lut</c>, <c>Window:n</c> with the name of its function, or <c>None</c>; null for files of other formats.
    /// </summary>
    public string? VoiUsed { get; init; }

    /// <summary>Which DICOM instance it is (SOP Instance UID); null for other formats, and where the file does not say.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>How it was turned since it was read; ROIs are in pixels of the image before.</summary>
    public ImageTurn Turn { get; init; }

    /// <summary>
    /// Its grey values are local contrast already, of this deviation in pixels (a patch of a set that was made so): it is not made of them again. Null for
    /// films.
    /// </summary>
    public double? LocalContrast { get; init; }

    /// <summary>
    /// The z-score in the breast of the film whose <see cref="LocalContrast"/> this is: the first of two planes, of the same size. Null for one plane.
    /// </summary>
    public GreyImage? ZScore { get; init; }

    /// <summary>The highest value that the bit depth can hold: 255 or 65535.</summary>
    public int HighestValue => BitDepth == 8 ? byte.MaxValue : ushort.MaxValue;

    /// <summary>Rows and columns.</summary>
    public ImageSize Size => new(Height, Width);

    /// <summary>The lowest and the highest pixel.</summary>
    public (int Minimum, int Maximum) Range() => (Pixels.Min(), Pixels.Max());

    /// <summary>
    /// The original's <c>gs_255</c> reading: a 16-bit image loses its low byte (12-bit data become nearly black), an 8-bit one is returned unchanged.
    /// </summary>
    public GreyImage ToEightBit() => BitDepth == 8 ? this : With(Array.ConvertAll(Pixels, pixel => (ushort)(pixel >> 8)), bitDepth: 8);

    /// <summary>Without the z-score.</summary>
    internal GreyImage OnePlane() => ZScore is null ? this : With(Pixels);

    /// <summary>The same change of both planes; of an image of one plane, of that.</summary>
    internal GreyImage EachPlane(Func<GreyImage, GreyImage> change)
    {
        var changed = change(this);
        return ZScore is null ? changed : changed.With(changed.Pixels, zScore: change(ZScore));
    }

    /// <summary>
    /// What became of this image by a change of its pixels, and of its size, depth or kind of grey values where one is given. The z-score is another plane: it
    /// is left behind unless it is given.
    /// </summary>
    internal GreyImage With(
        ushort[] pixels, ImageSize? size = null, int? bitDepth = null, double? localContrast = null, GreyImage? zScore = null) =>
        new(size?.Height ?? Height, size?.Width ?? Width, bitDepth ?? BitDepth, pixels)
        {
            WasColour = WasColour,
            Findings = Findings,
            VoiUsed = VoiUsed,
            SopInstanceUid = SopInstanceUid,
            Turn = Turn,
            LocalContrast = localContrast ?? LocalContrast,
            ZScore = zScore,
        };
}

/// <summary>
/// Colour to grey as OpenCV 4 does it for 8 and 16 bits: ITU-R BT.601 weights in 15-bit fixed point, rounded half up. The weights add up to 1, so that
/// three equal channels keep their value.
/// </summary>
internal static class Luma
{
    public static ushort FromRgb(uint red, uint green, uint blue) => (ushort)(((red * 9798) + (green * 19235) + (blue * 3735) + (1 << 14)) >> 15);
}
