using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Numerics;
using Mammo.Data.Rois;

namespace Mammo.Data.Patches;

/// <summary>The original's sampling of one image, draw for draw; only its endless loops have an end.</summary>
internal static class NumpySampler
{
    // The original would go on for ever; a place for background on one ten-thousandth of the image is found in 99.9% of cases.
    private const int BackgroundTries = 100_000;

    public static PatchSample Sample(PatchFrame frame, IEnumerable<Roi> rois, PatchSetOptions options)
    {
        var places = ImmutableArray.CreateBuilder<PatchPlace>();
        var warnings = ImmutableArray.CreateBuilder<Finding>();
        double? lowest = null;
        var hasBackground = false;
        foreach (var roi in rois)
        {
            if (PatchClasses.Of(roi, options.Labelling) is not { } patchClass || roi.Shape is null)
            {
                warnings.Add(new Finding(ErrorIds.RoiEmpty, $"Lesion {roi.Number} is left out: its {(roi.Shape is null ? "place" : "class")} is not known."));
                continue;
            }

            try
            {
                var placed = frame.Place(roi);
                if (placed.Remark is { } remark)
                    warnings.Add(new Finding(ErrorIds.RoiEmpty, $"Lesion {roi.Number}: {remark}."));
                // The generator starts anew for every lesion, and once more for its hard negatives.
                var random = new NumpyRandom(options.Seed);
                var negatives = hasBackground ? [] : HardNegatives(frame, placed, options);
                var draw = OnRoi(random, placed, options);
                places.AddRange(draw.Centres.Select((centre, i) => new PatchPlace(patchClass, Label(roi), i, centre)));
                lowest = options.Abnormality > 1 ? Math.Min(lowest ?? 1, draw.Cutoff) : lowest;
                if (!hasBackground)
                    AddBackground(random, frame, placed, options, negatives, places, warnings);
                hasBackground = true;
            }
            catch (MammoException failure) when (failure.ErrorId == ErrorIds.FileNotFound)
            {
                warnings.Add(new Finding(failure.ErrorId, $"Lesion {roi.Number} is left out: {failure.Message}"));
            }
            catch (MammoException failure)
            {
                warnings.Add(new Finding(failure.ErrorId, $"Lesion {roi.Number} and those after it are left out, as in the original: {failure.Message}"));
                break;
            }
        }

        return new PatchSample(places.ToImmutable(), lowest, warnings.ToImmutable());
    }

    private static RoiDraw OnRoi(NumpyRandom random, PlacedRoi placed, PatchSetOptions options) => options.Abnormality == 1
        ? new RoiDraw([placed.Centre], options.PositiveCutoff)
        : PatchDraws.OnRoi(random, placed.Counts, placed.Box, options.PatchSize, options.Abnormality, options.PositiveCutoff);

    private static ImmutableArray<Images.PixelPoint> HardNegatives(PatchFrame frame, PlacedRoi placed, PatchSetOptions options) => options.HardNegative == 0
        ? []
        : PatchDraws.HardNegatives(
            new NumpyRandom(options.Seed),
            BlobDetector.ForPatches(options.PatchSize).Detect(frame.Image),
            options.HardNegative,
            centre => IsOff(placed, centre, options));

    private static void AddBackground(
        NumpyRandom random,
        PatchFrame frame,
        PlacedRoi placed,
        PatchSetOptions options,
        ImmutableArray<Images.PixelPoint> negatives,
        ImmutableArray<PatchPlace>.Builder places,
        ImmutableArray<Finding>.Builder warnings)
    {
        var wanted = options.Background - negatives.Length;
        var drawn = PatchDraws.Background(random, frame.Image.Size, options.PatchSize, wanted, BackgroundTries, centre => IsOff(placed, centre, options));
        if (drawn.Length < wanted)
        {
            warnings.Add(new Finding(ErrorIds.PatchesFewer, $"Only {drawn.Length} of {wanted} random background patches: {BackgroundTries} tries in a "
                + "row overlapped "
                + $"lesion {placed.Roi.Number} too much."));
        }

        var label = Label(placed.Roi);
        places.AddRange(negatives.Select((centre, i) => new PatchPlace(PatchClasses.Background, label, i, centre, PatchSource.HardNegative)));
        places.AddRange(drawn.Select((centre, i) => new PatchPlace(PatchClasses.Background, label, negatives.Length + i, centre, PatchSource.Background)));
    }

    private static string Label(Roi roi) => roi.Number.ToString(CultureInfo.InvariantCulture);

    private static bool IsOff(PlacedRoi placed, Images.PixelPoint centre, PatchSetOptions options) =>
        !placed.Counts.Overlap(centre, options.PatchSize).Exceeds(options.BackgroundCutoff);
}
