using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Numerics;
using Mammo.Data.Rois;

namespace Mammo.Data.Patches;

/// <summary>The original's three ways of placing patches, draw for draw. All centres are in the frame that has half a patch as margin.</summary>
internal static class PatchDraws
{
    private const int TriesPerCutoff = 1000;
    private const double CutoffStep = 0.05;

    /// <summary>Random points in the region's box whose patches overlap the region enough; after 1000 misses in a row a little less is enough.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.RoiNotSampled"/>: not even the least overlap is met.</exception>
    public static RoiDraw OnRoi(NumpyRandom random, MaskCounts roi, PixelBox box, int patchSize, int count, double cutoff)
    {
        var centres = ImmutableArray.CreateBuilder<PixelPoint>(count);
        var (tries, first) = (0, cutoff);
        while (centres.Count < count)
        {
            var x = random.RandInt(box.X, box.Right);
            var centre = new PixelPoint(x, random.RandInt(box.Y, box.Bottom));
            if (++tries == TriesPerCutoff)
            {
                // Subtracted step by step, not computed from the first value: the rounding of the sum decides near ties.
                cutoff -= CutoffStep;
                tries = 0;
                if (cutoff <= 0)
                    throw NotSampled(roi, box, patchSize, count, first);
            }

            if (!roi.Overlap(centre, patchSize).Exceeds(cutoff))
                continue;
            centres.Add(centre);
            tries = 0;
        }

        return new RoiDraw(centres.MoveToImmutable(), cutoff);
    }

    /// <summary>Random points of the image that are accepted; fewer than asked for when a number of tries in a row fails.</summary>
    /// <param name="random">Generator.</param>
    /// <param name="size">Size of the frame, at least one pixel more than the patch along each side.</param>
    /// <param name="patchSize">Side of a patch.</param>
    /// <param name="count">Patches wanted.</param>
    /// <param name="tries">Tries for one patch; the original never ends.</param>
    /// <param name="accept">Whether a patch may be there.</param>
    public static ImmutableArray<PixelPoint> Background(NumpyRandom random, ImageSize size, int patchSize, int count, int tries, Func<PixelPoint, bool> accept)
    {
        var half = patchSize / 2;
        var centres = ImmutableArray.CreateBuilder<PixelPoint>(count);
        for (var left = tries; centres.Count < count && left > 0; left--)
        {
            var x = random.RandInt(half, size.Width - half);
            var centre = new PixelPoint(x, random.RandInt(half, size.Height - half));
            if (!accept(centre))
                continue;
            centres.Add(centre);
            left = tries + 1;
        }

        return centres.ToImmutable();
    }

    /// <summary>Spots in random order whose patches are accepted, up to a number.</summary>
    public static ImmutableArray<PixelPoint> HardNegatives(NumpyRandom random, IReadOnlyList<KeyPoint> spots, int count, Func<PixelPoint, bool> accept) =>
        [.. random.Permutation(spots.Count).Select(i => new PixelPoint((int)spots[i].X, (int)spots[i].Y)).Where(accept).Take(count)];

    private static MammoException NotSampled(MaskCounts roi, PixelBox box, int patchSize, int count, double cutoff) => new(
        ErrorIds.RoiNotSampled,
        $"{count} patches of {patchSize} pixels do not fit on an ROI of {roi.Total} pixels ({box}): "
            + FormattableString.Invariant($"no cut-off from {cutoff} down to 0 gave enough overlap."),
        "Choose a patch size nearer to the ROI's, or a lower cut-off.");
}

/// <summary>Centres of the patches on one region of interest.</summary>
/// <param name="Centres">Where they are, in the order of drawing.</param>
/// <param name="Cutoff">The overlap that was required at the end.</param>
internal sealed record RoiDraw(ImmutableArray<PixelPoint> Centres, double Cutoff);
