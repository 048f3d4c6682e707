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

    /// <summary>A folder of DICOM files, with subfolders.</summary>
    Dicom,

    /// <summary>INbreast: INbreast.csv or its folder.</summary>
    Inbreast,

    /// <summary>VinDr-Mammo: breast-level_annotations.csv or its folder.</summary>
    VinDr,

    /// <summary>RSNA Screening Mammography 2022: train.csv or its folder.</summary>
    Rsna,

    /// <summary>CMMD: its clinical list as CSV, or the folder of the images with the list in it.</summary>
    Cmmd,

    /// <summary>EMBED, or a set in its manner: the list of images, or its folder.</summary>
    Embed,

    /// <summary>Any list of images; -Column says what its columns are.</summary>
    List,
}

/// <summary>How a dataset is written.</summary>
public enum DatasetFileFormat
{
    /// <summary>A CSV that Import-MammoDataset reads.</summary>
    Csv,

    /// <summary>A folder that the original's patch sampling takes: roi_mask_path.csv, pat_lst.txt, full_img, roi_mask.</summary>
    RoiMask,
}
