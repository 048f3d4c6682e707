using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Archive.Lines;
using Mammo.Data.Datasets;
using Mammo.Data.Loading;

namespace Mammo.Archive.Worklists;

/// <summary>
/// Writes worklists: first beside their place (<c>.part</c>), where a run that was stopped goes on, then into it. Constant memory; headers are read ahead by
/// several threads.
/// </summary>
public sealed class WorklistWriter
{
    private const int Ahead = 32;
    private const int Block = 1 << 18;

    private readonly string _path;
    private readonly string _root;
    private readonly WorklistFormat _format;
    private readonly ArrayBufferWriter<byte> _lines = new(Block);
    private readonly CancellationToken _cancellation;
    private ImmutableArray<string> _classes = [];
    private MammoWorklist _list;

    private WorklistWriter(string path, string root, WorklistFormat format, CancellationToken cancellation)
    {
        (_path, _root, _format, _cancellation) = (path, root, format, cancellation);
        _list = new MammoWorklist { Path = path, Root = root };
    }

    private string Part => _path + ".part";

    /// <summary>Lists the images of a folder and those below it.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="path">The list; replaced where it exists.</param>
    /// <param name="format">Which files are taken.</param>
    /// <param name="workers">Threads that read headers, at least 1.</param>
    /// <param name="progress">Called after each file with the number of files looked at, on the caller's thread.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>; what was listed is kept for the next call.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.FileNotFound"/>: no such folder; <see cref="ErrorIds.FileUnreadable"/>: a folder cannot be listed;
    /// <see cref="ErrorIds.FileNotWritten"/>; <see cref="ErrorIds.WorklistInvalid"/>: no image at all.
    /// </exception>
    public static MammoWorklist Write(
        string root, string path, WorklistFormat format, int workers, Action<long, string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (!Directory.Exists(full))
            throw new MammoException(ErrorIds.FileNotFound, $"The folder '{root}' does not exist.", target: root);
        var writer = new WorklistWriter(Path.GetFullPath(path), full, format, cancellation);
        return writer.Write(
            after => ArchiveTree.Files(full, after)
                .LoadOrdered((file, _) => ImageIdentity.Of(file, format), workers, Ahead * workers, cancellation)
                .Select(result => (result.Item.Path, result.ValueOrThrow())),
            progress);
    }

    /// <summary>Lists the images of a dataset with what it says of them.</summary>
    /// <param name="images">The images.</param>
    /// <param name="root">Folder that they are all below.</param>
    /// <param name="path">The list; replaced where it exists.</param>
    /// <param name="workers">Threads that read headers, at least 1.</param>
    /// <param name="progress">Called after each image.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MammoException">As above; <see cref="ErrorIds.WorklistInvalid"/>: an image is not below the root.</exception>
    public static MammoWorklist Write(
        IReadOnlyCollection<MammoImage> images, string root, string path, int workers, Action<long, string>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var writer = new WorklistWriter(Path.GetFullPath(path), Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)), WorklistFormat.Any, cancellation);
        writer._classes = [.. images.Select(image => image.Class).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        TemporaryFiles.Remove(writer.Part);
        return writer.Write(
            _ => images.Select(image => (image, file: writer.Below(image)))
                .LoadOrdered((pair, _) => (WorkItem?)ImageIdentity.Of(pair.image, pair.file), workers, Ahead * workers, cancellation)
                .Select(result => (result.Item.file.Path, result.ValueOrThrow())),
            progress);
    }

    private MammoWorklist Write(Func<string?, IEnumerable<(string Path, WorkItem? Item)>> items, Action<long, string>? progress)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var (after, end) = Earlier();
            using (var file = new FileStream(Part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.SetLength(end);
                file.Position = end;
                if (end == 0)
                    WorklistLines.WriteHeader(_lines, new WorklistHeader(_root, $"{_format}", _classes));
                try
                {
                    Fill(items(after), file, progress);
                }
                finally
                {
                    Flush(file);
                }

                if (_list.Files == 0)
                    throw new MammoException(
                        ErrorIds.WorklistInvalid, $"There is no image to list below '{_root}'.", "Name the folder of the images, or another -Format.", _root);
                file.Flush(flushToDisk: true);
            }

            var copies = WorklistCopies.Of(Part, Path.GetDirectoryName(_path)!, _cancellation);
            File.Move(Part, _path, overwrite: true);
            return _list with { Copies = copies.Count, DifferentCopies = copies.Different, DifferentExamples = copies.Examples };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(
                ErrorIds.FileNotWritten, $"The worklist '{_path}' cannot be written: {failure.Message}", WriteErrors.FixOf(failure), _path, failure);
        }
    }

    private void Fill(IEnumerable<(string Path, WorkItem? Item)> items, FileStream file, Action<long, string>? progress)
    {
        foreach (var (path, item) in items)
        {
            if (item is null)
            {
                _list = _list with { PassedOver = _list.PassedOver + 1 };
            }
            else
            {
                _list = _list.With(item);
                WorklistLines.Write(_lines, item);
                if (_lines.WrittenCount >= Block)
                    Flush(file);
            }

            progress?.Invoke(_list.Files + _list.PassedOver, path);
        }
    }

    private void Flush(FileStream file)
    {
        file.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }

    // What a call that was stopped has listed: the last path, and where its line ends. A part of another root or format is begun anew.
    private (string? After, long End) Earlier()
    {
        if (!File.Exists(Part) || InputFile.LengthOf(Part) == 0)
            return (null, 0);
        using var lines = new LineReader(Part, "worklist");
        (string? after, long end) = (null, 0);
        while (lines.Read(out var line) && lines.HasEnd && CheckedLine.IsWhole(line))
        {
            try
            {
                if (end == 0 && WorklistLines.Header(line) is var header && (header.Root != _root || header.Format != $"{_format}"))
                    return (null, 0);
                if (end > 0)
                {
                    var item = WorklistLines.Parse(line);
                    (_list, after) = (_list.With(item), item.Image.Path);
                }
            }
            catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                break;
            }

            end = lines.End;
        }

        return (after, end);
    }

    private ArchiveFile Below(MammoImage image)
    {
        var relative = Path.GetRelativePath(_root, image.Path).Replace(Path.DirectorySeparatorChar, '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal)
            ? throw new MammoException(
                ErrorIds.WorklistInvalid, $"'{image.Path}' is not below the root '{_root}'.", "Name a folder that holds all images by -Root.", image.Path)
            : new ArchiveFile(relative, image.Path);
    }
}
