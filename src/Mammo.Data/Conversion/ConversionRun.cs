using Mammo.Data.Files;

namespace Mammo.Data.Conversion;

/// <summary>A folder while images are converted into it: one run's alone, and marked as unfinished until the last image is there.</summary>
/// <param name="folder">The folder; nothing is written to it before the first image.</param>
internal sealed class ConversionRun(string folder) : IDisposable
{
    private FolderOwner? _owner;

    private string MarkPath => Path.Combine(folder, UnfinishedMark.Conversion);

    /// <summary>Takes the folder and marks it, if that has not been done.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FolderInUse"/>; <see cref="ErrorIds.FolderUnwritable"/>;
    /// <see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Begin()
    {
        if (_owner is not null)
            return;
        _owner = FolderOwner.Take(folder);
        AtomicFile.Write(MarkPath, stream => stream.Write("Images are being converted into this folder, or the run was stopped: it is not complete.\n"u8));
    }

    /// <summary>Everything is there.</summary>
    public void Finish()
    {
        if (_owner is not null)
            File.Delete(MarkPath);
    }

    /// <inheritdoc/>
    public void Dispose() => _owner?.Dispose();
}
