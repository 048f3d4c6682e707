using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>placeholder</summary>
public static class BreastFinder
{
    /// <summary>x</summary>
    public static BreastRegion Find(GreyImage image) => OriginalSegmentation.Segment(image);
}
