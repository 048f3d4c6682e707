using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Data.Patches;

/// <summary>Patches of one film at given places, with the pixels that <see cref="PatchSetWriter"/> writes without segmentation.</summary>
public sealed class FilmPatches
{
    private readonly GreyImage _framed;
    private readonly int _half;

    /// <summary>Resizes the film.</summary>
    /// <param name="stored">The film.</param>
    /// <param name="preparation">Its size is that of the film; of the other steps only those that patches get from their film are done.</param>
    /// <param name="patchSize">Side of a patch in pixels of the resized film; an odd size gives patches of one pixel less.</param>
    public FilmPatches(GreyImage stored, Preparation preparation, int patchSize)
    {
        ArgumentNullException.ThrowIfNull(preparation);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchSize, 2);
        _half = patchSize / 2;

        // Local contrast is the film's; auto-level and scale are each patch's own, as they are for patches from files.
        var film = new Preparation
        {
            Size = preparation.Size,
            TargetHeight = preparation.TargetHeight,
            LocalContrast = preparation.LocalContrast,
            ZScore = preparation.ZScore,
        };
        _framed = Framing.AddMargin(film.Pixels(stored), _half);
    }

    /// <summary>The pixels of a patch, black beyond the film's edge.</summary>
    /// <param name="centre">Its centre in the resized film, inside it.</param>
    public GreyImage Cut(PixelPoint centre) => Framing.Crop(_framed, new PixelBox(centre.X, centre.Y, 2 * _half, 2 * _half));
}
