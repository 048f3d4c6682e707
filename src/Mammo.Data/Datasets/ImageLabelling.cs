using System.Collections.Immutable;

namespace Mammo.Data.Datasets;

/// <summary>What the class of an image with annotated lesions says.</summary>
public enum ImageLabelling
{
    /// <summary>neg, pos: positive if any lesion is malignant. The original's, and the published models'.</summary>
    Malignancy,

    /// <summary>neg, pos: positive if there is any lesion.</summary>
    Abnormality,

    /// <summary>normal, benign, malignant: the worst of the lesions.</summary>
    Pathology,
}

/// <summary>Gives images their class by their lesions.</summary>
internal static class ImageLabels
{
    public static ImmutableArray<string> Classes(ImageLabelling labelling) =>
        labelling == ImageLabelling.Pathology ? ["normal", "benign", "malignant"] : ["neg", "pos"];

    public static MammoImage Apply(MammoImage image, ImageLabelling labelling)
    {
        var isMalignant = image.Rois.Any(roi => roi.IsMalignant == true);
        var label = labelling switch
        {
            ImageLabelling.Malignancy => isMalignant ? 1 : 0,
            ImageLabelling.Abnormality => image.Rois.IsEmpty ? 0 : 1,
            _ => isMalignant ? 2 : image.Rois.IsEmpty ? 0 : 1,
        };
        return image with { Label = label, Class = Classes(labelling)[label] };
    }
}
