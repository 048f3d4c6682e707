using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Data.Loading;

/// <summary>
/// Gives prepared images of a dataset again and again: read anew each time, held in memory as stored 8- or 16-bit pixels, or kept decoded and resized in a
/// folder. Safe for several threads.
/// </summary>
public sealed class PixelStore
{
    private readonly Preparation _preparation;
    private readonly Preparation _afterPixels;
    private readonly DicomOptions _dicom;
    private readonly ConcurrentDictionary<string, PackedPixels>? _held;
    private readonly ConcurrentDictionary<string, string> _cachePaths = new(StringComparer.Ordinal);
    private readonly PixelCache? _cache;

    /// <summary>Makes a store that holds nothing yet.</summary>
    /// <param name="preparation">What is done to an image; the feature-wise mean is left out, so that transforms can come before it.</param>
    /// <param name="inMemory">Hold the pixels of every image once it was read.</param>
    /// <param name="cacheFolder">
    /// Keep decoded and resized images there, by the content of their files, how they are read, and the preparation; null for none.
    /// </param>
    /// <param name="dicom">How DICOM files are read; null for <see cref="DicomOptions.Default"/>.</param>
    public PixelStore(Preparation preparation, bool inMemory, string? cacheFolder, DicomOptions? dicom = null)
    {
        ArgumentNullException.ThrowIfNull(preparation);
        _preparation = preparation;
        _dicom = dicom ?? DicomOptions.Default;
        _afterPixels = preparation.AfterPixels with { FeaturewiseMean = null };
        _held = inMemory ? new ConcurrentDictionary<string, PackedPixels>(StringComparer.Ordinal) : null;
        _cache = cacheFolder is null ? null : new PixelCache(cacheFolder, preparation, _dicom);
    }

    /// <summary>The image, prepared but for the feature-wise mean; its values are the caller's to change.</summary>
    /// <exception cref="MammoException">The image cannot be read or prepared.</exception>
    public PreparedImage Read(string path) => _afterPixels.Apply(Pixels(path));

    /// <summary>An image that comes from no file of its own, prepared as those that do.</summary>
    /// <param name="image">The image as a file would hold it.</param>
    /// <exception cref="MammoException">The image cannot be prepared.</exception>
    public PreparedImage Prepare(GreyImage image) => _afterPixels.Apply(_preparation.Pixels(image));

    private GreyImage Pixels(string path)
    {
        if (_held is null)
            return Stored(path);
        if (_held.TryGetValue(path, out var held))
            return held.ToImage();
        var image = Stored(path);
        _held[path] = PackedPixels.Of(image);
        return image;
    }

    private GreyImage Stored(string path)
    {
        if (_cache is null)
            return _preparation.Pixels(ImageReader.Read(path, dicom: _dicom));
        var kept = _cachePaths.GetOrAdd(path, _cache.PathFor);
        if (PixelCache.TryRead(kept, _preparation.ZScore ? 2 : 1) is { } pixels)
            return pixels.ToImage();
        var image = _preparation.Pixels(ImageReader.Read(path, dicom: _dicom));
        Keep(kept, image);
        return image;
    }

    private static void Keep(string path, GreyImage image)
    {
        try
        {
            PixelCache.Write(path, PackedPixels.Of(image));
        }
        catch (MammoException)
        {
            // A cache that is full or was removed costs time, not the training.
        }
    }
}

/// <summary>Decoded and resized images in a folder, named by the content of their source and by what was done to it. Several processes may share it.</summary>
/// <param name="folder">The folder; made when the first image is kept.</param>
/// <param name="preparation">Decides what was done.</param>
/// <param name="dicom">Decides what was read, and refused, of DICOM files.</param>
internal sealed class PixelCache(string folder, Preparation preparation, DicomOptions dicom)
{
    private const int HashLength = 32;
    private const int HeaderLength = 20;
    private static readonly byte[] Magic = "MAMMOPX2"u8.ToArray();

    // Every step that works on pixels and its settings; what comes after does not change what is kept.
    private readonly string _steps = FormattableString.Invariant($"{preparation.Size}|{preparation.TargetHeight}|{preparation.AutoLevel}")
        + (preparation.LocalContrast is { } sigma ? FormattableString.Invariant($"|local contrast {sigma:R}") : "")
        + (preparation.ZScore ? "|z-score" : "")
        + (dicom.Identity is { Length: > 0 } reading ? "|" + reading : "");

    /// <summary>File of the image; reads the source once for its hash.</summary>
    public string PathFor(string source)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes(ContentHash.Sha256(source) + "|" + _steps));
        return Path.Combine(folder, Convert.ToHexString(key) + ".pixels");
    }

    /// <summary>The kept image; null when it is not there, may not be read, is damaged, or of another form than this version writes.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="planes">Planes that it holds.</param>
    public static PackedPixels? TryRead(string path, int planes)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var file = InputFile.Open(path, bufferSize: 0);
            var start = new byte[HeaderLength];
            if (file.ReadAtLeast(start, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !start.AsSpan().StartsWith(Magic))
                return null;
            var header = start.AsSpan(Magic.Length);
            var height = BinaryPrimitives.ReadInt32LittleEndian(header);
            var width = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            var bitDepth = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);

            // Another version or program writes right hashes too: the length must be that of the pixels before memory is taken for them.
            if (height <= 0 || width <= 0 || bitDepth is not (8 or 16) || (long)height * width > ImageReader.DefaultPixelLimit
                || file.Length != HeaderLength + (planes * (long)height * width * bitDepth / 8) + HashLength)
                return null;
            var bytes = new byte[file.Length - HeaderLength - HashLength];
            var hash = new byte[HashLength];
            file.ReadExactly(bytes);
            file.ReadExactly(hash);
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            sum.AppendData(start);
            sum.AppendData(bytes);
            return sum.GetHashAndReset().AsSpan().SequenceEqual(hash) ? new PackedPixels(height, width, bitDepth, bytes) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
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

/// <summary>Pixels in as few bytes as their bit depth needs.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="BitDepth">8 or 16.</param>
/// <param name="Bytes">One byte a pixel, or two in little-endian order; of two planes the z-score's before those of local contrast.</param>
internal sealed record PackedPixels(int Height, int Width, int BitDepth, byte[] Bytes)
{
    public static PackedPixels Of(GreyImage image)
    {
        var pixels = image.ZScore is { } zScore ? [.. zScore.Pixels, .. image.Pixels] : image.Pixels;
        var bytes = image.BitDepth == 8 ? Array.ConvertAll(pixels, pixel => (byte)pixel) : MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray();
        return new PackedPixels(image.Height, image.Width, image.BitDepth, bytes);
    }

    public GreyImage ToImage()
    {
        var pixels = BitDepth == 8 ? Array.ConvertAll(Bytes, value => (ushort)value) : MemoryMarshal.Cast<byte, ushort>(Bytes).ToArray();
        var plane = Height * Width;
        var image = new GreyImage(Height, Width, BitDepth, pixels.Length == plane ? pixels : pixels[plane..]);
        return pixels.Length == plane ? image : image.With(image.Pixels, zScore: image.With(pixels[..plane]));
    }
}
