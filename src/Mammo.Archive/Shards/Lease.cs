using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mammo.Archive.Shards;

/// <summary>
/// The right to score a shard, in a folder that several machines may share: a numbered file that its holder rewrites all the time. Who finds one that does not
/// change for its whole duration, or whose holder was a process of the same machine that is gone, takes over by making the next number, which only one can.
/// </summary>
/// <remarks>
/// Clocks of machines are never compared: how long a file has not changed is measured by who waits. The limits: a holder that is frozen for longer than the
/// duration loses the shard while it lives and finds out with its next beat; until then both may score, each into a file of its own.
/// </remarks>
internal sealed class Lease : IDisposable
{
    private const int BeatsPerDuration = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly string _next;
    private readonly string _owner;
    private readonly TimeSpan _duration;
    private readonly Timer _timer;
    private readonly Stopwatch _sinceBeat = Stopwatch.StartNew();
    private readonly object _gate = new();
    private long _beats;
    private bool _isDisposed;
    private volatile bool _isLost;

    private Lease(string folder, Shard shard, long number, string owner, TimeSpan duration)
    {
        (_path, _next, _owner, _duration) = (PathOf(folder, shard, number), PathOf(folder, shard, number + 1), owner, duration);
        _timer = new Timer(_ => Beat(), null, duration / BeatsPerDuration, duration / BeatsPerDuration);
    }

    /// <summary>Whether another process has taken the shard over, or the lease could not be kept.</summary>
    public bool IsLost => _isLost;

    /// <summary>Takes a shard; waits until it is known whether another process holds it.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ShardInUse"/>; <see cref="ErrorIds.FolderUnwritable"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public static Lease Take(string folder, Shard shard, TimeSpan duration, CancellationToken cancellation = default)
    {
        var owner = Guid.NewGuid().ToString("N");
        while (true)
        {
            var held = Newest(folder, shard);
            var (before, after) = (PathOf(folder, shard, held), PathOf(folder, shard, held + 1));
            var abandoned = held > 0 ? Abandoned(before, shard, duration, cancellation) : null;
            if ((held > 0 && abandoned is null) || !Make(after, Content(owner, 0, duration)))
                continue;

            // While this one slept others may have taken the shard over, given it back, and taken it again under the same number.
            if (Read(before) is { } now && now != abandoned)
            {
                TemporaryFiles.Remove(after);
                continue;
            }

            for (var number = held; number > 0 && File.Exists(PathOf(folder, shard, number)); number--)
                TemporaryFiles.Remove(PathOf(folder, shard, number));
            return new Lease(folder, shard, held + 1, owner, duration);
        }
    }

    /// <summary>Gives the shard back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _timer.Dispose();
        if (!_isLost && Parts(Read(_path)) is { } parts && parts.Owner == _owner)
            TemporaryFiles.Remove(_path);
    }

    private static string PathOf(string folder, Shard shard, long number) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{shard.Name}.lease.{number}"));

    private static long Newest(string folder, Shard shard)
    {
        var prefix = $"{shard.Name}.lease.";
        return Directory.EnumerateFiles(folder, prefix + "*").Select(NumberOf).DefaultIfEmpty().Max();

        long NumberOf(string file) =>
            long.TryParse(Path.GetFileName(file)[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    // The content that its holder left; null where it is gone meanwhile, and all begins anew.
    private static string? Abandoned(string path, Shard shard, TimeSpan duration, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        var first = Read(path);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var content = Read(path);
            if (content is null)
                return null;
            var parts = Parts(content);
            if (parts is { Process.IsGone: true })
                return content;
            if (content != first || parts is { Process.IsHere: true })
                throw InUse(shard, parts, path);
            if (waited.Elapsed >= (parts is { } held && held.Duration > duration ? held.Duration : duration))
                return content;
            Thread.Sleep(Pause);
        }
    }

    // Exclusive also on NFS from version 3 on.
    private static bool Make(string path, string content)
    {
        var isMade = false;
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            isMade = true;
            file.Write(Encoding.UTF8.GetBytes(content));
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException) when (!isMade && File.Exists(path))
        {
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A disk that is full still takes the name of a file.
            if (isMade)
                TemporaryFiles.Remove(path);
            throw new MammoException(
                ErrorIds.FolderUnwritable,
                $"Nothing can be written to the folder '{Path.GetDirectoryName(path)}': {failure.Message}",
                WriteErrors.FixOf(failure),
                path,
                failure);
        }
    }

    private static string Content(string owner, long beats, TimeSpan duration) => string.Create(
        CultureInfo.InvariantCulture,
        $"{owner}\n{ProcessIdentity.Own.Machine}\n{ProcessIdentity.Own.Process}\n{ProcessIdentity.Own.Start}\n{duration.TotalSeconds:R}\n{beats}\n");

    private static (string Owner, ProcessIdentity Process, TimeSpan Duration)? Parts(string? content) =>
        content?.Split('\n') is [{ Length: > 0 } owner, var machine, var process, var start, var seconds, _, ""]
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var began)
        && double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var duration) && duration is > 0 and < 1e6
            ? (owner, new ProcessIdentity(machine, number, began), TimeSpan.FromSeconds(duration))
            : null;

    // Null where there is none; empty where its maker died before it wrote, or is just writing. NFS looks at the server when a file is opened.
    private static string? Read(string path)
    {
        try
        {
            using var text = InputFile.OpenText(path);
            return text.ReadToEnd();
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static MammoException InUse(Shard shard, (string Owner, ProcessIdentity Process, TimeSpan Duration)? holder, string path) => new(
        ErrorIds.ShardInUse,
        holder is { } one
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Shard {shard} is being scored by process {one.Process.Process} on {one.Process.Machine.Split(' ')[0]}.")
            : $"Shard {shard} is being scored by another process.",
        target: path);

    private void Beat()
    {
        lock (_gate)
        {
            if (_isDisposed || _isLost)
                return;
            try
            {
                if (File.Exists(_next) || Parts(Read(_path)) is not { } parts || parts.Owner != _owner)
                {
                    _isLost = true;
                    return;
                }

                // In its place, so that who has it open sees the change.
                using (var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
                {
                    file.Write(Encoding.UTF8.GetBytes(Content(_owner, ++_beats, _duration)));
                    file.Flush(flushToDisk: true);
                }

                _sinceBeat.Restart();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _isLost = failure is FileNotFoundException or DirectoryNotFoundException || _sinceBeat.Elapsed >= _duration;
            }
        }
    }
}
