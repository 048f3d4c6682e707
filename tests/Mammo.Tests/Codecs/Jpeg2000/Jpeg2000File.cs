using System.Buffers.Binary;
using Mammo.Codecs;

namespace Mammo.Tests.Codecs.Jpeg2000;

/// <summary>Streams for the tests of the JPEG 2000 decoder, and samples as numbers.</summary>
internal static class Jpeg2000File
{
    public const long Limit = 1 << 24;

    public static byte[] Read(string name) => File.ReadAllBytes(Shared.Data("codecs", "jpeg2000", name));

    public static int[] Numbers(CodecImage image) => Array.ConvertAll(image.Samples, sample => image.IsSigned ? (int)(short)sample : sample);

    /// <summary>A bare codestream, or the only frame of an encapsulated DICOM file, its fragments joined.</summary>
    public static byte[] Frame(string path)
    {
        var file = File.ReadAllBytes(path);
        if (!path.EndsWith(".dcm", StringComparison.Ordinal))
            return file;
        // Pixel Data, OB, of undefined length; behind it items, of which the first is the offset table, up to the delimiter (FFFE,E0DD).
        var position = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) + 12;
        position += 8 + Length();
        var frame = new List<byte>();
        for (; file[position + 2] == 0; position += 8 + Length())
            frame.AddRange(file.AsSpan(position + 8, Length()));
        return [.. frame];

        int Length() => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(position + 4));
    }
}
