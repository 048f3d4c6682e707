namespace Mammo.Data.Patches;

/// <summary>What the class of a patch on a region says.</summary>
public enum PatchLabelling
{
    /// <summary>background, benign, malignant: the original's <c>sample_patches_main</c>.</summary>
    Pathology,

    /// <summary>background, calc_ben, calc_mal, mass_ben, mass_mal: the original's <c>sample_patches_combined</c> and the published patch classifiers.</summary>
    TypeAndPathology,

    /// <summary>background and one class for each type of abnormality, in small letters.</summary>
    Type,

    /// <summary>background, abnormal.</summary>
    Abnormality,
}
