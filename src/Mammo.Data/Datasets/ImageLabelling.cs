namespace Mammo.Data.Datasets;

/// <summary>What the class of an image with annotated abnormalities says.</summary>
public enum ImageLabelling
{
    /// <summary>neg, pos: positive if any abnormality is malignant. The original's, and the published models'.</summary>
    Malignancy,

    /// <summary>neg, pos: positive if there is any abnormality.</summary>
    Abnormality,

    /// <summary>normal, benign, malignant: the worst of the abnormalities.</summary>
    Pathology,
}
