using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets.Formats;

/// <summary>
/// The DICOM files of CBIS-DDSM: film, mask and crop of a lesion are 1-1.dcm and 1-2.dcm in folders that differ from download to download, and the lists name
/// mask and crop the wrong way round in part of the rows. So files are known by what they are: the series' description and the size of the image.
/// </summary>
internal static class CbisDicom
{
    /// <summary>The film among files: the only one whose series says so, else the only one that is larger than all others.</summary>
    /// <param name="files">Files of one case.</param>
    /// <returns>Null where it is not certain.</returns>
    public static string? Film(IReadOnlyList<string> files)
    {
        if (files.Count < 2)
            return files.SingleOrDefault();
        CbisFile[] known = [.. files.Select(CbisFile.Of).OfType<CbisFile>()];
        if (known.Length < files.Count)
            return null;
        if (known.Where(file => file.Says("full mammogram")).ToArray() is [var said])
            return said.Path;
        CbisFile[] films = [.. known.Where(file => !file.Says("mask") && !file.Says("crop") && file.BitDepth > 8).OrderByDescending(file => file.Area)];
        return films is [var only] || (films.Length > 1 && films[0].Area > films[1].Area) ? films[0].Path : null;
    }

    /// <summary>
    /// The mask among the files of a lesion: the only one of the film's size, else the only one of its proportions, which is scaled. The crop is its
    /// alternative where there is one.
    /// </summary>
    /// <param name="files">Files of one lesion, perhaps with the film.</param>
    /// <param name="film">The film.</param>
    /// <returns>Null where it is not certain; none of the files is taken then.</returns>
    public static RoiMaskFile? Mask(IReadOnlyList<string> files, string film)
    {
        CbisFile[] others = [.. files.Where(file => file != film).Select(CbisFile.Of).OfType<CbisFile>().Where(file => !file.Says("full mammogram"))];
        if (others.Length == 0 || Size(film) is not { } size)
            return null;
        var mask = Only(others, file => file.Size == size) ?? Only(others, file => RoiRaster.IsOfProportions(file.Size, size) && !file.Says("crop"));
        var crop = mask is null ? null : Only(others, file => file != mask && !file.Says("mask"));
        return mask is null ? null : new RoiMaskFile(mask.Path) { Alternative = crop?.Path };
    }

    /// <summary>The patient in the Patient ID of these files, which names case and lesion (Mass-Training_P_00001_LEFT_CC_1); null for other ids.</summary>
    public static string? Patient(string? patientId) =>
        patientId?.Split('_') is ["Mass-Training" or "Mass-Test" or "Calc-Training" or "Calc-Test", "P", var number, ..] ? $"P_{number}" : null;

    private static ImageSize? Size(string path)
    {
        try
        {
            return ImageReader.Size(path);
        }
        catch (MammoException)
        {
            return null;
        }
    }

    private static CbisFile? Only(CbisFile[] files, Func<CbisFile, bool> isWanted) => files.Where(isWanted).ToArray() is [var only] ? only : null;

    /// <summary>What a header says; null for files that are no DICOM images.</summary>
    private sealed record CbisFile(string Path, string Description, ImageSize Size, int BitDepth)
    {
        public long Area => (long)Size.Height * Size.Width;

        public bool Says(string words) => Description.Contains(words, StringComparison.OrdinalIgnoreCase);

        public static CbisFile? Of(string path)
        {
            try
            {
                return ImageReader.ReadDicomInfo(path) is { Height: { } height, Width: { } width, Dicom: { } info }
                    ? new CbisFile(path, info.SeriesDescription ?? "", new ImageSize(height, width), info.BitsAllocated ?? 16)
                    : null;
            }
            catch (MammoException)
            {
                return null;
            }
        }
    }
}
