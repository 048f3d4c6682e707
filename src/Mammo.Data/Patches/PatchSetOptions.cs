using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Data.Patches;

/// <summary>How patches are sampled from images. The numbers are the original's defaults.</summary>
public sealed record PatchSetOptions
{
    /// <summary>Side of a patch in pixels of the resized image; an odd size gives patches of one pixel less.</summary>
    public int PatchSize { get; init; } = 256;

    /// <summary>Patches on every lesion. One is put on the centre of mass (S1), more are drawn at random (S10, S30).</summary>
    public int Abnormality { get; init; } = 30;

    /// <summary>Background patches of an image, hard negatives included.</summary>
    public int Background { get; init; } = 30;

    /// <summary>How many of the background patches are taken from bright spots, if there are that many.</summary>
    public int HardNegative { get; init; } = 15;

    /// <summary>
    /// Share of the background patches that lie outside the breast or on its edge, half of them each; of an image as many as it gives, rounded up. Not in the
    /// original's way, which looks at no breast.
    /// </summary>
    public double BackgroundOutside { get; init; }

    /// <summary>A patch belongs to a region if more than this share of the one lies in the other; lowered by 0.05 where it cannot be met.</summary>
    public double PositiveCutoff { get; init; } = 0.75;

    /// <summary>Background overlaps no region by more than this share; null is 0 (no overlap at all), or 0.35 in the original's way.</summary>
    public double? NegativeCutoff { get; init; }

    /// <summary>Rows to which images are resized first, columns in proportion; null for none. The original's default is 4096.</summary>
    public int? TargetHeight { get; init; }

    /// <summary>Size to which images are resized first, whatever their proportions; not together with <see cref="TargetHeight"/>.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>
    /// Make local contrast of the resized film before patches are cut, of this deviation in its pixels (<see cref="Preparations.LocalContrast"/>); places do
    /// not depend on it. Null for none.
    /// </summary>
    public double? LocalContrast { get; init; }

    /// <summary>Patches hold two planes, the z-score in the breast and <see cref="LocalContrast"/>, for networks of two channels.</summary>
    public bool ZScore { get; init; }

    /// <summary>Blank everything outside the breast and cut the image to it first.</summary>
    public bool SegmentBreast { get; init; } = true;

    /// <summary>Seed of the generator.</summary>
    public uint Seed { get; init; } = 12345;

    /// <summary>The original's placing, or a better one.</summary>
    public PatchCompatibility Compatibility { get; init; }

    /// <summary>What the classes say.</summary>
    public PatchLabelling Labelling { get; init; }

    /// <summary>Other names for classes, by the names of <see cref="PatchLabelling"/>; those not named here stay.</summary>
    public ImmutableDictionary<string, string> ClassNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    internal bool IsOriginal => Compatibility == PatchCompatibility.Numpy12345;

    internal int OutsideCount => OutsideCountOf(Background, BackgroundOutside);

    internal double BackgroundCutoff => NegativeCutoff ?? (IsOriginal ? 0.35 : 0);

    /// <summary>
    /// Background patches of an image outside the breast and on its edge: the share, rounded up, but not because of a product's last bit.
    /// </summary>
    /// <param name="background">Background patches of an image.</param>
    /// <param name="share">0 to 1.</param>
    public static int OutsideCountOf(int background, double share) => (int)Math.Ceiling((share * background) - 1e-9);

    internal string NameOf(string patchClass) => ClassNames.GetValueOrDefault(patchClass, patchClass);

    /// <summary>The folders of classes, in their order; several classes may be given one name and are one then.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PatchOptionInvalid"/>: a class is named that is not there, or a name is no name of a folder.
    /// </exception>
    internal IEnumerable<string> Folders(IReadOnlyCollection<string> classes)
    {
        if (ClassNames.Keys.Except(classes, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new MammoException(
                ErrorIds.PatchOptionInvalid, $"Another name is given for the class '{unknown}', but the classes are {string.Join(", ", classes)}.");
        string[] folders = [.. classes.Select(NameOf).Distinct(StringComparer.Ordinal)];
        // Classes may come from a table of somebody else's: a name must not lead out of the folder.
        return Array.Find(folders, name => name.Trim() is "" or "." or ".." || name.AsSpan().IndexOfAny("/\\:\0") >= 0) is { } bad
            ? throw new MammoException(
                ErrorIds.PatchOptionInvalid, $"The class '{bad}' cannot be the name of a folder.", "Give it another name: -ClassName.", bad)
            : folders;
    }

    /// <exception cref="MammoException"><see cref="ErrorIds.PatchOptionInvalid"/>.</exception>
    internal void Check()
    {
        var problem = this switch
        {
            { PatchSize: < 2 or > 16384 } => "The patch size lies between 2 and 16384 pixels.",
            { Abnormality: < 0 } or { Background: < 0 } or { HardNegative: < 0 } => "Numbers of patches are not negative.",
            { Abnormality: > 9999 } or { Background: > 9999 } => "At most 9999 patches of a kind are taken from an image: they are numbered with four digits.",
            _ when HardNegative > Background => $"{HardNegative} hard negatives do not fit into {Background} background patches, of which they are a part.",
            { BackgroundOutside: not (>= 0 and <= 1) } => "The share of background outside the breast lies between 0 and 1.",
            { BackgroundOutside: > 0, IsOriginal: true } =>
                "The original's way of sampling has no background outside the breast: it does not look where the breast is.",
            _ when HardNegative + OutsideCount > Background =>
                $"{HardNegative} hard negatives and {OutsideCount} patches outside the breast do not fit into {Background} background patches, of which they "
                    + "are a part.",
            { PositiveCutoff: not (> 0 and < 1) } => "The positive cut-off is above 0 and below 1.",
            { NegativeCutoff: not (null or (>= 0 and < 1)) } => "The negative cut-off is at least 0 and below 1.",
            { TargetHeight: not null, Size: not null } => "A size and a height are both given; the size does not keep the proportions, the height does.",
            { LocalContrast: not (null or (> 0 and <= Preparation.HighestLocalContrast)) } => "The deviation of local contrast is above 0 and at most "
                + $"{Preparation.HighestLocalContrast} pixels.",
            { LocalContrast: null, ZScore: true } => "The z-score is a second plane beside local contrast: set its deviation, or leave out the z-score.",
            { LocalContrast: not null, IsOriginal: true } => "The original has no local contrast: leave out one of the two.",
            _ when TargetHeight <= 0 || Size is { Height: <= 0 } or { Width: <= 0 } => "The target size has at least one row and one column.",
            _ => null,
        };
        if (problem is not null)
            throw new MammoException(ErrorIds.PatchOptionInvalid, problem);
    }
}

/// <summary>How patches are placed.</summary>
public enum PatchCompatibility
{
    /// <summary>
    /// A generator of its own for every image and lesion; background mostly on tissue and on no region of the image; the breast found by
    /// <see cref="Segmentation.BreastFinder"/>; a mask must have its image's size.
    /// </summary>
    Default,

    /// <summary>
    /// The original's numbers: numpy's generator, made anew with the same seed for every lesion; background may lie on other regions or be black.
    /// Use seed 12345 and its target height to get its patches.
    /// </summary>
    Numpy12345,
}
