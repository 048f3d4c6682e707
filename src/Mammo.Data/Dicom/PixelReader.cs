using System.Buffers.Binary;
using System.Collections.Immutable;
using Mammo.Codecs;

namespace Mammo.Data.Dicom;

/// <summary>From the pixels of a file to grey values.</summary>
internal sealed class PixelReader(DicomFile file, DicomImageInfo info, PixelLayout layout, DicomOptions options)
{
    private const int Block = 1 << 18;

    private readonly int _frame = options.Frame ?? 1;

    private readonly ImmutableArray<DicomRemark>.Builder _remarks = ImmutableArray.CreateBuilder<DicomRemark>();

    /// <summary>What was shown of the values; see <see cref="GreyMapping.VoiUsed"/>.</summary>
    public string VoiUsed { get; private set; } = "None";

    /// <summary>What was remarkable on the way.</summary>
    public ImmutableArray<DicomRemark> Remarks => _remarks.ToImmutable();

    /// <summary>Reads one frame.</summary>
    /// <returns>Rows x columns grey values, 0 to 65535, or 0 to 255 where eight bits are asked for.</returns>
    /// <exception cref="InvalidDataException">Pixels are missing or damaged.</exception>
    public ushort[] Read()
    {
        var element = file.Pixels!.Value;
        if (element.Tag != DicomTag.PixelData)
            throw new InvalidDataException("its pixels are floating-point numbers; whole numbers of 8 and 16 bits are read");
        if (!file.Syntax.IsEncapsulated)
            return Native(element);
        if (!element.IsUndefined)
            throw DicomDamage.Of($"its pixels are not in fragments, as the transfer syntax {file.Syntax} asks for");
        var stream = PixelFragments.Find(file).Read(file, _frame, info.Frames, (2 * layout.FrameBytes) + Block);
        return file.Syntax.Coding == PixelCoding.Encapsulated ? Uncompressed(stream) : Decoded(PixelDecoder.Decode(file.Syntax, stream, layout));
    }

    private ushort[] Native(DicomElement element)
    {
        if (element.IsUndefined)
            throw DicomDamage.Of($"its pixels are in fragments, which the transfer syntax {file.Syntax} does not have");
        var expected = layout.FrameBytes * layout.Frames;
        if (element.Length < expected)
        {
            var size = $"{layout.Frames} x {layout.Rows}x{layout.Columns} pixels of {layout.BitsAllocated} bits";
            throw DicomDamage.Of($"its pixels have {element.Length} bytes, {size} need {expected}");
        }

        if (element.Length > expected + (expected & 1))
            RemarkLength(element.Length - expected);
        // Pixels of 8 bits are in words (OW) whose highest byte comes first: the second byte is the first pixel.
        var isSwapped = layout.BitsAllocated == 8 && file.Syntax.IsBigEndian && element.Vr == DicomVr.OW;
        file.Input.Skip((_frame - 1) * layout.FrameBytes);
        return isSwapped ? Swapped(element) : Words();
    }

    private void RemarkLength(long surplus) => _remarks.Add(new DicomRemark(
        ErrorIds.DicomPixelDataLong,
        $"The pixels have {surplus} bytes more than {layout.Frames} x {layout.Rows}x{layout.Columns} of them need; the rest was left.",
        "Check the image with another program if it looks wrong."));

    private ushort[] Words()
    {
        var table = Table(layout);
        var greys = new ushort[layout.PixelCount];
        var size = layout.BitsAllocated / 8;
        var block = new byte[(int)Math.Min(Block, layout.FrameBytes)];
        for (var done = 0; done < greys.Length;)
        {
            var count = Math.Min(greys.Length - done, block.Length / size);
            var bytes = block.AsSpan(0, count * size);
            file.Input.Read(bytes);
            Map(bytes, greys.AsSpan(done, count), table, size, file.Syntax.IsBigEndian);
            done += count;
        }

        return greys;
    }

    private ushort[] Swapped(DicomElement element)
    {
        var start = (_frame - 1) * layout.FrameBytes;
        var isOdd = (start & 1) != 0;
        // A frame that begins within a word needs the byte before it; frames of an odd number of pixels are not otherwise read.
        if (isOdd)
            throw new InvalidDataException("a frame of it begins within a word of two pixels; such frames are not read");
        var bytes = new byte[Math.Min(layout.FrameBytes + (layout.FrameBytes & 1), element.Length - start)];
        file.Input.Read(bytes);
        for (var i = 0; i + 1 < bytes.Length; i += 2)
            (bytes[i], bytes[i + 1]) = (bytes[i + 1], bytes[i]);
        return Uncompressed(bytes);
    }

    private ushort[] Uncompressed(byte[] bytes)
    {
        if (bytes.Length < layout.FrameBytes)
            throw DicomDamage.Of($"a frame of it has {bytes.Length} bytes and needs {layout.FrameBytes}");
        if (bytes.Length > layout.FrameBytes + 1)
            RemarkLength(bytes.Length - layout.FrameBytes);
        var greys = new ushort[layout.PixelCount];
        Map(bytes, greys, Table(layout), layout.BitsAllocated / 8, isBigEndian: false);
        return greys;
    }

    private void Map(ReadOnlySpan<byte> bytes, Span<ushort> greys, ushort[] table, int size, bool isBigEndian)
    {
        var (shift, mask) = (layout.Shift, table.Length - 1);
        for (var i = 0; i < greys.Length; i++)
        {
            var at = bytes[(size * i)..];
            var word = size == 1 ? at[0] : isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);
            greys[i] = table[(word >> shift) & mask];
        }
    }

    private ushort[] Table(PixelLayout stored)
    {
        var mapping = new GreyMapping(stored, file.DataSet, _frame, options.Voi ?? DicomVoi.Auto, options.BitDepth);
        VoiUsed = mapping.VoiUsed;
        _remarks.AddRange(mapping.Remarks);
        return mapping.Table;
    }

    // The codestream's own precision decides how many bits its samples have; their sign is the file's, since JPEG and JPEG-LS know none.
    private ushort[] Decoded(CodecImage image)
    {
        var (precision, samples) = (image.Precision, image.Samples);
        var stored = precision < layout.BitsStored ? layout with { BitsStored = precision, Shift = 0 } : layout;
        var isLossy = file.Syntax.IsLossy && stored.Shift == 0;
        var outside = isLossy ? Clamp(samples, precision, stored) : Mask(samples, precision, stored);
        // Run-length coding has no precision of its own: its samples are the allocated bits.
        var isAsSaid = precision == layout.BitsStored || precision == layout.BitsAllocated;
        if (file.Syntax.Coding != PixelCoding.Rle && (precision < layout.BitsStored || outside > 0 || !isAsSaid))
            RemarkDepth(precision, outside);
        var table = Table(stored);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = table[samples[i]];
        return samples;
    }

    private void RemarkDepth(int precision, int outside)
    {
        var values = outside == 0 ? "" : $" {outside} pixels were outside the bits stored.";
        _remarks.Add(new DicomRemark(
            ErrorIds.DicomBitDepth,
            $"The compressed image has {precision} bits, Bits Stored says {layout.BitsStored}; {Math.Min(precision, layout.BitsStored)} were used.{values}",
            "Check the grey values with another program; the file's elements and its pixels do not belong together."));
    }

    // What lossy compression makes too dark or too bright is held at the end of the scale; without its upper bits white would be black.
    private static int Clamp(ushort[] samples, int precision, PixelLayout stored)
    {
        var count = 1 << stored.BitsStored;
        var (lowest, highest) = stored.IsSigned ? (-count / 2, (count / 2) - 1) : (0, count - 1);
        var (sign, mask) = (stored.IsSigned ? 1 << (precision - 1) : 0, (1 << precision) - 1);
        var outside = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var value = ((samples[i] & mask) ^ sign) - sign;
            var held = Math.Clamp(value, lowest, highest);
            outside += held == value ? 0 : 1;
            samples[i] = (ushort)(held & (count - 1));
        }

        return outside;
    }

    // Upper bits of lossless images hold overlays, or repeat the sign.
    private static int Mask(ushort[] samples, int precision, PixelLayout stored)
    {
        var mask = (1 << stored.BitsStored) - 1;
        var upper = ((1 << precision) - 1) & ~mask;
        var outside = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = samples[i];
            if (stored.Shift == 0 && (sample & upper) is var above and not 0 && !(stored.IsSigned && above == upper))
                outside++;
            samples[i] = (ushort)((sample >> stored.Shift) & mask);
        }

        return outside;
    }
}
