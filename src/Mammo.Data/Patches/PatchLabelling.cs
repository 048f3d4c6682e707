using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Rois;

namespace Mammo.Data.Patches;

/// <summary>What the class of a patch on a region says.</summary>
public enum PatchLabelling
{
    /// <summary>background, benign, malignant: the original's <c>sample_patches_main</c>.</summary>
    Pathology,

    /// <summary>
    /// background, calc_ben, calc_mal, mass_ben, mass_mal: the original's <c>sample_patches_combined</c> and the published patch classifiers.
    /// </summary>
    TypeAndPathology,

    /// <summary>background and one class for each type of lesion, in small letters.</summary>
    Type,

    /// <summary>background, abnormal.</summary>
    Abnormality,
}

/// <summary>The classes of patches and their folders.</summary>
internal static class PatchClasses
{
    public const string Background = "background";

    /// <summary>All classes of a patch set, background first, the others as a directory lists them.</summary>
    public static ImmutableArray<string> All(PatchLabelling labelling, IEnumerable<MammoImage> images) => labelling switch
    {
        PatchLabelling.Pathology => [Background, "benign", "malignant"],
        PatchLabelling.TypeAndPathology => [Background, "calc_ben", "calc_mal", "mass_ben", "mass_mal"],
        PatchLabelling.Abnormality => [Background, "abnormal"],
        _ =>
        [
            Background,
            .. images.SelectMany(image => image.Rois).Select(roi => Of(roi, labelling)).OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ],
    };

    /// <summary>The class of a region; null when what it depends on is unknown.</summary>
    public static string? Of(Roi roi, PatchLabelling labelling) => labelling switch
    {
        PatchLabelling.Abnormality => "abnormal",
        PatchLabelling.Type => roi.Type?.Trim() is { Length: > 0 } type ? type.ToLowerInvariant() : null,
        PatchLabelling.Pathology => roi.IsMalignant is { } isMalignant ? (isMalignant ? "malignant" : "benign") : null,
        _ => roi is { IsCalcification: { } isCalcification, IsMalignant: { } isMalignant }
            ? $"{(isCalcification ? "calc" : "mass")}_{(isMalignant ? "mal" : "ben")}"
            : null,
    };
}
