using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Mammo.Torch.Training.Checkpoints;

/// <summary>
/// A file of named blocks of bytes and a text, all under one SHA-256: magic, length of the table (8 bytes, little-endian), table (JSON), blocks one after the
/// other, hash of everything before it.
/// It appears whole or not at all.
/// </summary>
internal static class CheckpointFile
{
    private const int HashLength = 32;
    private static readonly byte[] Magic = "MAMMOCP2"u8.ToArray();

    private sealed record Block(string Name, int Length);

    private sealed record Table(string Text, List<Block> Blocks);

    /// <summary>Writes a temporary file beside <paramref name="path"/>, flushes it to the disk, reads it back, compares the hash and renames it.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="text">The text.</param>
    /// <param name="blocks">The blocks, in an order that stays.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the disk is full, or what was read back differs.</exception>
    public static void Write(string path, string text, IReadOnlyList<KeyValuePair<string, byte[]>> blocks)
    {
        byte[] hash = [];
        AtomicFile.Write(path, stream => hash = WriteTo(stream, text, blocks), temporary =>
        {
            using var file = InputFile.Open(temporary);
            if (!HashOf(file, file.Length - HashLength).AsSpan().SequenceEqual(hash))
                throw new IOException($"What was written to '{temporary}' reads back differently.");
        });
    }

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is truncated or damaged, or of another form.</exception>
    public static (string Text, IReadOnlyDictionary<string, byte[]> Blocks) Read(string path)
    {
        using var file = InputFile.Open(path);
        CheckHash(file);

        // Another version or program writes right hashes too: every length is held against the file before memory is taken for it.
        file.Position = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
            throw OtherVersion("its first bytes are others");
        var length = reader.ReadInt64();
        var left = file.Length - HashLength - file.Position;
        if (length < 0 || length > left || length > Array.MaxLength)
            throw OtherVersion("its table has no possible length");
        var table = TableOf(reader.ReadBytes((int)length));
        if (table.Blocks.Sum(block => (long)block.Length) != left - length)
            throw OtherVersion("its blocks have not the length of the file");
        return (table.Text, table.Blocks.ToDictionary(block => block.Name, block => reader.ReadBytes(block.Length), StringComparer.Ordinal));
    }

    /// <summary>Whether a file is there and its hash is that of its content.</summary>
    public static bool IsWhole(string path)
    {
        try
        {
            using var file = InputFile.Open(path);
            CheckHash(file);
            return true;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void CheckHash(FileStream file)
    {
        var end = file.Length - HashLength;
        if (end < Magic.Length + sizeof(long))
            throw new InvalidDataException("it is too short");
        var hash = HashOf(file, end);
        var written = new byte[HashLength];
        file.ReadExactly(written);
        if (!hash.AsSpan().SequenceEqual(written))
            throw new InvalidDataException("its hash does not fit its content");
    }

    private static Table TableOf(byte[] json)
    {
        try
        {
            var table = JsonSerializer.Deserialize<Table>(json);
            return table is { Text: not null, Blocks: not null } && table.Blocks.TrueForAll(block => block is { Name: not null, Length: >= 0 })
                && table.Blocks.DistinctBy(block => block.Name, StringComparer.Ordinal).Count() == table.Blocks.Count
                ? table
                : throw OtherVersion("its table is not complete");
        }
        catch (JsonException error)
        {
            throw OtherVersion(error.Message);
        }
    }

    private static InvalidDataException OtherVersion(string why) => new($"it was written by another version of Mammo: {why}");

    private static byte[] WriteTo(Stream file, string text, IReadOnlyList<KeyValuePair<string, byte[]>> blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var table = JsonSerializer.SerializeToUtf8Bytes(new Table(text, [.. blocks.Select(block => new Block(block.Key, block.Value.Length))]));
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, table.LongLength);
        foreach (var part in new[] { Magic, length, table }.Concat(blocks.Select(block => block.Value)))
        {
            file.Write(part);
            hash.AppendData(part);
        }

        var result = hash.GetHashAndReset();
        file.Write(result);
        return result;
    }

    private static byte[] HashOf(FileStream file, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        file.Position = 0;
        for (var left = length; left > 0;)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
                throw new InvalidDataException("it ends early");
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        return hash.GetHashAndReset();
    }
}
