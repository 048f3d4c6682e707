using System.Text.Json;
using Mammo.Archive.Lines;

namespace Mammo.Archive.Shards;

/// <summary>A journal that is there: one attempt's results.</summary>
/// <param name="Path">The file.</param>
/// <param name="Shard">The shard that it was written for.</param>
internal sealed record ResultFile(string Path, Shard Shard)
{
    private const string Damaged = ".damaged";

    /// <summary>Takes the lines of a file.</summary>
    /// <param name="line">A whole line that is a result.</param>
    public delegate void Take(ReadOnlySpan<byte> line);

    /// <summary>The result files of a folder, in ordinal order.</summary>
    public static ResultFile[] In(string folder, bool recursive = false) =>
    [
        .. Directory.EnumerateFiles(folder, "*-of-*" + Journal.Extension, recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
            .Order(StringComparer.Ordinal)
            .Select(file => Shard.OfFile(System.IO.Path.GetFileName(file)) is { } shard ? new ResultFile(file, shard) : null)
            .OfType<ResultFile>(),
    ];

    /// <summary>The run that it says it is of; null where it does not begin with a header.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ResultDamaged"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    public RunDescription? Run()
    {
        if (InputFile.LengthOf(Path) == 0)
            return null;
        using var lines = new LineReader(Path, "result file");
        return lines.Read(out var line) && lines.HasEnd && CheckedLine.IsWhole(line) && ResultLines.IsHeader(line) ? HeaderOf(line) : null;
    }

    /// <summary>Reads the results.</summary>
    /// <param name="run">The run that they must be of; null takes the file's own.</param>
    /// <param name="take">Given each whole line.</param>
    /// <returns>Lines that are damaged, and the file's run; null of a file that died before it was begun, or was set aside since it was listed.</returns>
    /// <exception cref="MammoException"><see cref="ErrorIds.ShardOptionsDiffer"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    public (long DamagedLines, RunDescription? Run) Read(RunDescription? run, Take take)
    {
        using var lines = Open();
        if (lines is null)
            return (0, null);
        RunDescription? own = null;
        var damaged = 0L;
        while (lines.Read(out var line))
        {
            if (!lines.HasEnd)
            {
                // Torn when its writer died, or just being written.
            }
            else if (!CheckedLine.IsWhole(line))
            {
                damaged++;
            }
            else if (ResultLines.IsHeader(line))
            {
                own = HeaderOf(line);
                run?.RequireSame(own, Path);
            }
            else if (own is null)
            {
                // Of which run these are nothing says.
                damaged++;
            }
            else
            {
                take(line);
            }
        }

        return (damaged, own);
    }

    /// <summary>Cuts a torn end, which a process leaves that dies while it writes.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void CutTornEnd()
    {
        try
        {
            var end = 0L;
            using (var lines = Open())
            {
                if (lines is null)
                    return;
                while (lines.Read(out var line))
                    end = lines.HasEnd && CheckedLine.IsWhole(line) ? lines.End : end;
            }

            if (end == InputFile.LengthOf(Path))
                return;
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.SetLength(end);
            file.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.FileNotWritten, $"'{Path}' cannot be cut: {failure.Message}", WriteErrors.FixOf(failure), Path, failure);
        }
    }

    /// <summary>Gives a file another name, under which it does not count; it is kept for who wants to look.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static void SetAside(string path)
    {
        try
        {
            File.Move(path, path + Damaged, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Another process was faster.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.FileNotWritten, $"'{path}' cannot be set aside: {failure.Message}", WriteErrors.FixOf(failure), path, failure);
        }
    }

    // Empty, or gone: another shard's process sets a file aside that its seal contradicts, perhaps after this one has listed it.
    private LineReader? Open()
    {
        try
        {
            return InputFile.LengthOf(Path) == 0 ? null : new LineReader(Path, "result file");
        }
        catch (Exception failure) when (failure is FileNotFoundException or MammoException { ErrorId: ErrorIds.FileNotFound })
        {
            return null;
        }
    }

    private RunDescription HeaderOf(ReadOnlySpan<byte> line)
    {
        try
        {
            return ResultLines.Header(line);
        }
        catch (JsonException failure)
        {
            throw new MammoException(
                ErrorIds.ResultDamaged, $"The header of '{Path}' cannot be used: {failure.Message}", "Remove the file; its images are scored again.", Path,
                failure);
        }
    }
}
