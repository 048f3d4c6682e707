using Mammo.Data.Images;

namespace Mammo.Data.Files;

/// <summary>
/// TIFF through libvips, but for what libvips reads wrongly without a word or not at all: that is recognised by its tags first, and brought into a form that
/// libvips reads rightly, read here, or refused by name.
/// </summary>
internal static class TiffDecoder
{
    private const int Uncompressed = 1;
    private const int Jpeg = 7;
    private const int PackBits = 32773;
    private const int Separate = 2;
    private const int Unsigned = 1;
    private const int Untyped = 4;

    /// <summary>Decodes a file; its bytes are changed.</summary>
    public static GreyImage Decode(byte[] bytes, ImageLimits limits)
    {
        var directory = Prepared(TiffDirectory.All(bytes));
        directory.WriteAlone(bytes);
        return IsPacked(directory) ? Packed(bytes, directory, limits)
            : VipsDecoder.Decode(bytes, ImageFormat.Tiff, limits, isGrey: Photometric(directory) is 0 or 1);
    }

    /// <summary>Rows and columns; no more of the file is read than its directories.</summary>
    public static ImageSize Size(FileStream file, ImageLimits limits) => Size(Prepared(TiffDirectory.All(file)), limits, int.MaxValue);

    /// <summary>What a file says of its picture, whether it is read or not: size, 8 or 16 bits, channels as they are stored.</summary>
    public static (ImageSize Size, int BitDepth, int Channels) Header(FileStream file)
    {
        var picture = Picture(TiffDirectory.All(file));
        var size = Size(picture, new ImageLimits(long.MaxValue, long.MaxValue), int.MaxValue);
        var channels = Photometric(picture) == 3 ? 3 : (int)Math.Clamp(picture.Value(TiffTag.SamplesPerPixel, 1), 1, ushort.MaxValue);
        return (size, picture.Value(TiffTag.BitsPerSample, 1) <= 8 ? 8 : 16, channels);
    }

    /// <summary>The picture's directory, with one plane where only one is looked at.</summary>
    private static TiffDirectory Prepared(List<TiffDirectory> all)
    {
        var picture = Picture(all);
        Refuse(picture);
        if (Photometric(picture) is 0 or 1 or 3)
        {
            if (picture.Value(TiffTag.PlanarConfiguration, 1) == Separate)
                TakeFirstPlane(picture);
            else if (picture.Value(TiffTag.SamplesPerPixel, 1) is > 1 and var samples)
            {
                // Said or not, the others mean nothing; libvips divides grey by what is said to be its transparency.
                picture.SetZeros(TiffTag.ExtraSamples, (int)samples - 1);
            }
        }

        foreach (var tag in new[] { TiffTag.NewSubfileType, TiffTag.SubfileType, TiffTag.SubIfds })
            picture.Remove(tag);
        return picture;
    }

    // Thumbnails and masks stand before, behind or below the picture that they belong to.
    private static TiffDirectory Picture(List<TiffDirectory> all)
    {
        TiffDirectory[] pictures = [.. all.Where(directory => !directory.IsSecondary)];
        if (pictures.Length == 0)
            pictures = [.. all.SelectMany(directory => directory.Inner()).Where(directory => !directory.IsSecondary)];
        else if (pictures is [var outer] && Area(outer) < Larger(outer))
            pictures = [outer, outer];
        return pictures switch
        {
            [var one] => one,
            [] when all is [var only] && !only.Has(TiffTag.SubIfds) => only,
            [] => throw new InvalidDataException("it holds nothing but thumbnails or masks; save the picture as a file of its own"),
            _ => throw new InvalidDataException("it holds several pages; save each as a file of its own"),
        };
    }

    private static long Area(TiffDirectory directory) =>
        Math.Clamp(directory.Value(TiffTag.ImageLength, 0), 0, int.MaxValue) * Math.Clamp(directory.Value(TiffTag.ImageWidth, 0), 0, int.MaxValue);

    // The largest picture below another; one that cannot be read is none, as the picture itself is whole.
    private static long Larger(TiffDirectory outer)
    {
        try
        {
            return outer.Inner().Where(directory => !directory.IsSecondary).Select(Area).DefaultIfEmpty().Max();
        }
        catch (InvalidDataException)
        {
            return 0;
        }
    }

    private static long Photometric(TiffDirectory directory) => directory.Value(TiffTag.PhotometricInterpretation, 1);

    private static void Refuse(TiffDirectory directory)
    {
        var compression = directory.Value(TiffTag.Compression, Uncompressed);
        var kind = Photometric(directory) switch
        {
            0 or 1 or 2 or 3 => null,
            4 => "a transparency mask",
            5 => "CMYK",
            6 when compression == Jpeg => null,
            6 => "YCbCr without JPEG compression",
            8 => "CIE L*a*b*",
            9 => "ICC L*a*b*",
            10 => "ITU L*a*b*",
            32803 => "a colour filter array",
            32844 or 32845 => "LogL or LogLuv",
            var other => FormattableString.Invariant($"the colour space {other}"),
        };
        if (kind is not null)
            throw new InvalidDataException($"its pixels are {kind}, which is not read from TIFF; save it in grey");
        var (bits, samples) = (directory.Values(TiffTag.BitsPerSample), directory.Value(TiffTag.SamplesPerPixel, 1));
        if (bits.Distinct().Count() > 1)
            throw new InvalidDataException("its channels have different numbers of bits; save it in grey with 8 or 16 bits");
        if (Photometric(directory) == 3 && !directory.Has(TiffTag.ColorMap))
            throw new InvalidDataException("its pixels are numbers of colours, and it does not say which colours; save it in grey");
        if (directory.Value(TiffTag.Predictor, 1) != 1 && compression is (Uncompressed or PackBits))
            throw new InvalidDataException("it says differences of pixels (a predictor) without the compression that has them; save it again");
        if (samples > 1 && bits is [< 8, ..])
            throw new InvalidDataException(FormattableString.Invariant($"it has {samples} channels of {bits[0]} bits; save it in grey with 8 or 16 bits"));
    }

    // Of one sample a pixel, the order of samples means nothing; of grey and others in planes of their own, the first plane is a whole grey picture.
    private static void TakeFirstPlane(TiffDirectory directory)
    {
        var samples = (int)Math.Clamp(directory.Value(TiffTag.SamplesPerPixel, 1), 1, 1024);
        directory.Set(TiffTag.PlanarConfiguration, 1);
        if (samples == 1)
            return;
        directory.Set(TiffTag.SamplesPerPixel, 1);
        directory.Remove(TiffTag.ExtraSamples);
        directory.Keep(TiffTag.BitsPerSample, 1);
        directory.Keep(TiffTag.SampleFormat, 1);
        foreach (var tag in new[] { TiffTag.StripOffsets, TiffTag.StripByteCounts, TiffTag.TileOffsets, TiffTag.TileByteCounts })
        {
            var count = directory.Values(tag).Length;
            if (count % samples != 0)
                throw new InvalidDataException("it is damaged: its planes have different numbers of strips");
            directory.Keep(tag, count / samples);
        }
    }

    // Bits that fill no whole number of bytes.
    private static bool IsPacked(TiffDirectory directory) => directory.Value(TiffTag.BitsPerSample, 1) is not (1 or 2 or 4 or 8 or 16 or 32 or 64);

    private static ImageSize Size(TiffDirectory directory, ImageLimits limits, int ratio)
    {
        var (height, width) = (directory.Value(TiffTag.ImageLength, 0), directory.Value(TiffTag.ImageWidth, 0));
        if (height is <= 0 or > int.MaxValue || width is <= 0 or > int.MaxValue)
            throw new InvalidDataException("it is damaged: it has no height or no width");
        limits.Check(height, width, 8, ratio);
        return new ImageSize((int)height, (int)width);
    }

    /// <summary>
    /// Grey pixels of 3 to 15 bits, one behind the other from the highest bit of a byte on, each row from a new byte; values as they are stored.
    /// </summary>
    private static GreyImage Packed(byte[] bytes, TiffDirectory directory, ImageLimits limits)
    {
        var bits = (int)Math.Clamp(directory.Value(TiffTag.BitsPerSample, 1), 0, 1000);
        if (directory.Value(TiffTag.SampleFormat, Unsigned) is not (Unsigned or Untyped))
            throw new InvalidDataException(FormattableString.Invariant($"its pixels are signed numbers of {bits} bits; save it with 16 bits without a sign"));
        if (bits > 15 || directory.Value(TiffTag.Compression, Uncompressed) != Uncompressed || directory.Value(TiffTag.SamplesPerPixel, 1) != 1
            || Photometric(directory) is not (0 or 1) || directory.Has(TiffTag.TileOffsets) || directory.Value(TiffTag.FillOrder, 1) != 1)
            throw new InvalidDataException(
                FormattableString.Invariant(
                    $"its pixels have {bits} bits; such a TIFF is read only in grey, uncompressed, untiled, highest bit first. Save it with 16 bits"));
        // At least three bits a pixel: no more than three pixels in a byte.
        var size = Size(directory, limits, ratio: 4);
        long[] offsets = directory.Values(TiffTag.StripOffsets), counts = directory.Values(TiffTag.StripByteCounts);
        var rows = (int)Math.Clamp(directory.Value(TiffTag.RowsPerStrip, size.Height), 1, size.Height);
        var rowBytes = (((long)size.Width * bits) + 7) / 8;
        using var memory = DecodingBudget.Take(size, sizeof(ushort));
        var pixels = new ushort[size.Height * size.Width];
        for (var y = 0; y < size.Height; y++)
        {
            var strip = y / rows;
            if (strip >= offsets.Length || strip >= counts.Length || counts[strip] < rowBytes * ((y % rows) + 1))
                throw new InvalidDataException("it is truncated");
            // Some programs write two bytes a pixel and name the bits that they use.
            if (counts[strip] != rowBytes * Math.Min(rows, size.Height - (strip * rows)))
                throw new InvalidDataException(FormattableString.Invariant($"its strips do not have the length of {bits}-bit pixels; save it with 16 bits"));
            Unpack(bytes, offsets[strip] + (rowBytes * (y % rows)), bits, pixels.AsSpan(y * size.Width, size.Width));
        }

        if (Photometric(directory) == 0)
        {
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = (ushort)((1 << bits) - 1 - pixels[i]);
        }

        return new GreyImage(size.Height, size.Width, bits < 8 ? 8 : 16, pixels);
    }

    private static void Unpack(byte[] bytes, long at, int bits, Span<ushort> row)
    {
        if (at < 0 || at > bytes.Length - ((((long)row.Length * bits) + 7) / 8))
            throw new InvalidDataException("it is truncated");
        var (buffer, filled) = (0u, 0);
        for (var x = 0; x < row.Length; x++)
        {
            while (filled < bits)
            {
                buffer = (buffer << 8) | bytes[at++];
                filled += 8;
            }

            filled -= bits;
            row[x] = (ushort)((buffer >> filled) & ((1u << bits) - 1));
        }
    }
}
