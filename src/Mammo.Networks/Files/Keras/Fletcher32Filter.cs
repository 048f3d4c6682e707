using System.Buffers.Binary;
using PureHDF.Filters;

namespace Mammo.Networks.Files.Keras;

/// <summary>HDF5's checksum filter, read by code of our own and checked.</summary>
/// <remarks>
/// That of PureHDF 2.2.0 hands on the buffer that it was given, checksum included: where this filter comes last and a chunk is narrower than the data's last
/// axis, values of the wrong places are taken
/// without an error. Algorithm: HDF5 File Format Specification 3.0, section IV.A.2.l (filter 3): Fletcher's sums over 16-bit words of which the first byte is
/// the higher one, stored little-endian.
/// </remarks>
internal sealed class Fletcher32Filter : IH5Filter
{
    private const int ChecksumSize = sizeof(uint);

    // As many sums of 16-bit words as stay within 32 bits.
    private const int WordsAtOnce = 360;

    /// <inheritdoc/>
    public ushort FilterId => 3;

    /// <inheritdoc/>
    public string Name => "fletcher32";

    /// <inheritdoc/>
    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) => [];

    /// <inheritdoc/>
    public Memory<byte> Filter(FilterInfo info)
    {
        if ((info.Flags & H5FilterFlags.Decompress) == 0)
            throw new NotSupportedException("The checksum is read, not written.");
        if (info.Buffer.Length < ChecksumSize)
            throw new InvalidDataException("A chunk is shorter than its checksum (filter fletcher32).");
        var data = info.Buffer.Span[..^ChecksumSize];
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(info.Buffer.Span[^ChecksumSize..]);
        var sum = Sum(data);

        // Versions before 1.6.3 wrote the bytes of each half the other way round on some machines; HDF5 itself takes both.
        var turned = ((sum & 0x00ff00ff) << 8) | ((sum & 0xff00ff00) >> 8);
        return stored == sum || stored == turned
            ? data.ToArray()
            : throw new InvalidDataException("A chunk does not have its checksum (filter fletcher32).");
    }

    /// <summary>The checksum of some bytes.</summary>
    public static uint Sum(ReadOnlySpan<byte> data)
    {
        uint low = 0, high = 0;
        for (var start = 0; start < data.Length; start += 2 * WordsAtOnce)
        {
            var part = data.Slice(start, Math.Min(2 * WordsAtOnce, data.Length - start));
            for (var index = 0; index < part.Length; index += 2)
            {
                low += ((uint)part[index] << 8) | (index + 1 < part.Length ? part[index + 1] : 0u);
                high += low;
            }

            (low, high) = (Folded(low), Folded(high));
        }

        return (Folded(high) << 16) | Folded(low);

        static uint Folded(uint sum) => (sum & 0xffff) + (sum >> 16);
    }
}
