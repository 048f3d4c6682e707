using Mammo.Data.Images;

namespace Mammo.Data.Segmentation;

/// <summary>The original preprocessor's removal of the pectoral muscle; its author calls it untested on digital images.</summary>
public static class PectoralMuscle
{
    private const int PectoralMarker = 255;
    private const int BreastMarker = 128;
    private const int OutsideMarker = 64;

    /// <summary>
    /// <c>remove_pectoral</c>: takes the brightest large object of the equalised image for the muscle and lets a watershed decide where it ends.
    /// </summary>
    /// <param name="image">An 8-bit image.</param>
    /// <param name="breast">Its breast, as from <see cref="OriginalSegmentation.SuppressArtifacts"/>.</param>
    /// <param name="threshold">Share of the image's maximum that the muscle exceeds in the equalised image.</param>
    /// <param name="morphKernel">Side of the square that grows and shrinks the muscle.</param>
    /// <param name="morphTimes">How often it does: the watershed decides within that border.</param>
    /// <param name="smoothKernel">Side of the square of the opening at the end.</param>
    /// <returns>The equalised image without the muscle and the outside.</returns>
    /// <exception cref="ArgumentException">The image has not 8 bits, or the mask has another size.</exception>
    public static GreyImage Remove(GreyImage image, Mask breast, double threshold = 0.8, int morphKernel = 3, int morphTimes = 7, int smoothKernel = 25)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(breast);
        if (image.BitDepth != 8)
            throw new ArgumentException("The original removes the pectoral muscle from 8-bit images.", nameof(image));
        var bytes = Array.ConvertAll(image.Pixels, value => (byte)value);
        EqualizeHistogram.Apply(bytes);
        var equalized = new GreyImage(image.Height, image.Width, 8, Array.ConvertAll(bytes, value => (ushort)value));
        // The maximum of the image before equalisation, though it is the equalised one that is compared: in a dim image the muscle becomes too large.
        var muscle = OriginalSegmentation.SelectLargestObject(Mask.Above(equalized, (int)(image.Pixels.Max() * threshold)), fillHoles: true);
        // Repeating a square n times is a square of n times the reach.
        var reach = (morphKernel - 1) * morphTimes + 1;
        bool[] surely = Morphology.Erode(muscle, reach).Pixels, perhaps = Morphology.Dilate(muscle, reach).Pixels;
        var markers = new int[bytes.Length];
        for (var i = 0; i < markers.Length; i++)
            markers[i] = !breast.Pixels[i] ? OutsideMarker : surely[i] ? PectoralMarker : perhaps[i] ? 0 : BreastMarker;
        var labels = Watershed.Flood(image.Height, image.Width, bytes, markers);
        var kept = new Mask(image.Height, image.Width, Array.ConvertAll(labels, label => label == BreastMarker));
        return Framing.Keep(equalized, Morphology.Open(kept, smoothKernel));
    }
}
