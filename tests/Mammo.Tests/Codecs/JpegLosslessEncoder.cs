using Mammo.Scoring.Prediction;

namespace Mammo.Tests.Codecs;

/// <summary>
/// Lossless JPEG as ITU-T T.81 annex H describes it: makes streams that the tools at hand do not make (any precision, restart markers, the number of lines
/// behind the scan). DCMTK decodes what it makes.
/// </summary>
internal sealed class JpegLosslessEncoder
{
    // Codes of 2 to 14 bits for the categories 0 to 16.
    private static readonly byte[] Lengths = [0, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0];

    public required int Precision { get; init; }

    public required int Predictor { get; init; }

    public int PointTransform { get; init; }

    /// <summary>Rows from one restart marker to the next, 0 for none.</summary>
    public int RestartRows { get; init; }

    public bool LinesBehindScan { get; init; }

    public byte[] Encode(GreyTestImage image)
    {
        var (width, height) = (image.Width, image.Height);
        List<byte> stream = [0xFF, 0xD8, 0xFF, 0xC3, 0, 11, (byte)Precision, .. Word(LinesBehindScan ? 0 : height), .. Word(width), 1, 1, 0x11, 0];
        // Two tables in two segments; the second is used.
        stream.AddRange([0xFF, 0xC4, 0, 20, 0, 1, .. new byte[15], 7]);
        stream.AddRange([0xFF, 0xC4, 0, 36, 1, .. Lengths, .. Enumerable.Range(0, 17).Select(i => (byte)i)]);
        if (RestartRows > 0)
            stream.AddRange([0xFF, 0xDD, 0, 4, .. Word(RestartRows * width)]);
        stream.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0x10, (byte)Predictor, 0, (byte)PointTransform]);
        var bits = new BitWriter(isJpegLs: false);
        for (var y = 0; y < height; y++)
        {
            var isStart = y == 0 || (RestartRows > 0 && y % RestartRows == 0);
            if (isStart && y > 0)
            {
                bits.Flush();
                bits.Bytes.AddRange([0xFF, (byte)(0xD0 + (((y / RestartRows) - 1) % 8))]);
            }

            for (var x = 0; x < width; x++)
                Write(bits, (image.Samples[(y * width) + x] >> PointTransform) - Predict(image, x, y, isStart));
        }

        bits.Flush();
        stream.AddRange(bits.Bytes);
        if (LinesBehindScan)
            stream.AddRange([0xFF, 0xDC, 0, 4, .. Word(height)]);
        return [.. stream, 0xFF, 0xD9];
    }

    private static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];

    private int Predict(GreyTestImage image, int x, int y, bool isStart)
    {
        int At(int left, int up) => image.Samples[((y - up) * image.Width) + x - left] >> PointTransform;
        return (isStart, x) switch
        {
            (true, 0) => 1 << (Precision - PointTransform - 1),
            (true, _) => At(1, 0),
            (false, 0) => At(0, 1),
            _ => Predictor switch
            {
                1 => At(1, 0),
                2 => At(0, 1),
                3 => At(1, 1),
                4 => At(1, 0) + At(0, 1) - At(1, 1),
                5 => At(1, 0) + ((At(0, 1) - At(1, 1)) >> 1),
                6 => At(0, 1) + ((At(1, 0) - At(1, 1)) >> 1),
                _ => (At(1, 0) + At(0, 1)) >> 1,
            },
        };
    }

    private static void Write(BitWriter bits, int difference)
    {
        // Modulo 2^16, -32767 to 32768.
        difference = (short)difference == short.MinValue ? 32768 : (short)difference;
        var category = difference == 0 ? 0 : (int)Math.Log2(Math.Abs(difference)) + 1;
        var (code, length) = Code(category);
        bits.Write(code, length);
        if (category < 16)
            bits.Write(difference > 0 ? difference : difference + (1 << category) - 1, category);
    }

    private static (int Code, int Length) Code(int category)
    {
        var (code, symbol) = (0, 0);
        for (var length = 1; ; length++)
        {
            if (category < symbol + Lengths[length - 1])
                return (code + category - symbol, length);
            code = (code + Lengths[length - 1]) << 1;
            symbol += Lengths[length - 1];
        }
    }
}
