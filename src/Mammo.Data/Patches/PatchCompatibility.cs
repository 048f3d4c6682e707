namespace Mammo.Data.Patches;

/// <summary>How patches are placed.</summary>
public enum PatchCompatibility
{
    /// <summary>
    /// A generator of its own for every image and abnormality; background mostly on tissue and on no region of the image; the breast found by <see cref="Segmentation.BreastFinder"/>;
    /// a mask must have its image's size.
    /// </summary>
    None,

    /// <summary>
    /// The original's numbers: numpy's generator, made anew with the same seed for every abnormality; background may lie on other regions or be black.
    /// Use seed 12345 and its target height to get its patches.
    /// </summary>
    Numpy12345,
}
