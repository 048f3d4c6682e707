using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Files;
using Mammo.Data.Images;

namespace Mammo.Data.Patches;

/// <summary>The table of a patch set, by which it can be replaced without touching anything else in its folder.</summary>
internal sealed class PatchTable(string folder) : IDisposable
{
    private const string FileName = "patches.csv";
    private static readonly string[] Columns = ["path", "label", "source", "image", "abnormality", "x", "y"];
    private readonly ConcurrentDictionary<int, ImmutableArray<PatchRow>> _rows = [];
    private readonly object _lock = new();
    private FolderOwner? _owner;
    private StreamWriter? _unfinished;

    private string FilePath => Path.Combine(folder, FileName);

    /// <summary>Names of the patches while the table is not written yet, so that the set of a process that was killed can be replaced too.</summary>
    private string UnfinishedPath => Path.Combine(folder, UnfinishedMark.Patches);

    /// <summary>
    /// Takes the folder and makes room: a set that is there already is an error or, if forced, removed. Images that no table names are never removed.
    /// </summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FolderInUse"/>; <see cref="ErrorIds.FolderUnwritable"/>;
    /// <see cref="ErrorIds.FileExists"/>.</exception>
    public void Clear(IReadOnlyCollection<string> classes, bool force)
    {
        _owner = FolderOwner.Take(folder);
        if (force && File.Exists(FilePath))
            Remove(CsvTable.Read(FilePath, "path").Rows.Select(row => row["path"]).OfType<string>(), FilePath);
        if (force && File.Exists(UnfinishedPath))
            Remove(InputFile.LengthOf(UnfinishedPath) == 0 ? [] : InputFile.Lines(UnfinishedPath), UnfinishedPath);
        foreach (var name in classes)
        {
            var classFolder = Path.Combine(folder, name);
            if (Directory.Exists(classFolder)
                && Directory.EnumerateFiles(classFolder, "*.png").FirstOrDefault(path => !HiddenFiles.IsHidden(Path.GetFileName(path))) is { } file)
            {
                throw new MammoException(
                    ErrorIds.FileExists,
                    $"The folder '{folder}' holds patches already, '{file}' for one; old and new patches would be mixed.",
                    force || !(File.Exists(FilePath) || File.Exists(UnfinishedPath))
                        ? "They are in no table patches.csv: remove them yourself, or choose another folder."
                        : "Choose another folder, or -Force to replace the set.",
                    file);
            }
        }
    }

    /// <summary>Films of those patches of a folder's table that are among the given files; none where it has no table of patches.</summary>
    public static IEnumerable<string> FilmsOf(string folder, IReadOnlySet<string> files)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path)
            ? CsvTable.Read(path, "path").Rows
                .Where(row => row["path"] is { } file && files.Contains(Path.GetFullPath(Path.Combine(folder, file))))
                .Select(row => row["image"]).OfType<string>().Select(Path.GetFullPath)
            : [];
    }

    /// <summary>Makes a class's folder, so that a class without patches is there too.</summary>
    public void MakeFolder(string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.FolderUnwritable, $"The folder '{path}' cannot be made: {error.Message}", target: path, inner: error);
        }
    }

    /// <summary>Marks the set as unfinished, until the table is written.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Begin() => Unfinished(writer => writer.Flush());

    /// <summary>Notes the patches of an image before they are written, so that an interrupted set can be replaced too. From any thread.</summary>
    public void Add(int image, ImmutableArray<PatchRow> rows)
    {
        _rows[image] = rows;
        Unfinished(writer =>
        {
            foreach (var row in rows)
                writer.WriteLine(row.File);
            writer.Flush();
        });
    }

    /// <summary>Writes the table in the order of the images: the set is complete.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>: patches have vanished; <see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Write()
    {
        if (_rows.Values.SelectMany(rows => rows).FirstOrDefault(row => !File.Exists(Path.Combine(folder, row.File))) is { } gone)
            throw new MammoException(
                ErrorIds.FileNotFound, $"The patch '{gone.File}' has vanished from '{folder}' since it was written; the set is not complete.",
                "Make the set again (-Force).", gone.File);
        CsvTable.Write(FilePath, Columns, _rows.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value).Select(row => row.Fields));
        _unfinished?.Dispose();
        Remove(UnfinishedPath);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unfinished?.Dispose();
        _owner?.Dispose();
    }

    private void Unfinished(Action<StreamWriter> write)
    {
        lock (_lock)
        {
            try
            {
                write(_unfinished ??= new StreamWriter(UnfinishedPath, append: true));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new MammoException(
                    ErrorIds.FileNotWritten, $"The file '{UnfinishedPath}' cannot be written: {error.Message}", WriteErrors.FixOf(error), UnfinishedPath,
                    error);
            }
        }
    }

    /// <summary>
    /// The file of a row that this class writes: a PNG in a class's folder. Whatever else a row names, or reaches through a link, is not the set's and stays.
    /// </summary>
    private string? PatchOf(string row)
    {
        if (row.Split('/') is not [var name, var file] || !file.EndsWith(".png", StringComparison.Ordinal) || HiddenFiles.IsHidden(name)
            || HiddenFiles.IsHidden(file)
            || row.AsSpan().IndexOfAny("\\:\0") >= 0)
            return null;
        var classFolder = new DirectoryInfo(Path.Combine(folder, name));
        var patch = new FileInfo(Path.Combine(classFolder.FullName, file));
        return classFolder is { Exists: true, LinkTarget: null } && patch is { Exists: true, LinkTarget: null } ? patch.FullName : null;
    }

    private void Remove(IEnumerable<string> patches, string table)
    {
        // All read before the table goes. What is no file is passed over: the last line of a killed process may be torn, and name a folder.
        foreach (var file in patches.Select(PatchOf).OfType<string>().ToArray())
            Remove(file);
        Remove(table);
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(
                ErrorIds.FileNotWritten, $"The file '{path}' of the old patch set cannot be removed: {error.Message}", target: path, inner: error);
        }
    }
}

/// <summary>One patch in a patch set's table.</summary>
/// <param name="File">The file below the set's folder.</param>
/// <param name="Class">Its class.</param>
/// <param name="Source">roi, hard_negative, background, outside or edge.</param>
/// <param name="Image">The image it was cut from.</param>
/// <param name="Abnormality">The lesion it is named after.</param>
/// <param name="Centre">Its centre in the resized image, before the cut to the breast.</param>
internal sealed record PatchRow(string File, string Class, PatchSource Source, string Image, string Abnormality, PixelPoint Centre)
{
    /// <summary>The row in the order of the table's columns.</summary>
    public string[] Fields =>
        [File, Class, SourceName, Image, Abnormality, Centre.X.ToString(CultureInfo.InvariantCulture), Centre.Y.ToString(CultureInfo.InvariantCulture)];

    private string SourceName => Source == PatchSource.HardNegative ? "hard_negative" : Source.ToString().ToLowerInvariant();
}
