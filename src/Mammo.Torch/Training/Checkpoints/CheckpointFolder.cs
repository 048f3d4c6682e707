using System.Globalization;

namespace Mammo.Torch.Training.Checkpoints;

/// <summary>The checkpoints of one training: the newest and the one before it, a file each, named by the number of epochs done.</summary>
/// <param name="path">The folder; made when the first checkpoint is saved.</param>
internal sealed class CheckpointFolder(string path)
{
    private const string Prefix = "epoch-";
    private const string Extension = ".checkpoint";
    private const int Kept = 2;

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>Writes a checkpoint and then removes all but it and the one before.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.CheckpointUnwritable"/>.</exception>
    public void Save(int epoch, string text, IReadOnlyList<KeyValuePair<string, byte[]>> blocks)
    {
        try
        {
            Directory.CreateDirectory(Path);
            CheckpointFile.Write(System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{epoch:D5}{Extension}")), text, blocks);
            foreach (var old in Files().Skip(Kept))
                File.Delete(old);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.CheckpointUnwritable, $"The checkpoint of epoch {epoch} cannot be written to '{Path}': {error.Message}",
                "Free disk space or name another folder, then resume: the checkpoint before it is still there.", Path, error);
        }
    }

    /// <summary>The newest checkpoint that is whole; null when there is none at all.</summary>
    /// <param name="damaged">Called with every damaged file that is passed over.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.CheckpointInvalid"/>: all are damaged.</exception>
    public (string Text, IReadOnlyDictionary<string, byte[]> Blocks)? LoadNewest(Action<string, Exception> damaged)
    {
        if (!Directory.Exists(Path))
            return null;
        var files = Files();
        foreach (var file in files)
        {
            try
            {
                return CheckpointFile.Read(file);
            }
            catch (UnauthorizedAccessException error)
            {
                // The older one would lose an epoch, though the newest may be whole.
                throw InputFile.Unreadable("checkpoint", file, error);
            }
            catch (Exception error) when (error is IOException or InvalidDataException)
            {
                damaged(file, error);
            }
        }

        return files.Length == 0
            ? null
            : throw new MammoException(
                ErrorIds.CheckpointInvalid, $"None of the {files.Length} checkpoints in '{Path}' can be read.", "Start again without -Resume.", Path);
    }

    /// <summary>Newest first.</summary>
    private string[] Files() => [.. Directory.GetFiles(Path, Prefix + "*" + Extension).OrderDescending(StringComparer.Ordinal)];
}

/// <summary>Where a training leaves checkpoints.</summary>
/// <param name="Folder">A folder of its own; made if it is missing.</param>
/// <param name="Resume">
/// Go on from the folder's newest checkpoint, or start where there is none yet; false starts anew and wants a folder without checkpoints.
/// </param>
public sealed record CheckpointOptions(string Folder, bool Resume);
