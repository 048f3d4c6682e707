using System.Collections.Immutable;
using Mammo.Data.Dicom;

namespace Mammo.Data.Files;

/// <summary>What a file says of its image, without its pixels.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">PNG, JPEG, TIFF, WebP, BMP, PNM or DICOM, by content.</param>
public sealed record ImageInfo(string Path, string Format)
{
    /// <summary>Rows, of one plane; null when a DICOM file holds no image.</summary>
    public int? Height { get; init; }

    /// <summary>Columns; null when a DICOM file holds no image.</summary>
    public int? Width { get; init; }

    /// <summary>Bits of a sample: those that are used in DICOM files, those that are stored in others.</summary>
    public int? BitDepth { get; init; }

    /// <summary>Samples of a pixel: 1 for grey, 3 for colour, one more with transparency.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>
    /// Planes of the image, one below the other in the file, of which each has <see cref="Height"/> rows: 2 for patches with z-score and local contrast.
    /// </summary>
    public int Planes { get; init; } = 1;

    /// <summary>What the elements of a DICOM file say; null for other formats.</summary>
    public DicomImageInfo? Dicom { get; init; }

    /// <summary>What speaks against scoring a DICOM image, refusals first.</summary>
    public ImmutableArray<DicomRemark> Remarks { get; init; } = [];
}
