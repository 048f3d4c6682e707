using System.Buffers.Binary;

namespace Mammo.Archive.Sorting;

/// <summary>Sorted items in a scratch file, which goes when it is closed.</summary>
internal sealed class SortedRun : IDisposable
{
    private const int Head = 2 * sizeof(int);

    private readonly FileStream _file;
    private byte[] _item = [];

    private SortedRun(FileStream file) => _file = file;

    /// <summary>The item that was read last; each has an array of its own only as long as none of its size was read before.</summary>
    public SortedItem Current { get; private set; }

    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static SortedRun Write(string folder, IEnumerable<SortedItem> items)
    {
        FileStream? file = null;
        try
        {
            file = AtomicFile.Scratch(folder);
            Span<byte> head = stackalloc byte[Head];
            foreach (var item in items)
            {
                BinaryPrimitives.WriteInt32LittleEndian(head, item.Key.Length);
                BinaryPrimitives.WriteInt32LittleEndian(head[sizeof(int)..], item.Content.Length);
                file.Write(head);
                file.Write(item.Key.Span);
                file.Write(item.Content.Span);
            }

            file.Flush();
            return new SortedRun(file);
        }
        catch (Exception failure)
        {
            file?.Dispose();
            if (failure is IOException or UnauthorizedAccessException)
                throw new MammoException(
                    ErrorIds.FileNotWritten,
                    $"Scratch files for sorting cannot be written to '{folder}': {failure.Message}",
                    WriteErrors.FixOf(failure),
                    folder,
                    failure);
            throw;
        }
    }

    public void Rewind() => _file.Position = 0;

    public bool Next()
    {
        Span<byte> head = stackalloc byte[Head];
        if (_file.ReadAtLeast(head, Head, throwOnEndOfStream: false) < Head)
            return false;
        var key = BinaryPrimitives.ReadInt32LittleEndian(head);
        var length = key + BinaryPrimitives.ReadInt32LittleEndian(head[sizeof(int)..]);
        if (_item.Length < length)
            _item = new byte[Math.Max(length, 2 * _item.Length)];
        _file.ReadExactly(_item, 0, length);
        Current = new SortedItem(_item.AsMemory(0, key), _item.AsMemory(key, length - key));
        return true;
    }

    public void Dispose() => _file.Dispose();
}
