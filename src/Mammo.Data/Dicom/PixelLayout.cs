using Mammo.Data.Images;

namespace Mammo.Data.Dicom;

/// <summary>How the pixels of an image are stored (PS3.3, C.7.6.3), checked.</summary>
internal sealed record PixelLayout
{
    /// <summary>Rows of a frame.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of a frame.</summary>
    public required int Columns { get; init; }

    /// <summary>Number of frames.</summary>
    public required int Frames { get; init; }

    /// <summary>8 or 16.</summary>
    public required int BitsAllocated { get; init; }

    /// <summary>Bits that are used, 1 to <see cref="BitsAllocated"/>.</summary>
    public required int BitsStored { get; init; }

    /// <summary>Bits below the lowest one that is used; 0 in all but files of before 2000.</summary>
    public required int Shift { get; init; }

    /// <summary>The highest bit that is used is a sign.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>The lowest values are white.</summary>
    public required bool IsInverted { get; init; }

    /// <summary>Pixels of a frame.</summary>
    public int PixelCount => Rows * Columns;

    /// <summary>Bytes of a frame without compression.</summary>
    public long FrameBytes => (long)PixelCount * (BitsAllocated / 8);

    /// <summary>Takes the layout from the elements of an image.</summary>
    /// <param name="info">What they say; that the image is grey has been looked at.</param>
    /// <param name="image">The elements.</param>
    /// <param name="pixelLimit">Largest number of pixels of a frame.</param>
    /// <exception cref="InvalidDataException">Something is missing, contradicts itself, or is of a kind that is not read.</exception>
    /// <exception cref="ImageLimitException">A frame has more pixels than the limit.</exception>
    public static PixelLayout Of(DicomImageInfo info, DicomDataSet image, long pixelLimit)
    {
        var (rows, columns) = (info.Rows ?? throw Missing("Rows", DicomTag.Rows), info.Columns ?? throw Missing("Columns", DicomTag.Columns));
        new ImageLimits(long.MaxValue, Math.Min(pixelLimit, Array.MaxLength)).Check(rows, columns, 8, 1);
        var photometric = info.Photometric ?? throw Missing("Photometric Interpretation", DicomTag.PhotometricInterpretation);
        var allocated = info.BitsAllocated ?? throw Missing("Bits Allocated", DicomTag.BitsAllocated);
        if (allocated is not (8 or 16))
            throw DicomDamage.Of($"its pixels take {allocated} bits (Bits Allocated); 8 and 16 are read");
        var stored = info.BitsStored ?? allocated;
        var highest = image.UInt16(DicomTag.HighBit) ?? stored - 1;
        if (stored < 1 || stored > allocated || highest >= allocated || highest < stored - 1)
            throw DicomDamage.Of($"its bits contradict each other: {allocated} allocated, {stored} stored, the highest at {highest}");
        return new PixelLayout
        {
            Rows = rows,
            Columns = columns,
            Frames = info.Frames,
            BitsAllocated = allocated,
            BitsStored = stored,
            Shift = highest + 1 - stored,
            IsSigned = info.IsSigned,
            IsInverted = photometric == "MONOCHROME1",
        };
    }

    /// <summary>The value that a pattern of <see cref="BitsStored"/> bits stands for.</summary>
    public int Value(int pattern) => IsSigned && pattern >> (BitsStored - 1) != 0 ? pattern - (1 << BitsStored) : pattern;

    private static InvalidDataException Missing(string name, uint tag) =>
        DicomDamage.Of($"it has no {name} {DicomTag.Text(tag)}, without which its pixels have no meaning");
}
