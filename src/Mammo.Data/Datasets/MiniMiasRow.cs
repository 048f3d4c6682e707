using Mammo.Data.Rois;

namespace Mammo.Data.Datasets;

/// <summary>A film of mini-MIAS and one of its abnormalities, or the statement that it has none.</summary>
/// <param name="Film">mdb001 to mdb322.</param>
/// <param name="Patient">P001 to P161.</param>
/// <param name="Side">L or R, after the markers in the films.</param>
/// <param name="Tissue">F, G or D.</param>
/// <param name="Abnormality">CALC, CIRC, SPIC, MISC, ARCH, ASYM or NORM.</param>
/// <param name="Severity">B, M, or null for NORM.</param>
/// <param name="Circle">Where it is, in pixels of an image of <paramref name="GridSize"/>; null when there is no single place.</param>
/// <param name="GridSize">Side of the image that the circle refers to.</param>
/// <param name="File">The image relative to the list's folder; null when only the film's name is known.</param>
internal sealed record MiniMiasRow(string Film, string Patient, string Side, string Tissue, string Abnormality, string? Severity, RoiCircle? Circle, int GridSize, string? File)
{
    /// <summary>Whether the row says that there is nothing to be seen.</summary>
    public bool IsNormal => Abnormality == "NORM";
}
