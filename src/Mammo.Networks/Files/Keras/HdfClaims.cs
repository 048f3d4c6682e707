using System.Buffers.Binary;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Watches what the HDF5 library reads and stops it at sizes that it would believe: it makes an array of the claimed length first and meets the end of the file
/// afterwards. Checked are both kinds of heaps, and attributes and fill values, which must fit the message of the object header that they are in (of version 1;
/// for version 2 see <see cref="HdfHeaders"/>).
/// </summary>
/// <param name="file">The file, for looking ahead; its position is put back.</param>
/// <remarks>
/// Structures: HDF5 File Format Specification 3.0, sections III.D (local heap), III.E (global heap), IV.A (object headers of version 1, which h5py writes).
/// The library
/// reads them field by field, so heaps are known by their signatures and messages by the widths of their four fields; tests with damaged files hold this
/// together.
/// </remarks>
internal sealed class HdfClaims(Stream file)
{
    private const int OldFillValue = 0x04;
    private const int FillValue = 0x05;
    private const int Attribute = 0x0c;
    private const int HeapObjectHeader = 16;

    private static readonly int[] PrefixWidths = [2, 2, 1, 3];

    private readonly byte[] _prefix = new byte[4];
    private int _prefixFields;
    private long _prefixEnd;
    private long _localHeap = -1;
    private long _heapObject = -1;
    private long _heapEnd;

    /// <summary>Looks at bytes that were just read.</summary>
    /// <param name="position">Where they are in the file.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">A size is larger than what it is in.</exception>
    public void Check(long position, ReadOnlySpan<byte> bytes)
    {
        if (bytes.SequenceEqual("HEAP"u8))
            _localHeap = position;
        else if (bytes.SequenceEqual("GCOL"u8))
            (_heapObject, _heapEnd) = (position + HeapObjectHeader, file.Length);
        else if (bytes.Length == sizeof(ulong))
            CheckHeaps(position, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        WatchPrefix(position, bytes);
    }

    private static void Demand(bool holds)
    {
        if (!holds)
            throw new InvalidDataException("A size in the file is larger than what it is in.");
    }

    private static int Padded(int size) => (size + 7) / 8 * 8;

    private void CheckHeaps(long position, ulong size)
    {
        if (position == _localHeap + 8)
            Demand(size <= (ulong)file.Length);
        if (_heapObject < 0 || position != _heapObject + 8)
            return;
        Demand(size <= (ulong)Math.Max(0, _heapEnd - _heapObject - HeapObjectHeader));
        _heapObject += HeapObjectHeader + (((long)size + 7) / 8 * 8);
    }

    /// <summary>The prefix of a message: type, size of its body, flags, nothing.</summary>
    private void WatchPrefix(long position, ReadOnlySpan<byte> bytes)
    {
        if (_prefixFields > 0 && (position != _prefixEnd || bytes.Length != PrefixWidths[_prefixFields]))
            _prefixFields = 0;
        if (bytes.Length != PrefixWidths[_prefixFields])
            return;
        if (_prefixFields < 2)
            bytes.CopyTo(_prefix.AsSpan(2 * _prefixFields));
        _prefixEnd = position + bytes.Length;
        _prefixFields = (_prefixFields + 1) % PrefixWidths.Length;
        if (_prefixFields == 0)
            CheckMessage(BinaryPrimitives.ReadUInt16LittleEndian(_prefix), BinaryPrimitives.ReadUInt16LittleEndian(_prefix.AsSpan(2)));
    }

    private void CheckMessage(int type, int size)
    {
        if (type is not (OldFillValue or FillValue or Attribute))
            return;
        var body = new byte[size];
        file.ReadAtLeast(body, size, throwOnEndOfStream: false);
        file.Position = _prefixEnd;
        CheckMessage(type, body, size);
    }

    /// <summary>Checks what the message of an object header claims.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="body">Its body, as far as the file has it.</param>
    /// <param name="size">The body's size.</param>
    /// <exception cref="InvalidDataException">A size is larger than what it is in.</exception>
    public static void CheckMessage(int type, ReadOnlySpan<byte> body, int size)
    {
        if (type is not (OldFillValue or FillValue or Attribute))
            return;
        try
        {
            Demand(Claimed(type, body) <= size);
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("A message of the file is shorter than what is in it.", error);
        }
    }

    /// <summary>The end of the message's data by its own account.</summary>
    private static decimal Claimed(int type, ReadOnlySpan<byte> body) => type switch
    {
        OldFillValue => 4 + (decimal)UInt32(body, 0),
        Attribute => AttributeEnd(body),
        _ when body[0] < 3 => body[3] == 1 ? 8 + (decimal)UInt32(body, 4) : 0,
        _ => (body[1] & 0x20) != 0 ? 6 + (decimal)UInt32(body, 2) : 0,
    };

    /// <summary>Name, element type, dimensions, data; in version 1 each of the first three is filled up to eight bytes.</summary>
    private static decimal AttributeEnd(ReadOnlySpan<byte> body)
    {
        var isPadded = body[0] == 1;
        var (name, type, space) = (UInt16(body, 2), UInt16(body, 4), UInt16(body, 6));
        var start = body[0] == 3 ? 9 : 8;

        // The library reads the name up to its zero and does not look at its length.
        Demand(body.Slice(start, name).IndexOf((byte)0) == name - 1);
        var typeStart = start + (isPadded ? Padded(name) : name);
        var spaceStart = typeStart + (isPadded ? Padded(type) : type);
        var sizes = body[(spaceStart + (body[spaceStart] == 1 ? 8 : 4))..];
        var bytes = (decimal)UInt32(body, typeStart + 4);
        for (var axis = 0; axis < body[spaceStart + 1]; axis++)
            bytes = Math.Min(bytes * BinaryPrimitives.ReadUInt64LittleEndian(sizes[(8 * axis)..]), uint.MaxValue);
        return spaceStart + (isPadded ? Padded(space) : space) + bytes;
    }

    private static int UInt16(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadUInt16LittleEndian(body[at..]);

    private static uint UInt32(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadUInt32LittleEndian(body[at..]);
}
