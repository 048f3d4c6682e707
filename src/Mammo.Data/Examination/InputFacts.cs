using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Examination;

/// <summary>All that is known of an image that a network is given, without its pixels.</summary>
/// <param name="Film">What it says of itself.</param>
/// <param name="Look">What it shows.</param>
public sealed record InputFacts(FilmFacts Film, FilmLook Look)
{
    /// <summary>Manufacturer of the equipment, from the DICOM file or the image's list; null when unknown.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>Projection (CC, MLO), from the DICOM file or the image's list; null when unknown.</summary>
    public string? View { get; init; }

    /// <summary>Puts together what is known.</summary>
    /// <param name="image">The image.</param>
    /// <param name="stored">The same as it was read.</param>
    /// <param name="preparation">How it is prepared.</param>
    /// <exception cref="MammoException">The file's header cannot be read.</exception>
    public static InputFacts Of(MammoImage image, GreyImage stored, Preparation preparation)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(preparation);
        var small = new SmallImage(stored);
        var film = FilmFacts.Of(stored, small);
        var info = stored.VoiUsed is null ? null : ImageReader.ReadInfo(image.Path).Dicom;
        return new InputFacts(film, FilmLook.Of(small, film, preparation))
        {
            Manufacturer = Known(info?.Manufacturer ?? image.Extra.GetValueOrDefault("manufacturer")),
            View = Known(info?.View?.ToString() ?? image.View)?.ToUpperInvariant(),
        };
    }

    private static string? Known(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
