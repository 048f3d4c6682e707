namespace Mammo.Data.Files;

/// <summary>The files below a folder, for lists that name them by a path, a stem or a folder that may have been renamed or converted since.</summary>
internal sealed class ImageFiles
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".pgm", ".pnm", ".ppm", ".webp"];

    private static readonly string[] Preferred = [".png", ".tif", ".tiff", ".pgm", ".pnm", ".ppm", ".bmp", ".dcm", ".dicom", ".webp", ".jpg", ".jpeg"];

    private readonly string _root;
    private readonly string[] _all;
    private readonly ILookup<string, string> _byPath;
    private readonly ILookup<string, string> _byStem;
    private readonly ILookup<string, string> _byFolder;

    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>: there is no such folder.</exception>
    public ImageFiles(string root)
    {
        _root = Path.GetFullPath(root);
        if (!Directory.Exists(_root))
            throw new MammoException(ErrorIds.FileNotFound, $"The folder '{root}' does not exist.", target: root);
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 32 };
        string[] found = [.. Directory.EnumerateFiles(_root, "*", options)
            .Where(file => IsImage(file) || IsDicom(file))
            .Select(file => Path.GetRelativePath(_root, file))
            .Where(file => !HiddenFiles.IsBelowHidden(file))
            .Select(file => file.Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
        // A converted image stands for the DICOM file beside it.
        var converted = found.Where(file => !IsDicom(file)).Select(WithoutExtension).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _all = [.. found.Where(file => !IsDicom(file) || !converted.Contains(WithoutExtension(file)))];
        // Of one film in several formats, all in one folder, lists mean one: what keeps the pixels before what may not.
        string[] one = [.. _all.GroupBy(WithoutExtension, StringComparer.OrdinalIgnoreCase)
            .Select(Best)];
        _byPath = one.ToLookup(WithoutExtension, StringComparer.OrdinalIgnoreCase);
        _byStem = one.ToLookup(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
        _byFolder = one.SelectMany(file => file.Split('/')[..^1].Distinct().Select(folder => (folder, file)))
            .ToLookup(pair => pair.folder, pair => pair.file, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the name of a file is that of an image which <see cref="ImageReader"/> reads.</summary>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The same, or that of a DICOM file.</summary>
    public static bool IsImageOrDicom(string path) => IsImage(path) || IsDicom(path);

    /// <summary>Whether the name of a file is that of a DICOM file.</summary>
    public static bool IsDicom(string path) => Path.GetExtension(path).ToLowerInvariant() is ".dcm" or ".dicom";

    /// <summary>
    /// Of files with one name in one folder, a film in several formats, the one to take: a converted image before the DICOM file, what keeps the pixels before
    /// what may not.
    /// </summary>
    public static string Best(IEnumerable<string> formats) =>
        formats.MinBy(file => IsDicom(file) ? Preferred.Length : Array.IndexOf(Preferred, Path.GetExtension(file).ToLowerInvariant()))!;

    /// <summary>A path without its extension.</summary>
    public static string WithoutExtension(string path) => path[..^Path.GetExtension(path).Length];

    /// <summary>All files in ordinal order.</summary>
    public string[] All() => Full(_all);

    /// <summary>Files at a path, whatever their extension; of one in several formats the one that keeps the pixels.</summary>
    public string[] AtPath(string path) => Full(_byPath[WithoutExtension(path.Replace('\\', '/'))]);

    /// <summary>Files at a path or, where the root is one of the path's own folders, at the rest of it; a file's name alone is not enough.</summary>
    public string[] AtPathOrPart(string path)
    {
        for (var rest = path.Replace('\\', '/'); rest.Contains('/'); rest = rest[(rest.IndexOf('/') + 1)..])
        {
            if (AtPath(rest) is { Length: > 0 } found)
                return found;
        }

        return path.AsSpan().ContainsAny('/', '\\') ? [] : AtPath(path);
    }

    /// <summary>Files of a name, at any depth and whatever their extension.</summary>
    public string[] Named(string stem) => Full(_byStem[stem]);

    /// <summary>Files anywhere below a folder of a name.</summary>
    public string[] InFolder(string folder) => Full(_byFolder[folder]);

    private string[] Full(IEnumerable<string> files) => [.. files.Select(file => Path.Combine(_root, file))];
}
