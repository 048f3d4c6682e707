namespace Mammo.PowerShell.Datasets;

/// <summary>How a dataset is written.</summary>
public enum DatasetFileFormat
{
    /// <summary>A CSV that Import-MammoDataset reads.</summary>
    Csv,

    /// <summary>A folder that the original's patch sampling takes: roi_mask_path.csv, pat_lst.txt, full_img, roi_mask.</summary>
    RoiMask,
}
