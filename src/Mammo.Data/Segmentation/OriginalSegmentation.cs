using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>The original program's breast segmentation and artefact suppression, pixel for pixel (with OpenCV 3.2 or newer below it).</summary>
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

    /// <summary><c>suppress_artifacts</c>: the largest object above a threshold, its holes filled, opened with a square.</summary>
    /// <param name="image">Any grey image.</param>
    /// <param name="threshold">Below 1 a share of the maximum; otherwise a grey value.</param>
    /// <param name="kernel">Side of the square.</param>
    /// <returns>What to keep.</returns>
    public static Mask SuppressArtifacts(GreyImage image, double threshold = 0.05, int kernel = 15)
    {
        ArgumentNullException.ThrowIfNull(image);
        return SelectLargestObject(Mask.Above(image, Limit(image.Pixels.Max(), threshold)), fillHoles: true, kernel);
    }

    /// <summary><c>select_largest_obj</c>: the 8-connected component with the most pixels.</summary>
    /// <param name="mask">The objects.</param>
    /// <param name="fillHoles">Add all background that the first background pixel (row by row) cannot reach over sides.</param>
    /// <param name="kernel">Side of the square of the morphological opening that follows; 0 for none.</param>
    public static Mask SelectLargestObject(Mask mask, bool fillHoles = false, int kernel = 0)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var components = Components.Of(mask, diagonal: true);
        var selected = components.Pick(components.Largest());
        if (fillHoles && mask.Pixels.AsSpan().IndexOf(false) is >= 0 and var seed)
        {
            var background = Components.Of(selected, diagonal: false, value: false);
            selected = background.Without(new HashSet<int> { background.At(seed % mask.Width, seed / mask.Width) });
        }

        return kernel > 0 ? Morphology.Open(selected, kernel) : selected;
    }

    /// <summary>The preprocessor's median of 3 × 3 pixels; the edge's pixels are repeated outwards.</summary>
    public static GreyImage MedianBlur(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pixels = new ushort[image.Pixels.Length];
        Span<ushort> window = stackalloc ushort[9];
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                for (var i = 0; i < 9; i++)
                    window[i] = image.Pixels[Math.Clamp(y + i / 3 - 1, 0, image.Height - 1) * image.Width + Math.Clamp(x + i % 3 - 1, 0, image.Width - 1)];
                window.Sort();
                pixels[y * image.Width + x] = window[4];
            }
        }

        return new GreyImage(image.Height, image.Width, image.BitDepth, pixels);
    }

    private static int Limit(int maximum, double threshold) => (int)(threshold < 1 ? maximum * threshold : threshold);

    private static MammoException Nothing(GreyImage image, int limit) => new(
        ErrorIds.BreastNotFound,
        $"No breast was found: no pixel of the image ({image.Height} x {image.Width}) is above {limit} of 255.",
        "Look at the image: it is black, or its grey values are inverted.");
}
