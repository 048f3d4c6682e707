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
    /// <exception cref="IOException">The disk is full, or what was read back differs.</exception>
    public static void Write(string path, string text, IReadOnlyList<KeyValuePair<string, byte[]>> blocks)
    {
        var temporary = path + ".tmp";
        try
        {
            var hash = WriteTo(temporary, text, blocks);
            using (var file = InputFile.Open(temporary))
            {
                if (!HashOf(file, file.Length - HashLength).SequenceEqual(hash))
                    throw new IOException($"What was written to '{temporary}' reads back differently.");
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is truncated or damaged.</exception>
    public static (string Text, IReadOnlyDictionary<string, byte[]> Blocks) Read(string path)
    {
        using var file = InputFile.Open(path);
        var end = file.Length - HashLength;
        if (end < Magic.Length + sizeof(long))
            throw new InvalidDataException("it is too short");
        var hash = HashOf(file, end);
        var written = new byte[HashLength];
        file.ReadExactly(written);
        if (!hash.AsSpan().SequenceEqual(written))
            throw new InvalidDataException("its hash does not fit its content");

        // From here on the content is what was written; lengths can be believed.
        file.Position = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
            throw new InvalidDataException("it was written by another version of Mammo");
        var table = JsonSerializer.Deserialize<Table>(reader.ReadBytes((int)reader.ReadInt64()))!;
        return (table.Text, table.Blocks.ToDictionary(block => block.Name, block => reader.ReadBytes(block.Length), StringComparer.Ordinal));
    }

    private static byte[] WriteTo(string path, string text, IReadOnlyList<KeyValuePair<string, byte[]>> blocks)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
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
        file.Flush(flushToDisk: true);
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
