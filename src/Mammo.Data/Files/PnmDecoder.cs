using System.Buffers.Binary;
using Mammo.Data.Images;

namespace Mammo.Data.Files;

/// <summary>
/// PGM (P2, P5) and PPM (P3, P6) after the netpbm specification. Values are kept as they are, whatever the maximum that the header names:
/// up to 255 they are 8-bit pixels, above it 16-bit ones. A second image in the same file is ignored.
/// </summary>
internal static class PnmDecoder
{
    /// <summary>Rows and columns, from the first bytes of a file.</summary>
    public static ImageSize Size(ReadOnlySpan<byte> start, ImageLimits limits) => ReadHeader(start, limits).Size;

    public static GreyImage Decode(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var ((height, width), bands, highest, isText, position) = ReadHeader(file, limits);
        using var memory = DecodingBudget.Take(new ImageSize(height, width), sizeof(ushort) * (bands == 1 ? 1 : bands + 1));
        var count = checked(height * width * bands);
        var samples = Checked(isText ? Text(file, position, count) : Binary(file, position, count, highest), highest);
        var isColour = false;
        var pixels = bands == 1 ? samples : ToGrey(samples, out isColour);
        return new GreyImage(height, width, highest > byte.MaxValue ? 16 : 8, pixels) { WasColour = isColour };
    }

    private static Header ReadHeader(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var (kind, width, height, highest) = Values(file, out var position);
        var bands = kind is 3 or 6 ? 3 : 1;
        // In text a value takes at least one digit and one space, but the last may lack the space.
        limits.Check(height, width, bands * (kind < 4 || highest > byte.MaxValue ? 16 : 8), 1);
        return new Header(new ImageSize(height, width), bands, highest, kind < 4, position);
    }

    /// <summary>Number behind the P, columns, rows and highest value.</summary>
    public static (int Kind, int Width, int Height, int Highest) Values(ReadOnlySpan<byte> file, out int position)
    {
        var kind = file[1] - (byte)'0';
        if (kind is 1 or 4 or 7)
            throw new InvalidDataException($"it is a P{kind} file (PBM or PAM); only PGM (P2, P5) and PPM (P3, P6) are read");
        position = 2;
        var width = Number(file, ref position);
        var height = Number(file, ref position);
        var highest = Number(file, ref position);
        return highest is >= 1 and <= ushort.MaxValue
            ? (kind, width, height, highest)
            : throw new InvalidDataException(FormattableString.Invariant($"its header gives a maximum of {highest}; 1 to 65535 are allowed"));
    }

    private static ushort[] Text(ReadOnlySpan<byte> file, int position, int count)
    {
        var samples = new ushort[count];
        for (var i = 0; i < count; i++)
            samples[i] = (ushort)Math.Min(Number(file, ref position, isLast: i == count - 1), ushort.MaxValue);
        return samples;
    }

    private static ushort[] Binary(ReadOnlySpan<byte> file, int position, int count, int highest)
    {
        var size = highest > byte.MaxValue ? 2 : 1;
        if (file.Length - position < (long)count * size)
            throw new InvalidDataException("it is truncated");
        var data = file[position..];
        var samples = new ushort[count];
        for (var i = 0; i < count; i++)
            samples[i] = size == 1 ? data[i] : BinaryPrimitives.ReadUInt16BigEndian(data[(i * 2)..]);
        return samples;
    }

    private static ushort[] Checked(ushort[] samples, int highest) => samples.Max() <= highest
        ? samples
        : throw new InvalidDataException(
            FormattableString.Invariant($"it is damaged: a pixel of {samples.Max()} is above the maximum of {highest} in its header"));

    private static ushort[] ToGrey(ushort[] samples, out bool isColour)
    {
        var pixels = new ushort[samples.Length / 3];
        isColour = false;
        for (int i = 0, s = 0; i < pixels.Length; i++, s += 3)
        {
            isColour |= samples[s] != samples[s + 1] || samples[s + 1] != samples[s + 2];
            pixels[i] = Luma.FromRgb(samples[s], samples[s + 1], samples[s + 2]);
        }

        return pixels;
    }

    /// <summary>The next whole number, after white space and comments; the one white-space character that ends it is consumed too.</summary>
    private static int Number(ReadOnlySpan<byte> file, ref int position, bool isLast = false)
    {
        while (position < file.Length && (IsSpace(file[position]) || file[position] == '#'))
        {
            if (file[position] == '#')
                SkipLine(file, ref position);
            else
                position++;
        }

        var start = position;
        long value = 0;
        for (; position < file.Length && char.IsAsciiDigit((char)file[position]); position++)
            value = Math.Min((value * 10) + file[position] - '0', int.MaxValue);
        if (position == start || (position == file.Length && !isLast) || (position < file.Length && !IsSpace(file[position])))
            throw new InvalidDataException(
                position >= file.Length ? "it is truncated" : FormattableString.Invariant($"it is damaged: byte {position} should be part of a number"));
        position++;
        return (int)value;
    }

    private static void SkipLine(ReadOnlySpan<byte> file, ref int position)
    {
        while (position < file.Length && file[position] is not ((byte)'\n' or (byte)'\r'))
            position++;
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);

    /// <param name="Size">Rows and columns.</param>
    /// <param name="Bands">1 for grey, 3 for colour.</param>
    /// <param name="Highest">The maximum that the values are held against.</param>
    /// <param name="IsText">Values are written in digits.</param>
    /// <param name="End">Where the values begin.</param>
    private readonly record struct Header(ImageSize Size, int Bands, int Highest, bool IsText, int End);
}
