using System.Buffers;

namespace Mammo.Data.Patches;

/// <summary>The files of the original's patch sampling.</summary>
internal static class RoiMaskNames
{
    public const string List = "roi_mask_path.csv";
    public const string PatientList = "pat_lst.txt";
    public const string ImageFolder = "full_img";
    public const string MaskFolder = "roi_mask";

    // What would leave the folder or the field of the list, or is no name on Windows.
    private static readonly SearchValues<char> Unusable = SearchValues.Create("/\\,\"\n\r\0:*?<>|");

    public static string Mass => "Mass-Training_";

    public static string Calcification => "Calc-Training_";

    /// <summary>The original asks for "calc" alone; everything else counts as a mass.</summary>
    public static string Prefix(string? type) => type is "calc" or "Calc" ? Calcification : Mass;

    /// <summary>Whether a text can be a part of such a name and a field of the list.</summary>
    public static bool IsUsable(string? text) => text is { Length: > 0 } && text.Trim().Length == text.Length && !text.AsSpan().ContainsAny(Unusable);
}
