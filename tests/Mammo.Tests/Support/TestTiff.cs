using System.Buffers.Binary;

namespace Mammo.Tests.Support;

/// <summary>A picture of one strip for a little-endian TIFF.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="Pixels">The strip as it is stored.</param>
/// <param name="Further">Further tags with one short number each.</param>
internal sealed record TestTiff(int Height, int Width, int Bits, byte[] Pixels, (int Tag, int Value)[] Further)
{
    /// <summary>Samples of a pixel.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Photometric interpretation; 1 has black at 0.</summary>
    public int Photometric { get; init; } = 1;

    /// <summary>A picture below this one (SubIFD); null for none.</summary>
    public TestTiff? Below { get; init; }

    public static TestTiff Grey(int height, int width, int bits, byte[] pixels, params (int Tag, int Value)[] further) =>
        new(height, width, bits, pixels, further);

    /// <summary>Writes pictures one behind the other.</summary>
    public static void Write(string path, TestTiff[] pictures)
    {
        List<byte> file = [(byte)'I', (byte)'I', 42, 0, 0, 0, 0, 0];
        var link = 4;
        foreach (var picture in pictures)
        {
            var (start, next) = Append(file, picture);
            Put(file, link, start);
            link = next;
        }

        File.WriteAllBytes(path, [.. file]);
    }

    // The place of the directory, and that of the link to the next.
    private static (int Start, int Next) Append(List<byte> file, TestTiff picture)
    {
        var below = picture.Below is null ? 0 : Append(file, picture.Below).Start;
        var strip = file.Count;
        file.AddRange(picture.Pixels);
        if (file.Count % 2 == 1)
            file.Add(0);
        // Two numbers of 16 bits lie in one of 32.
        var bits = picture.Samples == 1 ? picture.Bits : picture.Bits | (picture.Bits << 16);
        (int Tag, int Type, int Count, int Value)[] tags =
        [
            (256, 4, 1, picture.Width),
            (257, 4, 1, picture.Height),
            (258, 3, picture.Samples, bits),
            (259, 3, 1, 1),
            (262, 3, 1, picture.Photometric),
            (273, 4, 1, strip),
            (277, 3, 1, picture.Samples),
            (278, 4, 1, picture.Height),
            (279, 4, 1, picture.Pixels.Length),
            .. picture.Below is null ? Array.Empty<(int, int, int, int)>() : [(330, 4, 1, below)],
            .. picture.Further.Select(tag => (tag.Tag, 3, 1, tag.Value)),
        ];
        var start = file.Count;
        file.AddRange([(byte)tags.Length, 0]);
        foreach (var (tag, type, count, value) in tags.OrderBy(tag => tag.Tag))
        {
            file.AddRange([(byte)tag, (byte)(tag >> 8), (byte)type, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            Put(file, file.Count - 8, count);
            Put(file, file.Count - 4, value);
        }

        file.AddRange([0, 0, 0, 0]);
        return (start, file.Count - 4);
    }

    private static void Put(List<byte> file, int place, int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        for (var i = 0; i < 4; i++)
            file[place + i] = bytes[i];
    }
}
