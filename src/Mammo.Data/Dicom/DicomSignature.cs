using System.Buffers.Binary;

namespace Mammo.Data.Dicom;

/// <summary>How a DICOM file begins.</summary>
internal enum DicomStart
{
    /// <summary>Not as one.</summary>
    None,

    /// <summary>With a preamble of 128 bytes and "DICM" (PS3.10, 7.1).</summary>
    Preamble,

    /// <summary>With the meta information at once.</summary>
    MetaInformation,

    /// <summary>With the data set at once, as programs before PS3.10 and some senders write it.</summary>
    ImplicitDataSet,

    /// <summary>The same, with value representations.</summary>
    ExplicitDataSet,

    /// <summary>The same, with the highest byte of numbers first.</summary>
    BigEndianDataSet,
}

/// <summary>Recognises DICOM files by their first bytes.</summary>
internal static class DicomSignature
{
    /// <summary>Number of bytes at the start of a file that decide.</summary>
    public const int Length = 132;

    /// <summary>Offset of the first element behind the preamble.</summary>
    public const int Preamble = 132;

    // A bare data set begins with a short element of group 8: the length of the group, the character set, a date or an identifier.
    private const int LongestFirstValue = 256;

    public static DicomStart Detect(ReadOnlySpan<byte> start)
    {
        if (start.Length >= Preamble && start[128..132].SequenceEqual("DICM"u8))
            return DicomStart.Preamble;
        if (start.Length < 16)
            return DicomStart.None;
        if (start is [2, 0, 0 or 1 or 2 or 3 or 16, 0, ..] && DicomVr.IsKnown(DicomVr.Read(start[4..])))
            return DicomStart.MetaInformation;
        if (start is [8, 0, < 0x70, 0, ..])
        {
            if (DicomVr.IsKnown(DicomVr.Read(start[4..])))
                return HasNext(start, 8 + BinaryPrimitives.ReadUInt16LittleEndian(start[6..])) ? DicomStart.ExplicitDataSet : DicomStart.None;
            return HasNext(start, 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(start[4..])) ? DicomStart.ImplicitDataSet : DicomStart.None;
        }

        var isBigEndian = start is [0, 8, 0, < 0x70, ..] && DicomVr.IsKnown(DicomVr.Read(start[4..]))
            && BinaryPrimitives.ReadUInt16BigEndian(start[6..]) <= LongestFirstValue;
        return isBigEndian ? DicomStart.BigEndianDataSet : DicomStart.None;
    }

    // The second element is of group 8 too and stands behind the first.
    private static bool HasNext(ReadOnlySpan<byte> start, long offset)
    {
        if (offset > LongestFirstValue)
            return false;
        if (offset + 4 > start.Length)
            return true;
        var next = start[(int)offset..];
        return next is [8, 0, ..] && BinaryPrimitives.ReadUInt16LittleEndian(next[2..]) > BinaryPrimitives.ReadUInt16LittleEndian(start[2..]);
    }
}
