using System.Buffers;

namespace Mammo.Archive.Shards;

/// <summary>
/// Where one attempt at a shard appends its results. What was added is written and flushed to the disk together after a time at the latest, also while nothing
/// is added. A file of its own for each attempt: nobody else ever writes to it.
/// </summary>
internal sealed class Journal : IDisposable
{
    /// <summary>How result files end.</summary>
    public const string Extension = ".jsonl";

    private const int Most = 1 << 20;

    private readonly object _gate = new();
    private readonly ArrayBufferWriter<byte> _waiting = new();
    private readonly Shard _shard;
    private readonly RunDescription _run;
    private readonly TimeSpan _commit;
    private readonly Timer _timer;
    private FileStream? _file;
    private MammoException? _failure;
    private long _committed;
    private bool _isDue;
    private bool _isDisposed;

    /// <summary>Makes a journal; its file is made with the first result.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="shard">Whose results it takes.</param>
    /// <param name="run">What decides them.</param>
    /// <param name="commit">After what time at the latest a result is on the disk.</param>
    public Journal(string folder, Shard shard, RunDescription run, TimeSpan commit)
    {
        (_shard, _run, _commit) = (shard, run, commit);
        FilePath = Path.Combine(folder, $"{shard.Name}.{Guid.NewGuid().ToString("N")[..12]}{Extension}");
        _timer = new Timer(_ => CommitDue());
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Whether anything was written.</summary>
    public bool HasFile => _file is not null;

    /// <summary>Adds a result.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: it, or an earlier one, cannot be written.</exception>
    public void Add(string identity, Result result)
    {
        lock (_gate)
        {
            if (_failure is not null)
                throw _failure;
            ResultLines.Write(_waiting, identity, result);
            if (_waiting.WrittenCount >= Most)
                Commit();
            else if (!_isDue)
                _timer.Change(_commit, Timeout.InfiniteTimeSpan);
            _isDue = _waiting.WrittenCount > 0;
        }
    }

    /// <summary>Brings everything that was added to the disk.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Commit()
    {
        lock (_gate)
        {
            if (_failure is not null)
                throw _failure;
            if (_waiting.WrittenCount == 0)
                return;
            try
            {
                if (_file is null)
                {
                    _file = new FileStream(FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
                    var header = new ArrayBufferWriter<byte>();
                    ResultLines.WriteHeader(header, _shard, _run);
                    _file.Write(header.WrittenSpan);
                }

                _file.Write(_waiting.WrittenSpan);
                _file.Flush(flushToDisk: true);
                _committed = _file.Position;
                _waiting.ResetWrittenCount();
                _isDue = false;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _failure = new MammoException(
                    ErrorIds.FileNotWritten, $"'{FilePath}' cannot be written: {failure.Message}", WriteErrors.FixOf(failure), FilePath, failure);
                Cut();
                throw _failure;
            }
        }
    }

    /// <summary>Closes the file; what was not committed is lost.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            _file?.Dispose();
        }
    }

    private void CommitDue()
    {
        try
        {
            lock (_gate)
            {
                if (!_isDisposed && _failure is null)
                    Commit();
            }
        }
        catch (MammoException)
        {
            // The next result finds it.
        }
    }

    // A disk that is full holds a part of the last lines.
    private void Cut()
    {
        try
        {
            if (_committed > 0)
                _file?.SetLength(_committed);
            else
                TemporaryFiles.Remove(FilePath);
        }
        catch (IOException)
        {
            // The torn line does not count, and is cut when the shard is taken up again.
        }
    }
}
