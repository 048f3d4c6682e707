using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Dicom;

/// <summary>How an image is turned, by what its file says and by the chest wall that is found in it.</summary>
/// <param name="Turn">From the stored image to the one that hangs as mammograms do; the default without that being asked for.</param>
/// <param name="Remarks">Where file and image disagree, and what could not be turned.</param>
internal sealed record DicomTurn(ImageTurn Turn, ImmutableArray<DicomRemark> Remarks)
{
    /// <summary>Decides for one image.</summary>
    /// <param name="info">What the file's elements say.</param>
    /// <param name="stored">The image as it is stored.</param>
    /// <param name="isOriented">It is to be turned; else it is only looked at.</param>
    public static DicomTurn Of(DicomImageInfo info, GreyImage stored, bool isOriented)
    {
        // Of parts of a breast, and of specimens, no side can be found.
        var isWhole = !(info.IsMagnification || info.IsSpotCompression || info.IsSpecimen);
        if (!isOriented)
        {
            var side = isWhole && DicomChecks.ExpectedAtRight(info) is not null && ChestWall.Find(stored) is { } found ? DicomChecks.Side(info, found) : null;
            return new DicomTurn(default, side is null ? [] : [side]);
        }

        var said = DicomOrientation.Of(info);
        var turn = said ?? default;
        if (!isWhole || info.Laterality is not ("L" or "R") || ChestWall.Find(turn.Apply(stored)) is not { } isAtRight)
            return new DicomTurn(turn, said is null ? [DicomChecks.NoOrientation] : []);
        var isOther = isAtRight != (info.Laterality == "R");
        if (isOther)
            turn = turn with { IsMirrored = !turn.IsMirrored };
        return new DicomTurn(turn, said is null ? [DicomChecks.OrientedByBreast] : isOther ? [DicomChecks.Mirrored(info, isAtRight)] : []);
    }
}
