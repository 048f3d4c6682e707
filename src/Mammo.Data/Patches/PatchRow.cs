using Mammo.Data.Images;

namespace Mammo.Data.Patches;

/// <summary>One patch in a patch set's table.</summary>
/// <param name="File">The file below the set's folder.</param>
/// <param name="Class">Its class.</param>
/// <param name="Source">roi, hard_negative or background.</param>
/// <param name="Image">The image it was cut from.</param>
/// <param name="Abnormality">The abnormality it is named after.</param>
/// <param name="Centre">Its centre in the resized image, before the cut to the breast.</param>
internal sealed record PatchRow(string File, string Class, string Source, string Image, string Abnormality, PixelPoint Centre)
{
    public const string HardNegativeSource = "hard_negative";

    public static string SourceOf(PatchPlace place) => place.IsHardNegative ? HardNegativeSource : place.Class == PatchClasses.Background ? "background" : "roi";
}
