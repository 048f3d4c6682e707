using System.Buffers;
using System.Text.Json;
using Mammo.Archive.Lines;

namespace Mammo.Archive.Shards;

/// <summary>
/// Which images a process is at, written down before each is begun: what a process that ended without a word left here may have ended it. A file for each
/// attempt, gone when the attempt ends in order. It is written, not flushed to the disk: it outlives the process, not the machine.
/// </summary>
internal sealed class InFlight : IDisposable
{
    private const string Extension = ".inflight";

    // The last line counts; behind so many bytes the file begins anew.
    private const int Most = 1 << 16;

    private readonly List<string> _open = [];
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly string _path;
    private FileStream? _file;

    /// <summary>Makes the record of an attempt; its file is made with the first image.</summary>
    public InFlight(string folder, Shard shard) => _path = Path.Combine(folder, $"{shard.Name}.{Guid.NewGuid().ToString("N")[..12]}{Extension}");

    /// <summary>How often each image was the only one that a process was at when it ended without a word; 0 for those that were at work with others.</summary>
    /// <param name="folder">Folder of the results.</param>
    /// <param name="shard">Whose images.</param>
    public static IReadOnlyDictionary<string, int> Left(string folder, Shard shard)
    {
        var left = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*-of-*" + Extension))
        {
            if (Shard.OfFile(Path.GetFileName(path)) is not { } other || !other.MayShare(shard))
                continue;
            var images = Read(path);
            foreach (var image in images)
                left[image] = left.GetValueOrDefault(image) + (images.Length == 1 ? 1 : 0);
        }

        return left;
    }

    /// <summary>Removes what attempts at a shard left, when nothing of it is to be done any more.</summary>
    public static void Forget(string folder, Shard shard)
    {
        foreach (var path in Directory.EnumerateFiles(folder, shard.Name + ".*" + Extension))
            TemporaryFiles.Remove(path);
    }

    /// <summary>An image is begun.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Begin(string identity)
    {
        _open.Add(identity);
        Write();
    }

    /// <summary>An image has a result.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void End(string identity)
    {
        _open.Remove(identity);
        Write();
    }

    /// <summary>The attempt ends in order, whatever is open.</summary>
    public void Dispose()
    {
        if (_file is null)
            return;
        _file.Dispose();
        TemporaryFiles.Remove(_path);
    }

    private void Write()
    {
        try
        {
            _file ??= new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (_file.Position > Most)
                _file.SetLength(0);
            _line.ResetWrittenCount();
            CheckedLine.Write(_line, json =>
            {
                json.WriteStartArray("at");
                foreach (var identity in _open)
                    json.WriteStringValue(identity);
                json.WriteEndArray();
            });
            _file.Write(_line.WrittenSpan);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.FileNotWritten, $"'{_path}' cannot be written: {failure.Message}", WriteErrors.FixOf(failure), _path, failure);
        }
    }

    private static string[] Read(string path)
    {
        try
        {
            string[] last = [];
            using var lines = new LineReader(path, "record of images at work");
            while (lines.Read(out var line))
            {
                if (!lines.HasEnd || !CheckedLine.IsWhole(line))
                    continue;
                var reader = new Utf8JsonReader(line);
                using var json = JsonDocument.ParseValue(ref reader);
                last = [.. json.RootElement.GetProperty("at").EnumerateArray().Select(identity => identity.GetString()!)];
            }

            return last;
        }
        catch (Exception failure) when (failure is MammoException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Its attempt ended in order meanwhile, or somebody wrote something else: nothing is known then.
            return [];
        }
    }
}
