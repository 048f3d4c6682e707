using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mammo.Archive.Lines;

/// <summary>
/// A line of JSON that ends with its own checksum: <c>{…,"crc":"1a2b3c4d"}</c>, the CRC-32C (Castagnoli, as iSCSI has it) of all bytes before <c>,"crc"</c>.
/// </summary>
internal static class CheckedLine
{
    private const int Digits = 8;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static ReadOnlySpan<byte> Name => ",\"crc\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Appends an object as a line.</summary>
    /// <param name="target">Takes the line with its line feed.</param>
    /// <param name="write">Writes the members of the object, at least one.</param>
    public static void Write(ArrayBufferWriter<byte> target, Action<Utf8JsonWriter> write)
    {
        var start = target.WrittenCount;
        using (var json = new Utf8JsonWriter(target, Options))
        {
            json.WriteStartObject();
            write(json);
        }

        var crc = Crc(target.WrittenSpan[start..]);
        target.Write(Name);
        Utf8Formatter.TryFormat(crc, target.GetSpan(Digits), out var written, new StandardFormat('x', Digits));
        target.Advance(written);
        target.Write(End);
        target.Write("\n"u8);
    }

    /// <summary>Whether a line, without its line feed, is whole: a JSON object as it was written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> line)
    {
        var tail = Name.Length + Digits + End.Length;
        return line.Length > tail && line[0] == '{' && line[^tail..].StartsWith(Name) && line.EndsWith(End)
            && Utf8Parser.TryParse(line.Slice(line.Length - End.Length - Digits, Digits), out uint crc, out var read, 'x') && read == Digits
            && crc == Crc(line[..^tail]);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
