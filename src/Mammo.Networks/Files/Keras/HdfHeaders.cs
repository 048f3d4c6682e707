using System.Buffers.Binary;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Looks through an object header of version 2, and the blocks that continue it, as soon as the HDF5 library has met its signature: what its messages claim is
/// checked before the library believes it.
/// </summary>
/// <param name="file">The file; its position is put back.</param>
/// <remarks>Structure: HDF5 File Format Specification 3.0, section IV.A.1.b. Addresses have eight bytes, as h5py and Keras write them.</remarks>
internal sealed class HdfHeaders(Stream file)
{
    private const int Continuation = 0x10;
    private const int MostBlocks = 256;
    private const byte HasOrder = 0x04;
    private const byte HasPhases = 0x10;
    private const byte HasTimes = 0x20;

    /// <summary>Looks at bytes that were just read.</summary>
    /// <exception cref="InvalidDataException">A size is larger than what it is in.</exception>
    public void Check(long position, ReadOnlySpan<byte> bytes)
    {
        // The library reads the first letter alone, for a header of version 1 has none.
        if (!bytes.SequenceEqual("HDR"u8))
            return;
        CheckHeader(position + bytes.Length);
        file.Position = position + bytes.Length;
    }

    private void CheckHeader(long start)
    {
        var head = Bytes(start, 32);
        if (head.Length < 3)
            return;
        var flags = head[1];
        var at = 2 + ((flags & HasTimes) != 0 ? 16 : 0) + ((flags & HasPhases) != 0 ? 4 : 0);
        var width = 1 << (flags & 3);
        if (at + width > head.Length)
            return;
        var size = 0L;
        for (var index = width - 1; index >= 0; index--)
            size = (size << 8) | head[at + index];
        var blocks = new Queue<(long Start, long Size)>([(start + at + width, size)]);
        for (var count = 0; blocks.TryDequeue(out var block) && count < MostBlocks; count++)
            CheckBlock(block.Start, block.Size, (flags & HasOrder) != 0, blocks);
    }

    private void CheckBlock(long start, long size, bool hasOrder, Queue<(long Start, long Size)> blocks)
    {
        if (size < 0 || start < 0 || size > file.Length - start)
            throw new InvalidDataException("A size in the file is larger than what it is in.");
        var prefix = hasOrder ? 6 : 4;
        for (var (at, end) = (start, start + size); end - at > prefix;)
        {
            var head = Bytes(at, prefix);
            if (head.Length < prefix)
                return;
            var length = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(1));
            var body = Bytes(at + prefix, length);
            HdfClaims.CheckMessage(head[0], body, length);

            // The signature and the checksum of a block that goes on are part of its length.
            if (head[0] == Continuation && body.Length >= 16)
                blocks.Enqueue((BinaryPrimitives.ReadInt64LittleEndian(body) + 4, BinaryPrimitives.ReadInt64LittleEndian(body.AsSpan(8)) - 8));
            at += prefix + length;
        }
    }

    private byte[] Bytes(long at, int count)
    {
        var bytes = new byte[Math.Clamp(file.Length - at, 0, count)];
        file.Position = at;
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
