using Mammo.Data.Images;

namespace Mammo.Data.Dicom;

/// <summary>
/// How an image must be turned so that it hangs as mammograms do: the chest wall of a left breast at the left and of a right one at the right, feet down in
/// oblique and lateral views, the medial side down in cranio-caudal ones.
/// </summary>
public static class DicomOrientation
{
    /// <summary>
    /// What Patient Orientation (PS3.3, C.7.6.1.1.1) asks for: the first part is the direction in which a row runs, the second that of a column. Null where it
    /// is missing or not that of a mammogram. Where the breast's side is not known, left and right stay.
    /// </summary>
    /// <param name="info">What the file's elements say.</param>
    public static ImageTurn? Of(DicomImageInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (info.PatientOrientation?.ToUpperInvariant().Split('\\') is not [{ Length: > 0 } row, { Length: > 0 } column])
            return null;
        var isTransposed = column[0] is 'A' or 'P';
        var (across, down) = isTransposed ? (column[0], row[0]) : (row[0], column[0]);
        if (across is not ('A' or 'P') || down is not ('H' or 'F' or 'L' or 'R'))
            return null;
        var isMirrored = info.Laterality is "L" or "R" && across != (info.Laterality == "L" ? 'A' : 'P');
        var isUpsideDown = down == 'H' || (down is 'L' or 'R' && info.Laterality == down.ToString());
        return new ImageTurn(isTransposed, isMirrored, isUpsideDown);
    }
}
