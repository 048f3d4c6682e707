using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Mammo.Archive.Lines;

namespace Mammo.Archive.Shards;

/// <summary>What a finished shard says of the files that hold its results, so that a later change of them is noticed.</summary>
/// <param name="Path">The seal's file.</param>
/// <param name="Images">Images of the shard.</param>
/// <param name="Files">The files as they were.</param>
internal sealed record Seal(string Path, long Images, ImmutableArray<SealedFile> Files)
{
    private const string Extension = ".seal";

    /// <summary>Where the seal of a shard is.</summary>
    public static string PathOf(string folder, Shard shard) => System.IO.Path.Combine(folder, shard.Name + Extension);

    /// <summary>The seals of a folder; those that cannot be read have no files.</summary>
    public static Seal[] In(string folder, bool recursive = false) =>
    [
        .. Directory.EnumerateFiles(folder, "*" + Extension, recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
            .Order(StringComparer.Ordinal).Select(path => Read(path) ?? new Seal(path, 0, [])),
    ];

    /// <summary>Writes it; whole or not at all.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public void Write()
    {
        var line = new ArrayBufferWriter<byte>();
        CheckedLine.Write(line, json =>
        {
            json.WriteNumber("images", Images);
            json.WriteStartArray("files");
            foreach (var file in Files)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteNumber("rows", file.Rows);
                json.WriteNumber("bytes", file.Bytes);
                json.WriteString("sha256", file.Hash);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        AtomicFile.Write(Path, stream => stream.Write(line.WrittenSpan));
    }

    private static Seal? Read(string path)
    {
        try
        {
            using var lines = new LineReader(path, "seal");
            if (!lines.Read(out var line) || !CheckedLine.IsWhole(line))
                return null;
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            return new Seal(path, json.RootElement.GetProperty("images").GetInt64(), [
                .. json.RootElement.GetProperty("files").EnumerateArray().Select(file => new SealedFile(
                    System.IO.Path.GetFileName(file.GetProperty("name").GetString()!), file.GetProperty("rows").GetInt64(),
                    file.GetProperty("bytes").GetInt64(), file.GetProperty("sha256").GetString()!)),
            ]);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or MammoException)
        {
            return null;
        }
    }
}

/// <summary>A result file as a seal knows it. What was appended behind these bytes since is no contradiction.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Lines, the header included.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Hash">SHA-256 of these bytes in lower-case hexadecimal.</param>
internal sealed record SealedFile(string Name, long Rows, long Bytes, string Hash)
{
    private const int Block = 1 << 18;

    /// <summary>A file as it is now, without a torn end, which may be cut later; or as far as another one says.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileUnreadable"/>.</exception>
    public static SealedFile Of(string path, long bytes = long.MaxValue)
    {
        try
        {
            using var file = InputFile.Open(path, bufferSize: 0);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var (buffer, rows, length) = (new byte[Block], 0L, 0L);
            var tail = new ArrayBufferWriter<byte>();
            while (length + tail.WrittenCount < bytes
                && file.Read(buffer, 0, (int)Math.Min(Block, bytes - length - tail.WrittenCount)) is > 0 and var read)
            {
                var whole = buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
                if (whole > 0)
                {
                    AddTail();
                    hash.AppendData(buffer, 0, whole);
                    rows += buffer.AsSpan(0, whole).Count((byte)'\n');
                    length += whole;
                }

                tail.Write(buffer.AsSpan(whole, read - whole));
            }

            if (bytes < long.MaxValue)
                AddTail();
            void AddTail()
            {
                hash.AppendData(tail.WrittenSpan);
                length += tail.WrittenCount;
                tail.ResetWrittenCount();
            }

            return new SealedFile(System.IO.Path.GetFileName(path), rows, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable("result file", path, failure);
        }
    }
}
