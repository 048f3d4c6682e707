namespace Mammo.Data.Datasets;

/// <summary>One row of CBIS-DDSM's official lists: an abnormality in an image.</summary>
/// <param name="Patient">P_00001 and so on.</param>
/// <param name="Side">LEFT or RIGHT.</param>
/// <param name="View">CC or MLO.</param>
/// <param name="Number">Number of the abnormality.</param>
/// <param name="Type">mass or calcification.</param>
/// <param name="Pathology">MALIGNANT, BENIGN or BENIGN_WITHOUT_CALLBACK.</param>
/// <param name="ImagePath">Path of the whole image in the archive.</param>
internal sealed record CbisDdsmRow(string Patient, string Side, string View, int Number, string Type, string Pathology, string ImagePath)
{
    /// <summary>Path of the mask in the archive; in part of the rows it is exchanged with that of the crop.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Path of the crop in the archive.</summary>
    public string? CropPath { get; init; }

    /// <summary>Breast density, 1 to 4.</summary>
    public string? Density { get; init; }

    /// <summary>The archive's folder of the image, <c>Mass-Training_P_00001_LEFT_CC</c>: its name in converted sets too.</summary>
    public string Case => ImagePath.Split('/', '\\')[0];

    /// <summary>Whether the official list is the one for testing.</summary>
    public bool IsTest => Case.Contains("-Test_", StringComparison.OrdinalIgnoreCase);

    /// <summary>What makes two rows speak of one image.</summary>
    public (string Patient, string Side, string View) Image => (Patient, Side, View);
}
