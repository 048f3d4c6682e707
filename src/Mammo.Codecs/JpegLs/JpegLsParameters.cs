using System.Numerics;
using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegLs;

/// <summary>Coding parameters of a scan (T.87 C.2.4.1.1 and A.2.1).</summary>
internal sealed record JpegLsParameters
{
    /// <summary>Largest sample value.</summary>
    public required int MaxValue { get; init; }

    /// <summary>Largest difference between a sample and what is decoded for it; 0 is lossless.</summary>
    public required int Near { get; init; }

    /// <summary>Gradients of a context change at these.</summary>
    public required int Threshold1 { get; init; }

    public required int Threshold2 { get; init; }

    public required int Threshold3 { get; init; }

    /// <summary>A context halves its sums after so many samples.</summary>
    public required int Reset { get; init; }

    /// <summary>Number of different errors.</summary>
    public int Range => ((MaxValue + (2 * Near)) / ((2 * Near) + 1)) + 1;

    /// <summary>Bits of an error that is written as it is.</summary>
    public int ErrorBits => BitsFor(Range);

    /// <summary>Longest code.</summary>
    public int Limit => 2 * (Math.Max(2, BitsFor(MaxValue + 1)) + Math.Max(8, BitsFor(MaxValue + 1)));

    public static JpegLsParameters Of(JpegHeader header)
    {
        var preset = header.JpegLsPreset;
        var largest = (1 << header.Frame.Precision) - 1;
        var maximum = preset[0] == 0 ? largest : preset[0];
        var near = header.ScanStart;
        if (maximum > largest)
            throw new CodecException(FormattableString.Invariant($"a largest sample value of {maximum} does not fit into {header.Frame.Precision} bits"));
        if (near > Math.Min(255, maximum / 2))
            throw new CodecException(FormattableString.Invariant($"an error of {near} is not allowed for samples up to {maximum}"));
        var (first, second, third) = Defaults(maximum, near);
        var parameters = new JpegLsParameters
        {
            MaxValue = maximum,
            Near = near,
            Threshold1 = preset[1] == 0 ? first : preset[1],
            Threshold2 = preset[2] == 0 ? second : preset[2],
            Threshold3 = preset[3] == 0 ? third : preset[3],
            Reset = preset[4] == 0 ? 64 : preset[4],
        };
        var isOrdered = near < parameters.Threshold1 && parameters.Threshold1 <= parameters.Threshold2 && parameters.Threshold2 <= parameters.Threshold3;
        if (!isOrdered || parameters.Threshold3 > maximum || parameters.Reset < 3 || parameters.Reset > Math.Max(255, maximum))
            throw new CodecException("the JPEG-LS coding parameters contradict each other");
        return parameters;
    }

    // T.87 C.2.4.1.1.1.
    private static (int First, int Second, int Third) Defaults(int maximum, int near)
    {
        int first, second, third;
        if (maximum >= 128)
        {
            var factor = (Math.Min(maximum, 4095) + 128) / 256;
            (first, second, third) = (factor + 2 + (3 * near), (factor * 4) + 3 + (5 * near), (factor * 17) + 4 + (7 * near));
        }
        else
        {
            var factor = 256 / (maximum + 1);
            (first, second, third) = (Math.Max(2, (3 / factor) + (3 * near)), Math.Max(3, (7 / factor) + (5 * near)), Math.Max(4, (21 / factor) + (7 * near)));
        }

        first = Within(first, near + 1, maximum);
        second = Within(second, first, maximum);
        return (first, second, Within(third, second, maximum));
    }

    // A value out of the range becomes the range's lower end, also where it is above.
    private static int Within(int value, int lowest, int highest) => value < lowest || value > highest ? lowest : value;

    private static int BitsFor(int values) => values <= 1 ? 0 : BitOperations.Log2((uint)values - 1) + 1;
}
