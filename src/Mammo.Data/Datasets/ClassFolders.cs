using System.Collections.Immutable;
using Mammo.Data.Files;

namespace Mammo.Data.Datasets;

/// <summary>Datasets laid out as root/class/…/image, the original's layout.</summary>
public static class ClassFolders
{
    // Pictures and arrays of pixels, which were put there to be used; notes and lists were not.
    private static readonly string[] Unread =
        [".gif", ".heic", ".heif", ".avif", ".jp2", ".j2k", ".jls", ".npy", ".npz", ".mat", ".nii", ".raw", ".mha", ".mhd", ".nrrd", ".exr", ".pdf", ".zip"];

    /// <summary>
    /// Lists the images below each class folder, at any depth, in ordinal order of their paths within it. Links to folders are followed once on a
    /// branch, so that loops end. Files of other extensions are passed over, and so are hidden ones and their like (<c>._film.png</c>,
    /// <c>.ipynb_checkpoints</c>, <c>__MACOSX</c>). Of a film in several formats, files of one name in one folder, one is taken.
    /// </summary>
    /// <param name="root">Folder that holds the class folders.</param>
    /// <param name="classes">
    /// Class folders in the order of the labels; null takes every folder of the root that is not hidden, in ordinal order.
    /// </param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>: no such root; <see cref="ErrorIds.ClassFolderMissing"/>: a class has no folder;
    /// <see cref="ErrorIds.FolderUnfinished"/>: it is the part of a patch set or conversion;
    /// <see cref="ErrorIds.DatasetInvalid"/>: no class at all, one named twice, or a folder that may not be read.
    /// A class folder without images is no error; see <see cref="MammoDataset.ClassCounts"/>.
    /// </exception>
    public static MammoDataset Read(string root, IReadOnlyList<string>? classes = null) => Import(root, classes).Dataset;

    /// <summary>The same, with findings: films in several formats, pictures and arrays of kinds that are not read, images beside the class folders.</summary>
    /// <param name="root">Folder that holds the class folders.</param>
    /// <param name="classes">As above.</param>
    /// <exception cref="MammoException">As above.</exception>
    public static DatasetImport Import(string root, IReadOnlyList<string>? classes = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        if (!folder.Exists)
            throw new MammoException(ErrorIds.FileNotFound, $"The dataset's folder '{root}' does not exist.", target: root);
        UnfinishedMark.Refuse(folder);
        try
        {
            var names = classes is null ? FindClasses(folder) : CheckClasses(folder, classes);
            var findings = new List<Finding>();
            MammoImage[] images = [.. names.SelectMany((name, label) => Images(folder, name, label, findings))];
            AddLoose(folder, findings);
            return new DatasetImport(new MammoDataset(folder.Name, names, [.. images]), [.. findings]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.DatasetInvalid, $"The dataset's folder '{root}' cannot be listed: {error.Message}", target: root, inner: error);
        }
    }

    // Whoever names a folder of films that has some other folder in it as well would wonder where they are.
    private static void AddLoose(DirectoryInfo root, List<Finding> findings)
    {
        var count = root.EnumerateFiles().Count(file => !HiddenFiles.IsHidden(file.Name) && ImageFiles.IsImageOrDicom(file.Name));
        if (count > 0)
        {
            var (lie, are) = count == 1 ? ("An image lies", "is") : (FormattableString.Invariant($"{count} images lie"), "are");
            findings.Add(new Finding(ErrorIds.DatasetInvalid, $"{lie} beside the class folders of '{root.FullName}' and {are} passed over.")
            {
                Subject = root.FullName,
                SuggestedFix = "Move them into the folder of their class; 'FOLDER/*' as a path names those that lie in a folder itself.",
            });
        }
    }

    private static ImmutableArray<string> FindClasses(DirectoryInfo root)
    {
        ImmutableArray<string> names = [.. Folders(root)];
        return names.IsEmpty
            ? throw new MammoException(
                ErrorIds.DatasetInvalid,
                $"The folder '{root.FullName}' holds no class folders.",
                "Put the images of each class into a folder named after it; Invoke-MammoPredict -Path 'FOLDER/*' scores images without classes.",
                root.FullName)
            : names;
    }

    private static IEnumerable<string> Folders(DirectoryInfo root) => root.EnumerateDirectories().Select(folder => folder.Name)
        .Where(name => !HiddenFiles.IsHidden(name)).Order(StringComparer.Ordinal);

    private static ImmutableArray<string> CheckClasses(DirectoryInfo root, IReadOnlyList<string> classes)
    {
        MammoDataset.CheckClasses(classes, root.FullName);
        foreach (var name in classes)
        {
            if (!Directory.Exists(Path.Combine(root.FullName, name)))
            {
                throw new MammoException(ErrorIds.ClassFolderMissing, $"The class '{name}' has no folder in '{root.FullName}'.",
                    $"The folders there are: {string.Join(", ", Folders(root).Take(20))}.", name);
            }
        }

        return [.. classes];
    }

    private static IEnumerable<MammoImage> Images(DirectoryInfo root, string name, int label, List<Finding> findings)
    {
        var folder = new DirectoryInfo(Path.Combine(root.FullName, name));
        string[] files = [.. FileTree.Files(folder, entry => entry is DirectoryInfo || ImageFiles.IsImageOrDicom(entry.Name) || IsUnread(entry.Name))];
        string[] unread = [.. files.Where(IsUnread)];
        if (unread.Length > 0)
        {
            var kinds = string.Join(", ", unread.Select(Path.GetExtension).Distinct(StringComparer.OrdinalIgnoreCase));
            findings.Add(new Finding(ErrorIds.ImageUnreadable,
                $"{unread.Length} files of class '{name}' are passed over, for such files ({kinds}) are not read.")
            {
                Subject = folder.FullName,
                SuggestedFix = "Save them as PNG of 8 or 16 bits, or move them elsewhere.",
            });
        }

        foreach (var formats in files.Except(unread).GroupBy(ImageFiles.WithoutExtension, StringComparer.Ordinal))
        {
            var best = ImageFiles.Best(formats);
            string[] others = [.. formats.Where(file => file != best).Select(file => Path.GetFileName(file))];
            if (others.Length > 0)
            {
                findings.Add(new Finding(ErrorIds.ImageTwice,
                    $"'{best}' is taken for a film that is there in several formats, not {string.Join(", ", others)}.")
                {
                    Subject = best,
                    SuggestedFix = "Move the other files elsewhere; films that differ need different names.",
                });
            }

            yield return new MammoImage(best) { Class = name, Label = label };
        }
    }

    private static bool IsUnread(string path) => Unread.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
