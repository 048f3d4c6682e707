using Mammo.Data.Images;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Preparations;

/// <summary>
/// Each pixel of the breast becomes its distance from the mean around it, in standard deviations around it; what is outside the breast becomes black. Mean and
/// deviation are weighted by a Gaussian and by the breast (normalised convolution, Knutsson and Westin 1993), so that neither the breast's edge nor black film
/// is contrast.
/// </summary>
/// <remarks>
/// With w the Gaussian over the breast's pixels alone, y = (pixel - mean of the breast) / deviation of the breast, m = Σwy / Σw and s² = Σwy² / Σw - m²:
/// grey value = 128 + 40 (y - m) / (s + 0.08), rounded and clipped to 0..255. The share of the breast's deviation that is added (4 grey values on films of
/// mini-MIAS) keeps the grain of flat places from looking like structure. The z-score in the breast, 128 + 40 y, is the other plane for a network of two
/// channels: how bright a place is in the whole breast, which local contrast takes away. Nothing depends on the gain and offset of the grey values, so that
/// images of 8, 12 and 16 bits give the same, with 8 bits.
/// </remarks>
public static class LocalContrast
{
    private const double Floor = 0.08;
    private const double Middle = 128;
    private const double GreysOfDeviation = 40;

    /// <summary>The image in local contrast, 8 bits; an image of one grey becomes black.</summary>
    /// <param name="image">The image at the size that the network is given.</param>
    /// <param name="sigma">Standard deviation of the Gaussian in pixels of that image, above 0.</param>
    /// <param name="stored">What the image was resized from, by which a negative is recognised; null where it was not resized.</param>
    /// <param name="zScore">Make the z-score in the breast too (<see cref="GreyImage.ZScore"/>).</param>
    public static GreyImage Apply(GreyImage image, double sigma, GreyImage? stored = null, bool zScore = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Apply(image, sigma, BreastFinder.TryFind(image, stored)?.Mask, zScore);
    }

    /// <summary>The same where the breast is known; without one the whole image counts, as in a magnified view.</summary>
    internal static GreyImage Apply(GreyImage image, double sigma, Mask? breast, bool zScore = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        breast ??= new Mask(image.Height, image.Width, Array.ConvertAll(image.Pixels, _ => true));
        var contrast = new ushort[image.Pixels.Length];
        var scores = zScore ? new ushort[image.Pixels.Length] : null;
        if (breast.Box() is { } box && Statistics(image, breast) is { Deviation: > 0 } whole)
        {
            Fill(contrast, image, breast, box, whole, new GaussianBlur(sigma));
            if (scores is not null)
                FillScores(scores, image, breast, whole);
        }

        return image.With(contrast, bitDepth: 8, localContrast: sigma, zScore: scores is null ? null : image.With(scores, bitDepth: 8));
    }

    // Whole numbers, so that the sums are exact.
    private static (double Mean, double Deviation) Statistics(GreyImage image, Mask breast)
    {
        var (count, sum, squares) = (0L, 0L, 0L);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            if (!breast.Pixels[i])
                continue;
            long pixel = image.Pixels[i];
            count++;
            sum += pixel;
            squares += pixel * pixel;
        }

        var mean = (double)sum / count;
        return (mean, Math.Sqrt(Math.Max(0, ((double)squares / count) - (mean * mean))));
    }

    private static void FillScores(ushort[] scores, GreyImage image, Mask breast, (double Mean, double Deviation) whole)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (breast.Pixels[i])
                scores[i] = (ushort)Math.Clamp(
                    Math.Round(Middle + (GreysOfDeviation * (image.Pixels[i] - whole.Mean) / whole.Deviation)), 0, byte.MaxValue);
        }
    }

    private static void Fill(ushort[] contrast, GreyImage image, Mask breast, PixelBox box, (double Mean, double Deviation) whole, GaussianBlur blur)
    {
        var (rows, columns) = (Rounded(box.Height), Rounded(box.Width));
        var (weight, value, square) = (new double[rows * columns], new double[rows * columns], new double[rows * columns]);
        for (var i = 0; i < box.Height * box.Width; i++)
        {
            var (from, to) = Places(i);
            if (!breast.Pixels[from])
                continue;
            var own = Own(from);
            (weight[to], value[to], square[to]) = (1, own, own * own);
        }

        blur.Apply(weight, rows, columns);
        blur.Apply(value, rows, columns);
        blur.Apply(square, rows, columns);
        for (var i = 0; i < box.Height * box.Width; i++)
        {
            var (from, to) = Places(i);
            if (!breast.Pixels[from])
                continue;
            var mean = value[to] / weight[to];
            var deviation = Math.Sqrt(Math.Max(0, (square[to] / weight[to]) - (mean * mean)));
            contrast[from] = (ushort)Math.Clamp(Math.Round(Middle + (GreysOfDeviation * (Own(from) - mean) / (deviation + Floor))), 0, byte.MaxValue);
        }

        double Own(int at) => (image.Pixels[at] - whole.Mean) / whole.Deviation;

        (int InImage, int InBox) Places(int i)
        {
            var (y, x) = Math.DivRem(i, box.Width);
            return (((box.Y + y) * image.Width) + box.X + x, (y * columns) + x);
        }
    }

    private static int Rounded(int count) => (count + GaussianBlur.Lanes - 1) / GaussianBlur.Lanes * GaussianBlur.Lanes;
}
