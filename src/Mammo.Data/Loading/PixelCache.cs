using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mammo.Data.Datasets;
using Mammo.Data.Images;

namespace Mammo.Data.Loading;

/// <summary>Decoded and resized images in a folder, named by the content of their source and by what was done to it. Several processes may share it.</summary>
/// <param name="folder">The folder; made when the first image is kept.</param>
/// <param name="preparation">Decides what was done.</param>
internal sealed class PixelCache(string folder, Preparation preparation)
{
    private const int HashLength = 32;
    private const int HeaderLength = 20;
    private static readonly byte[] Magic = "MAMMOPX1"u8.ToArray();

    // Every step that works on pixels and its settings; what comes after does not change what is kept.
    private readonly string _steps = FormattableString.Invariant($"{preparation.Size}|{preparation.TargetHeight}|{preparation.AutoLevel}|{preparation.Grayscale255}");

    /// <summary>File of the image; reads the source once for its hash.</summary>
    public string PathFor(string source)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(ContentHash.Sha256(source) + "|" + _steps));
        return Path.Combine(folder, Convert.ToHexString(key) + ".pixels");
    }

    /// <summary>The kept image; null when it is not there or damaged.</summary>
    public static PackedPixels? TryRead(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length < HeaderLength + HashLength || !bytes.AsSpan().StartsWith(Magic) || !SHA256.HashData(bytes.AsSpan(0, bytes.Length - HashLength)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - HashLength)))
                return null;
            var header = bytes.AsSpan(Magic.Length);
            return new PackedPixels(
                BinaryPrimitives.ReadInt32LittleEndian(header), BinaryPrimitives.ReadInt32LittleEndian(header[4..]), BinaryPrimitives.ReadInt32LittleEndian(header[8..]),
                bytes[HeaderLength..^HashLength]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Keeps an image.</summary>
    public static void Write(string path, PackedPixels pixels)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length), pixels.Height);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + 4), pixels.Width);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + 8), pixels.BitDepth);
        byte[] content = [.. header, .. pixels.Bytes];
        AtomicFile.Write(path, stream =>
        {
            stream.Write(content);
            stream.Write(SHA256.HashData(content));
        });
    }
}
