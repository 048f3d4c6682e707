using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mammo.Torch.Training.Checkpoints;

/// <summary>
/// The checkpoints of one training: the two newest that are whole, a file each, named by the number of epochs done (<c>epoch-00012.checkpoint</c>). Files of
/// other names, copies for instance, are neither read nor removed.
/// </summary>
/// <param name="path">The folder; made when the first checkpoint is saved.</param>
internal sealed partial class CheckpointFolder(string path)
{
    private const int Kept = 2;

    // Those that this object has read or written; others are looked at.
    private readonly HashSet<string> _whole = new(StringComparer.Ordinal);

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>Writes a checkpoint and then removes all but it and the newest whole one before.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.CheckpointUnwritable"/>.</exception>
    public void Save(int epoch, string text, IReadOnlyList<KeyValuePair<string, byte[]>> blocks)
    {
        var name = System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D5}.checkpoint"));
        try
        {
            CheckpointFile.Write(name, text, blocks);
            _whole.Add(name);
            foreach (var old in Files().Where(IsWhole).Skip(Kept).ToArray())
                File.Delete(old);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or MammoException { ErrorId: ErrorIds.FileNotWritten })
        {
            var failure = error.InnerException ?? error;
            throw new MammoException(
                ErrorIds.CheckpointUnwritable,
                $"The checkpoint of epoch {epoch} cannot be written to '{Path}': {failure.Message.TrimEnd('.')}.",
                $"{WriteErrors.FixOf(failure)} "
                + $"{(Directory.Exists(Path) && Files().Any(IsWhole) ? "Then resume: the checkpoint before it is still there." : "")}".TrimEnd(),
                Path,
                error);
        }
    }

    /// <summary>The newest checkpoint that is whole and of the form that the reader wants; null when there is none at all.</summary>
    /// <param name="read">Makes it of its text and blocks; throws <see cref="InvalidDataException"/> or <see cref="JsonException"/> where it is of another
    /// form.</param>
    /// <param name="damaged">Called with every file that is passed over, why, and whether an older one is left.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.CheckpointInvalid"/>: all are damaged; <see cref="ErrorIds.FileUnreadable"/>: one may not be read, so that nothing is known of it.
    /// </exception>
    public T? LoadNewest<T>(Func<string, IReadOnlyDictionary<string, byte[]>, T> read, Action<string, Exception> damaged)
        where T : class
    {
        if (!Directory.Exists(Path))
            return null;
        Exception? last = null;
        var files = Files();
        foreach (var file in files)
        {
            try
            {
                var (text, blocks) = CheckpointFile.Read(file);
                var found = read(text, blocks);
                _whole.Add(file);
                return found;
            }
            catch (Exception error) when (InputFile.ErrorOf("checkpoint", file, error) is { } known)
            {
                // The older one would lose an epoch, though the newest may be whole.
                throw known;
            }
            catch (Exception error) when (error is IOException or InvalidDataException or JsonException)
            {
                damaged(file, last = error);
            }
        }

        return files.Length == 0
            ? null
            : throw new MammoException(
                ErrorIds.CheckpointInvalid,
                $"None of the {files.Length} checkpoints in '{Path}' can be used: {last!.Message.TrimEnd('.')}.",
                "Start again without -Resume in another folder, unless another version of Mammo wrote them: finish the training with that one.",
                Path,
                last);
    }

    private bool IsWhole(string file)
    {
        if (_whole.Contains(file))
            return true;
        if (!CheckpointFile.IsWhole(file))
            return false;
        _whole.Add(file);
        return true;
    }

    /// <summary>Newest first.</summary>
    private string[] Files() =>
    [
        .. Directory.GetFiles(Path)
            .Select(file => (File: file, Name: ExactName().Match(System.IO.Path.GetFileName(file))))
            .Where(pair => pair.Name.Success)
            .OrderByDescending(pair => int.Parse(pair.Name.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            .Select(pair => pair.File),
    ];

    [GeneratedRegex(@"^epoch-([0-9]{5,9})\.checkpoint$", RegexOptions.CultureInvariant)]
    private static partial Regex ExactName();
}

/// <summary>Where a training leaves checkpoints.</summary>
/// <param name="Folder">A folder of its own; made if it is missing.</param>
/// <param name="Resume">
/// Go on from the folder's newest checkpoint, or start where there is none yet; false starts anew and wants a folder without checkpoints.
/// </param>
public sealed record CheckpointOptions(string Folder, bool Resume);
