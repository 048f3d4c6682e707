using Mammo.Data.Images;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Patches;

/// <summary>
/// Finds bright and dark spots as OpenCV's SimpleBlobDetector does with only its area filter on: borders at rising thresholds whose centres
/// lie near each other are one spot. The original takes its hard negatives there.
/// </summary>
internal sealed record BlobDetector(double MinimumArea, double MaximumArea, int MinimumThreshold = 127, int MaximumThreshold = 242, int ThresholdStep = 10)
{
    private const int MinimumRepeatability = 2;
    private const double MinimumDistance = 10;

    /// <summary>The detector for patches of a size: spots from 3 pixels up to the patch's area.</summary>
    public static BlobDetector ForPatches(int patchSize) => new(3, (double)patchSize * patchSize);

    /// <summary>The spots of an image, in the detector's order.</summary>
    /// <param name="image">Grey values, stretched here so that 0..maximum becomes 0..255.</param>
    public IReadOnlyList<KeyPoint> Detect(GreyImage image)
    {
        // Double precision: the original's image has become float64 by its margin.
        double maximum = image.Pixels.Max();
        return maximum == 0 ? [] : DetectBytes(image.Height, image.Width, Array.ConvertAll(image.Pixels, value => (byte)(value / maximum * 255)));
    }

    internal List<KeyPoint> DetectBytes(int height, int width, byte[] pixels)
    {
        var groups = new List<List<Spot>>();

        // One array for all thresholds: large ones bring garbage collections of all generations, for which the workers wait.
        var above = new bool[pixels.Length];
        for (var threshold = MinimumThreshold; threshold < MaximumThreshold; threshold += ThresholdStep)
        {
            for (var i = 0; i < pixels.Length; i++)
                above[i] = pixels[i] > threshold;
            var spots = Spots(new Mask(height, width, above));
            // A spot founds a group only after the pass: spots of one threshold never join each other.
            var founders = spots.FindAll(spot => !Join(groups, spot));
            groups.AddRange(founders.Select(spot => new List<Spot> { spot }));
        }

        return [.. groups.Where(group => group.Count >= MinimumRepeatability).Select(KeyPointOf)];
    }

    private List<Spot> Spots(Mask mask)
    {
        var spots = new List<Spot>();
        foreach (var contour in ContourTracer.Trace(mask))
        {
            if (contour.Area < MinimumArea || contour.Area >= MaximumArea || contour.Centroid is not { } centre)
                continue;
            var distances = contour.Points.Select(point => Math.Sqrt(Square(point.X - centre.X) + Square(point.Y - centre.Y))).Order().ToArray();
            spots.Add(new Spot(centre.X, centre.Y, (distances[(distances.Length - 1) / 2] + distances[distances.Length / 2]) / 2));
        }

        // OpenCV lists borders from the last found to the first, and the order decides which group a spot joins.
        spots.Reverse();
        return spots;
    }

    private static bool Join(List<List<Spot>> groups, Spot spot)
    {
        foreach (var group in groups)
        {
            var middle = group[group.Count / 2];
            var distance = Math.Sqrt(Square(middle.X - spot.X) + Square(middle.Y - spot.Y));
            if (distance >= MinimumDistance && distance >= middle.Radius && distance >= spot.Radius)
                continue;
            var at = group.Count;
            while (at > 0 && spot.Radius < group[at - 1].Radius)
                at--;
            group.Insert(at, spot);
            return true;
        }

        return false;
    }

    // Rounded to float32 as in OpenCV: it turns 131.9999999 into 132 before the truncation to a pixel.
    private static KeyPoint KeyPointOf(List<Spot> group)
    {
        var share = 1.0 / group.Count;
        return new KeyPoint((float)(group.Sum(spot => spot.X) * share), (float)(group.Sum(spot => spot.Y) * share), (float)group[group.Count / 2].Radius * 2);
    }

    private static double Square(double value) => value * value;

    private readonly record struct Spot(double X, double Y, double Radius);
}

/// <summary>A bright spot.</summary>
/// <param name="X">Column of its centre.</param>
/// <param name="Y">Row of its centre.</param>
/// <param name="Size">Its diameter in pixels.</param>
internal readonly record struct KeyPoint(float X, float Y, float Size);
