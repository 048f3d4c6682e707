namespace Mammo.Data.Patches;

/// <summary>How a patch and a region of interest lie on each other, in pixels.</summary>
/// <param name="Shared">Pixels of the region inside the patch.</param>
/// <param name="Region">Pixels of the region.</param>
/// <param name="Patch">Pixels of the patch inside the image.</param>
internal readonly record struct PatchOverlap(int Shared, int Region, int Patch)
{
    /// <summary>
    /// The original's test: more than this share of the region is inside the patch, or more than this share of the patch is region.
    /// A share of nothing is not a number and exceeds nothing.
    /// </summary>
    public bool Exceeds(double cutoff) => Shared / (double)Region > cutoff || Shared / (double)Patch > cutoff;
}
