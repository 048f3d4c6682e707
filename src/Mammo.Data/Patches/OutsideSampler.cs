using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Numerics;
using Mammo.Data.Rois;

namespace Mammo.Data.Patches;

/// <summary>
/// Places of background outside the breast and on its edge. A classifier that was only shown tissue knows neither the black of the film nor labels nor the skin
/// line, and a heatmap of whole films asks it about all of them.
/// </summary>
internal static class OutsideSampler
{
    private const int Tries = 2000;

    /// <summary>
    /// Share of the patch: less than this of tissue is no edge, and less of a label is no patch of one; the breast's outline is a few pixels off.
    /// </summary>
    private const double Least = 0.05;

    /// <summary>
    /// Half of the places lie on the edge, where 5 to 50% of the patch is tissue, and half outside, where none is. Of the latter half hold some of a label or
    /// another object, as long as there are any. Odd ones are decided by the generator.
    /// </summary>
    /// <param name="frame">The image.</param>
    /// <param name="random">Decides the places.</param>
    /// <param name="options">How many there are to be.</param>
    /// <param name="isOffLesions">Whether a patch touches no lesion.</param>
    /// <param name="warnings">Is given a finding for each kind of which there are fewer.</param>
    public static ImmutableArray<(PixelPoint Centre, PatchSource Source)> Sample(
        PatchFrame frame, NumpyRandom random, PatchSetOptions options, Func<PixelPoint, bool> isOffLesions, ImmutableArray<Finding>.Builder warnings)
    {
        if (options.OutsideCount == 0)
            return [];
        var size = options.PatchSize;
        var edge = Half(options.OutsideCount);
        var outside = options.OutsideCount - edge;
        var onEdge = Draw(edge, centre => IsEdge(frame.Tissue!.Overlap(centre, size)));
        var onObjects = Draw(frame.Objects is { Total: > 0 } ? Half(outside) : 0, centre => IsOutside(centre) && IsLarge(frame.Objects!.Overlap(centre, size)));
        var anywhere = Draw(outside - onObjects.Length, IsOutside);
        var found = onObjects.AddRange(anywhere);
        Report(outside, found.Length, "outside the breast", "holds no tissue");
        Report(edge, onEdge.Length, "on the edge of the breast", "is tissue up to a half");
        return [.. found.Select(centre => (centre, PatchSource.Outside)), .. onEdge.Select(centre => (centre, PatchSource.Edge))];

        int Half(int count) => (count + random.RandInt(0, 2)) / 2;

        ImmutableArray<PixelPoint> Draw(int count, Func<PixelPoint, bool> accept) =>
            PatchDraws.Background(random, frame.Image.Size, size, count, Tries, centre => accept(centre) && isOffLesions(centre));

        bool IsOutside(PixelPoint centre) => frame.Tissue!.Overlap(centre, size).Shared == 0;

        void Report(int wanted, int count, string where, string what)
        {
            if (count < wanted)
                warnings.Add(new Finding(
                    ErrorIds.PatchesFewer,
                    $"Only {count} of {wanted} background patches {where}: {Tries} tries in a row found no other place that {what} and is off every lesion."));
        }
    }

    /// <summary>Less than half is tissue: with more it is a place of the ordinary background.</summary>
    private static bool IsEdge(PatchOverlap tissue) => IsLarge(tissue) && tissue.Shared * 2 < tissue.Patch;

    private static bool IsLarge(PatchOverlap overlap) => overlap.Shared >= Least * overlap.Patch;
}
