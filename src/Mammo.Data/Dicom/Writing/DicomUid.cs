using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mammo.Data.Dicom.Writing;

/// <summary>Identifiers that follow from what they name, so that the same content has the same one wherever and whenever it is written.</summary>
internal static class DicomUid
{
    /// <summary>
    /// <c>2.25.</c> and a UUID as a decimal number (PS3.5, B.2): the first 128 bits of a SHA-256 with the version 8 (RFC 9562, 5.8) and variant of such UUIDs.
    /// </summary>
    /// <param name="parts">What it names; where one part ends counts, so that (ab, c) and (a, bc) differ.</param>
    public static string Of(params IEnumerable<string> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return $"2.25.{new UInt128(Read(hash), Read(hash[8..])).ToString(CultureInfo.InvariantCulture)}";
    }

    private static ulong Read(ReadOnlySpan<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
}
