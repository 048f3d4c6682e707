using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Mammo.Data.Images;
using NetVips;

namespace Mammo.Data.Files;

/// <summary>PNG, JPEG, TIFF and WebP through libvips.</summary>
internal static class VipsDecoder
{
    // A JPEG spends at least one bit on each block of 64 pixels; four times that is allowed. libjpeg takes memory for a progressive image as soon as it
    // has seen the header. The decoders of TIFF and WebP touch memory only as data arrive; for PNG see PngHeader.
    private const int JpegRatio = 2048;

    /// <param name="bytes">The whole file.</param>
    /// <param name="format">What it is.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="isGrey">The first channel is grey and the others mean nothing, however many there are.</param>
    public static GreyImage Decode(byte[] bytes, ImageFormat format, ImageLimits limits, bool isGrey = false) =>
        Guarded(bytes, format, limits, () => Open(bytes, format), image =>
        {
            using var memory = DecodingBudget.Take(new ImageSize(image.Height, image.Width), BytesPerPixel(image, format));
            var grey = image.Format == Enums.BandFormat.Uchar ? ToGrey<byte>(image, 8, isGrey) : ToGrey<ushort>(image, 16, isGrey);
            return format == ImageFormat.Png && PngMark.Of(image) is var (sigma, zScore) ? Marked(grey, sigma, zScore) : grey;
        });

    /// <summary>Rows and columns of a file, of whose start no more is read than its header.</summary>
    public static ImageSize Size(string path, byte[] start, ImageFormat format, ImageLimits limits) =>
        Guarded(start, format, limits, () => Open(path, format), image =>
            new ImageSize(format == ImageFormat.Png && PngMark.Of(image) is { ZScore: true } ? image.Height / 2 : image.Height, image.Width));

    private static GreyImage Marked(GreyImage grey, double sigma, bool zScore)
    {
        if (!zScore)
            return grey.With(grey.Pixels, localContrast: sigma);
        var size = new ImageSize(grey.Height / 2, grey.Width);
        if (grey.Height % 2 != 0)
            throw new InvalidDataException($"it says that it holds two planes one below the other, but has {grey.Height} rows");
        var half = grey.Pixels.Length / 2;
        return grey.With(grey.Pixels[half..], size, localContrast: sigma, zScore: grey.With(grey.Pixels[..half], size));
    }

    private static T Guarded<T>(byte[] start, ImageFormat format, ImageLimits limits, Func<Image> open, Func<Image, T> use)
    {
        VipsLibrary.Require();
        if (format == ImageFormat.Png)
            PngHeader.Check(start, limits);
        try
        {
            using var image = open();
            Check(image, format, limits);
            return use(image);
        }
        catch (VipsException error)
        {
            throw new InvalidDataException($"it is truncated, damaged, or of a kind that libvips does not decode{Reason(error)}", error);
        }
    }

    /// <summary>Size, bits and channels of a file, without decoding its pixels.</summary>
    public static (int Height, int Width, int BitDepth, int Channels) ReadHeader(string path, ImageFormat format)
    {
        VipsLibrary.Require();
        try
        {
            using var image = format switch
            {
                ImageFormat.Jpeg => Image.Jpegload(path, access: Enums.Access.Sequential),
                _ => Image.Webpload(path, access: Enums.Access.Sequential),
            };
            return (image.Height, image.Width, image.Format == Enums.BandFormat.Uchar ? 8 : 16, image.Bands);
        }
        catch (VipsException error)
        {
            throw new InvalidDataException($"it is truncated, damaged, or of a kind that libvips does not decode{Reason(error)}", error);
        }
    }

    // The loader is named, so that content never reaches the loaders for documents and programs that libvips also has.
    private static Image Open(byte[] bytes, ImageFormat format) => format switch
    {
        ImageFormat.Png => Image.PngloadBuffer(bytes, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning),
        ImageFormat.Jpeg => Image.JpegloadBuffer(bytes, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning),
        ImageFormat.Tiff => Image.TiffloadBuffer(bytes, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning),
        _ => Image.WebploadBuffer(bytes, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning),
    };

    // By name, libvips reads no further than it is asked to.
    private static Image Open(string path, ImageFormat format) => format switch
    {
        ImageFormat.Png => Image.Pngload(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning),
        ImageFormat.Jpeg => Image.Jpegload(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning),
        ImageFormat.Tiff => Image.Tiffload(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning),
        _ => Image.Webpload(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning),
    };

    // Samples and result; libjpeg keeps the coefficients of progressive images, libwebp the whole frame in four bytes a pixel.
    private static int BytesPerPixel(Image image, ImageFormat format) =>
        (image.Bands * (image.Format == Enums.BandFormat.Uchar ? 1 : 2)) + sizeof(ushort)
        + format switch { ImageFormat.Jpeg => 2 * image.Bands, ImageFormat.WebP => 4, _ => 0 };

    private static void Check(Image image, ImageFormat format, ImageLimits limits)
    {
        limits.Check(image.Height, image.Width, 8, format == ImageFormat.Jpeg ? JpegRatio : int.MaxValue);
        if (image.Contains("n-pages") && image.Get("n-pages") is int and > 1)
            throw new InvalidDataException("it holds several pages; save each as a file of its own");
        if (image.Format is not (Enums.BandFormat.Uchar or Enums.BandFormat.Ushort))
            throw new InvalidDataException($"its pixels are of the type '{image.Format}'; only unsigned 8- and 16-bit pixels are read");
        if (image.Bands is < 1 or > 4 || image.Interpretation is Enums.Interpretation.Cmyk or Enums.Interpretation.Lab or Enums.Interpretation.Labs)
            throw new InvalidDataException($"it has {image.Bands} channels of the kind '{image.Interpretation}'; only grey and RGB are read");
    }

    // libvips reports one message a line, each with the name of its part before a colon, after a general one.
    private static string Reason(VipsException error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length < 2 ? "" : $" ({lines[1][(lines[1].IndexOf(": ", StringComparison.Ordinal) + 1)..].Trim()})";
    }

    private static unsafe GreyImage ToGrey<T>(Image image, int bitDepth, bool isGrey)
        where T : unmanaged, IBinaryInteger<T>
    {
        var memory = image.WriteToMemory(out var size);
        try
        {
            var samples = new ReadOnlySpan<T>((void*)memory, checked((int)(size / (ulong)sizeof(T))));
            var pixels = new ushort[image.Height * image.Width];
            var isColour = image.Bands >= 3 && !isGrey ? FromRgb(samples, image.Bands, pixels) : FromGrey(samples, image.Bands, pixels);
            return new GreyImage(image.Height, image.Width, bitDepth, pixels) { WasColour = isColour };
        }
        finally
        {
            NetVips.NetVips.Free(memory);
        }
    }

    private static bool FromGrey<T>(ReadOnlySpan<T> samples, int bands, ushort[] pixels)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (typeof(T) == typeof(ushort) && bands == 1)
            MemoryMarshal.Cast<T, ushort>(samples).CopyTo(pixels);
        else
        {
            for (int i = 0, s = 0; i < pixels.Length; i++, s += bands)
                pixels[i] = ushort.CreateTruncating(samples[s]);
        }

        return false;
    }

    private static bool FromRgb<T>(ReadOnlySpan<T> samples, int bands, ushort[] pixels)
        where T : unmanaged, IBinaryInteger<T>
    {
        var isColour = false;
        for (int i = 0, s = 0; i < pixels.Length; i++, s += bands)
        {
            var (red, green, blue) = (uint.CreateTruncating(samples[s]), uint.CreateTruncating(samples[s + 1]), uint.CreateTruncating(samples[s + 2]));
            isColour |= red != green || green != blue;
            pixels[i] = Luma.FromRgb(red, green, blue);
        }

        return isColour;
    }
}

/// <summary>The size that a PNG claims, held against what its bytes can unpack to.</summary>
internal static class PngHeader
{
    // Deflate makes at most 258 bytes of 2 bits: the bound that zlib's documentation gives.
    private const int DeflateRatio = 1032;

    public static void Check(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        if (file.Length < 26 || !file.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw new InvalidDataException("it is truncated or damaged (its header is incomplete)");
        var width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]);
        var height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        limits.Check(height, width, file[24], DeflateRatio);
    }
}

/// <summary>Sets libvips up once, before it is first used.</summary>
internal static class VipsLibrary
{
    private static readonly Lazy<bool> Ready = new(Prepare);

    /// <exception cref="MammoException"><see cref="ErrorIds.ImageLibraryUnavailable"/>.</exception>
    public static void Require()
    {
        if (!Ready.Value)
        {
            throw new MammoException(
                ErrorIds.ImageLibraryUnavailable,
                "libvips cannot be loaded, so that PNG, JPEG, TIFF and WebP images cannot be read or written.",
                "Use the build of the module that is meant for this system.",
                inner: ModuleInitializer.Exception);
        }
    }

    private static bool Prepare()
    {
        if (!ModuleInitializer.VipsInitialized)
            return false;
        // Images are decoded side by side by our own workers; nothing is asked for twice; warnings arrive as errors, not on standard error.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info, static (_, _, _) => { });
        return true;
    }
}
