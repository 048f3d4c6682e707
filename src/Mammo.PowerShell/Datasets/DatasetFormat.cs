namespace Mammo.PowerShell.Datasets;

/// <summary>How a dataset is laid out.</summary>
public enum DatasetFormat
{
    /// <summary>A folder of class folders, or a CSV with the columns path and label.</summary>
    Auto,

    /// <summary>mini-MIAS: its folder, Info.txt, or a table made of it.</summary>
    MiniMias,

    /// <summary>CBIS-DDSM: its official lists, all in one call.</summary>
    CbisDdsm,

    /// <summary>The original's roi_mask_path.csv, or the folder that holds it.</summary>
    RoiMask,
}
