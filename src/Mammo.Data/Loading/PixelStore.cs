using System.Collections.Concurrent;
using Mammo.Data.Images;

namespace Mammo.Data.Loading;

/// <summary>Gives prepared images of a dataset again and again: read anew each time, held in memory as stored 8- or 16-bit pixels, or kept decoded and resized in a folder. Safe for several threads.</summary>
public sealed class PixelStore
{
    private readonly Preparation _preparation;
    private readonly Preparation _afterPixels;
    private readonly ConcurrentDictionary<string, PackedPixels>? _held;
    private readonly ConcurrentDictionary<string, string> _cachePaths = new(StringComparer.Ordinal);
    private readonly PixelCache? _cache;

    /// <summary>Makes a store that holds nothing yet.</summary>
    /// <param name="preparation">What is done to an image; the feature-wise mean is left out, so that transforms can come before it.</param>
    /// <param name="inMemory">Hold the pixels of every image once it was read.</param>
    /// <param name="cacheFolder">Keep decoded and resized images there, by the content of their files and the preparation; null for none.</param>
    public PixelStore(Preparation preparation, bool inMemory, string? cacheFolder)
    {
        ArgumentNullException.ThrowIfNull(preparation);
        _preparation = preparation;
        _afterPixels = preparation.AfterPixels with { FeaturewiseMean = null };
        _held = inMemory ? new ConcurrentDictionary<string, PackedPixels>(StringComparer.Ordinal) : null;
        _cache = cacheFolder is null ? null : new PixelCache(cacheFolder, preparation);
    }

    /// <summary>The image, prepared but for the feature-wise mean; its values are the caller's to change.</summary>
    /// <exception cref="MammoException">The image cannot be read or prepared.</exception>
    public PreparedImage Read(string path) => _afterPixels.Apply(Pixels(path));

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
            return _preparation.Pixels(ImageReader.Read(path));
        var kept = _cachePaths.GetOrAdd(path, _cache.PathFor);
        if (PixelCache.TryRead(kept) is { } pixels)
            return pixels.ToImage();
        var image = _preparation.Pixels(ImageReader.Read(path));
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
