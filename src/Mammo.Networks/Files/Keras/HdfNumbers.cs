using System.Buffers.Binary;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Watches what the HDF5 library reads and stops it at floating-point numbers of another form than those of IEEE 754 with the lowest byte first: the library
/// knows a number by its size alone and takes bfloat16 for float16 without an error.
/// </summary>
/// <remarks>
/// Structure: HDF5 File Format Specification 3.0, section IV.A.2.d (datatype, class 1). The library reads it field by field, so it is known by the widths
/// of its fields; tests with such files hold this together.
/// </remarks>
internal sealed class HdfNumbers
{
    private const byte FloatingPoint = 1;
    private const int ImpliedHighestBit = 2;

    // Class and version, flags, size; bit offset, precision, place and size of exponent and mantissa, bias of the exponent.
    private static readonly int[] Widths = [1, 3, 4, 2, 2, 1, 1, 1, 1, 4];

    private readonly byte[] _message = new byte[20];
    private long _end;
    private int _fields;
    private int _length;

    /// <summary>Looks at bytes that were just read.</summary>
    /// <param name="position">Where they are in the file.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="HdfUnreadException">They end the description of numbers that would be misread.</exception>
    public void Check(long position, ReadOnlySpan<byte> bytes)
    {
        if (position != _end || bytes.Length != Widths[_fields])
            (_fields, _length) = (0, 0);
        _end = position + bytes.Length;
        if (bytes.Length != Widths[_fields] || (_fields == 0 && (bytes[0] & 0x0f) != FloatingPoint))
            return;
        bytes.CopyTo(_message.AsSpan(_length));
        (_fields, _length) = (_fields + 1, _length + bytes.Length);
        if (_fields < Widths.Length)
            return;
        (_fields, _length) = (0, 0);
        CheckForm(_message);
    }

    private static void CheckForm(ReadOnlySpan<byte> message)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(message[4..]);
        (int Exponent, int Mantissa, uint Bias)? form = size switch { 2 => (5, 10, 15u), 4 => (8, 23, 127u), 8 => (11, 52, 1023u), _ => null };
        if (form is not var (exponent, mantissa, bias))
            return;
        if ((message[1] & 0x41) != 0)
        {
            throw new HdfUnreadException(
                "its numbers have the highest byte first (big-endian), which is not read", "Save it again with numbers of this machine's order.");
        }

        ReadOnlySpan<byte> wanted = [0, 0, (byte)(8 * size), 0, (byte)mantissa, (byte)exponent, 0, (byte)mantissa];
        if (((message[1] >> 4) & 3) != ImpliedHighestBit || message[2] != (8 * size) - 1 || !message[8..16].SequenceEqual(wanted)
            || BinaryPrimitives.ReadUInt32LittleEndian(message[16..]) != bias)
        {
            throw new HdfUnreadException(
                FormattableString.Invariant($"its numbers of {8 * size} bits are not those of IEEE 754 (bfloat16?), which are not read"),
                "Save it again with float32 weights.");
        }
    }
}
