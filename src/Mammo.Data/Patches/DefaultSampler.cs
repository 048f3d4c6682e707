using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Mammo.Data.Images;
using Mammo.Data.Numerics;
using Mammo.Data.Rois;

namespace Mammo.Data.Patches;

/// <summary>
/// The better sampling of one image: positions do not repeat from lesion to lesion, background lies mostly on tissue and on no
/// region of the image, and an image whose regions are not all known gives no background.
/// </summary>
internal static class DefaultSampler
{
    private const int BackgroundTries = 2000;
    private const double LeastTissue = 0.5;

    /// <param name="frame">The image.</param>
    /// <param name="imageName">Its name within the patch set; with the seed and the lesion it seeds the generators.</param>
    /// <param name="rois">Its lesions.</param>
    /// <param name="options">What to sample.</param>
    public static PatchSample Sample(PatchFrame frame, string imageName, IReadOnlyCollection<Roi> rois, PatchSetOptions options)
    {
        var places = ImmutableArray.CreateBuilder<PatchPlace>();
        var warnings = ImmutableArray.CreateBuilder<Finding>();
        if (frame.LooksInverted)
            warnings.Add(new Finding(ErrorIds.ImageInverted, "The film looks inverted: its background is bright."));
        double? lowest = null;
        var placed = PlaceAll(frame, rois, warnings);
        foreach (var roi in placed)
        {
            if (PatchClasses.Of(roi.Roi, options.Labelling) is not { } patchClass)
            {
                warnings.Add(new Finding(ErrorIds.RoiEmpty, $"Lesion {roi.Roi.Number} is left out: its class is not known."));
                continue;
            }

            if (frame.Tissue!.Count(roi.Box.X, roi.Box.Y, roi.Box.Right, roi.Box.Bottom) == 0)
                warnings.Add(new Finding(ErrorIds.RoiEmpty, $"Lesion {roi.Roi.Number} lies outside the breast: look at its patches."));
            var label = Label(roi.Roi, rois);
            if (OnRoi(roi, imageName, label, options, warnings) is not { } draw)
                continue;
            places.AddRange(draw.Centres.Select((centre, i) => new PatchPlace(patchClass, label, i, centre)));
            lowest = options.Abnormality > 1 ? Math.Min(lowest ?? 1, draw.Cutoff) : lowest;
        }

        if (placed.Count == rois.Count)
            places.AddRange(Background(frame, placed, imageName, options, warnings));
        else if (options.Background > 0)
            warnings.Add(new Finding(ErrorIds.PatchesFewer, "No background: it might lie on a lesion that has no place in the image."));
        return new PatchSample(places.ToImmutable(), lowest, warnings.ToImmutable());
    }

    /// <summary>The number of a lesion; with its type where an image has both a first calcification and a first mass.</summary>
    private static string Label(Roi roi, IReadOnlyCollection<Roi> rois) =>
        FormattableString.Invariant($"{(rois.Count(other => other.Number == roi.Number) > 1 ? roi.Type?.ToLowerInvariant() : null)}{roi.Number}");

    private static List<PlacedRoi> PlaceAll(PatchFrame frame, IEnumerable<Roi> rois, ImmutableArray<Finding>.Builder warnings)
    {
        var placed = new List<PlacedRoi>();
        foreach (var roi in rois)
        {
            try
            {
                if (roi.Shape is null)
                    warnings.Add(new Finding(ErrorIds.RoiEmpty, $"Lesion {roi.Number} is left out: its place is not known."));
                else
                    placed.Add(frame.Place(roi));
            }
            catch (MammoException failure)
            {
                warnings.Add(new Finding(failure.ErrorId, $"Lesion {roi.Number} is left out: {failure.Message}"));
            }
        }

        return placed;
    }

    private static RoiDraw? OnRoi(PlacedRoi roi, string imageName, string label, PatchSetOptions options, ImmutableArray<Finding>.Builder warnings)
    {
        if (options.Abnormality == 1)
            return new RoiDraw([roi.Centre], options.PositiveCutoff);
        try
        {
            var random = Generator(options.Seed, imageName, $"abnormality {label}");
            return PatchDraws.OnRoi(random, roi.Counts, roi.Box, options.PatchSize, options.Abnormality, options.PositiveCutoff);
        }
        catch (MammoException failure)
        {
            warnings.Add(new Finding(failure.ErrorId, $"Lesion {roi.Roi.Number} is left out: {failure.Message}"));
            return null;
        }
    }

    private static IEnumerable<PatchPlace> Background(
        PatchFrame frame, List<PlacedRoi> rois, string imageName, PatchSetOptions options, ImmutableArray<Finding>.Builder warnings)
    {
        bool IsOffLesions(PixelPoint centre) => rois.TrueForAll(roi => !roi.Counts.Overlap(centre, options.PatchSize).Exceeds(options.BackgroundCutoff));
        bool Accept(PixelPoint centre) => IsTissue(frame, centre, options.PatchSize) && IsOffLesions(centre);

        var negatives = options.HardNegative == 0
            ? []
            : PatchDraws.HardNegatives(
                Generator(options.Seed, imageName, "hard negatives"),
                BlobDetector.ForPatches(options.PatchSize).Detect(frame.Image),
                options.HardNegative,
                Accept);
        var wanted = options.Background - options.OutsideCount - negatives.Length;
        var drawn = PatchDraws.Background(
            Generator(options.Seed, imageName, "background"), frame.Image.Size, options.PatchSize, wanted, BackgroundTries, Accept);
        if (drawn.Length < wanted)
        {
            warnings.Add(new Finding(ErrorIds.PatchesFewer, $"Only {drawn.Length} of {wanted} random background patches: {BackgroundTries} tries in a "
                + "row found no other place "
                + "that is mostly tissue and off every lesion."));
        }

        // Those outside come last and from a generator of their own: the others are at the places where they are without them.
        (PixelPoint Centre, PatchSource Source)[] all =
        [
            .. negatives.Select(centre => (centre, PatchSource.HardNegative)),
            .. drawn.Select(centre => (centre, PatchSource.Background)),
            .. OutsideSampler.Sample(frame, Generator(options.Seed, imageName, "outside"), options, IsOffLesions, warnings),
        ];
        return all.Select((place, i) => new PatchPlace(PatchClasses.Background, "0", i, place.Centre, place.Source));
    }

    private static bool IsTissue(PatchFrame frame, PixelPoint centre, int patchSize)
    {
        var overlap = frame.Tissue!.Overlap(centre, patchSize);
        return overlap.Shared >= LeastTissue * overlap.Patch;
    }

    /// <summary>A generator that depends on nothing but these three, so that neither the order of images nor the number of workers matters.</summary>
    private static NumpyRandom Generator(uint seed, string imageName, string purpose)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\0{imageName}\0{purpose}"));
        return new NumpyRandom(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(hash));
    }
}
