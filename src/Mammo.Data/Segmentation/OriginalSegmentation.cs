using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>The original program's breast segmentation, pixel for pixel (with OpenCV 3.2 or newer below it).</summary>
public static class OriginalSegmentation
{
    /// <summary><c>segment_breast</c>: the largest object above a share of the image's maximum, its holes filled.</summary>
    /// <param name="image">Any grey image.</param>
    /// <param name="threshold">Below 1 a share of the maximum; otherwise a grey value after stretching 0..maximum to 0..255.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.BreastNotFound"/>: nothing is above the threshold, as in a black image.</exception>
    public static BreastRegion Segment(GreyImage image, double threshold = 0.05)
    {
        ArgumentNullException.ThrowIfNull(image);
        float maximum = image.Pixels.Max();
        var limit = Limit(255, threshold);
        // The original stretches to 8 bits in float32 and truncates; a black image divides 0 by 0 there.
        var binary = new Mask(image.Height, image.Width, Array.ConvertAll(image.Pixels, value => maximum > 0 && (int)(value / maximum * 255f) > limit));
        var contour = ContourTracer.Largest(binary) ?? throw Nothing(image, limit);
        var components = Components.Of(binary, diagonal: true);
        var breast = components.Pick(components.At(contour.Points[0].X, contour.Points[0].Y));
        return new BreastRegion(Components.FillHoles(breast), contour.Box) { Threshold = limit * maximum / 255.0 };
    }

    private static int Limit(int maximum, double threshold) => (int)(threshold < 1 ? maximum * threshold : threshold);

    private static MammoException Nothing(GreyImage image, int limit) => new(
        ErrorIds.BreastNotFound,
        $"No breast was found: no pixel of the image ({image.Height} x {image.Width}) is above {limit} of 255.",
        "Look at the image: it is black, or its grey values are inverted.");
}
