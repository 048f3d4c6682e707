using System.Buffers.Binary;
using Mammo.Codecs;

namespace Mammo.Tests.Codecs;

/// <summary>Streams for the tests of decoders.</summary>
internal static class CodecFile
{
    public static byte[] Read(string name) => File.ReadAllBytes(Shared.Data(["codecs", .. name.Split('/')]));

    /// <summary>The stream with a frame header (of this marker) that says that it is in colour.</summary>
    public static byte[] WithThreeComponents(byte[] stream, byte marker)
    {
        var frame = stream.AsSpan().IndexOf([(byte)0xFF, marker]);
        return [.. stream[..(frame + 2)], 0, 17, .. stream[(frame + 4)..(frame + 9)], 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, .. stream[(frame + 13)..]];
    }

    /// <summary>The message of the error that decoding gives.</summary>
    public static string Message(Func<CodecImage> decode) => Assert.Throws<CodecException>(() => decode()).Message;

    /// <summary>Where the coded data ends before the end marker, and before the bytes FF that may fill up to it.</summary>
    public static int DataEnd(byte[] stream)
    {
        var end = stream.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xD9]);
        while (stream[end - 1] == 0xFF)
            end--;
        return end;
    }

    /// <summary>The first frame of an encapsulated DICOM file with one frame, its fragments joined, without the offset table.</summary>
    public static byte[] Frame(string path)
    {
        var file = File.ReadAllBytes(path);
        // Pixel Data (7FE0,0010), OB or OW, of undefined length; the last one, since an icon may have pixels of its own.
        byte[] Header(char second) => [0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)second, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
        var start = Math.Max(file.AsSpan().LastIndexOf(Header('B')), file.AsSpan().LastIndexOf(Header('W')));
        var frame = new List<byte>();
        var isTable = true;
        // Items (FFFE,E000) up to the delimiter (FFFE,E0DD).
        for (var position = start + 12; file[position + 2] == 0x00;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(position + 4));
            if (!isTable)
                frame.AddRange(file.AsSpan(position + 8, length));
            isTable = false;
            position += 8 + length;
        }

        return [.. frame];
    }
}
