using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mammo.Codecs.JpegLs;

/// <summary>What is known of the errors in one context (T.87 A.2.1): of a regular one, or of those that end a run.</summary>
internal struct JpegLsContext
{
    /// <summary>Sum of the errors' magnitudes (A).</summary>
    public uint Magnitude;

    /// <summary>Sum of the errors (B).</summary>
    public int Bias;

    /// <summary>Number of errors (N).</summary>
    public ushort Count;

    /// <summary>Correction of the prediction (C), -128 to 127.</summary>
    public sbyte Correction;

    /// <summary>Golomb parameter k of the next error. Kept, because it is needed before all else and is known long before.</summary>
    public byte Golomb;

    /// <summary>-1 where errors and their negatives change places (T.87 A.5.2), else 0.</summary>
    public int Swap;

    /// <summary>A context before its first error, of samples with so many different errors (T.87 A.2.1).</summary>
    public static JpegLsContext Initial(int range)
    {
        var magnitude = (uint)Math.Max(2, (range + 32) / 64);
        return new JpegLsContext { Magnitude = magnitude, Count = 1, Golomb = (byte)GolombParameter(1, magnitude) };
    }

    /// <summary>Takes in an error of a regular context (T.87 A.6).</summary>
    /// <param name="error">The error, in steps of the quantizer.</param>
    /// <param name="step">2 NEAR + 1.</param>
    /// <param name="reset">Number of errors at which the sums are halved.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int error, int step, int reset)
    {
        var magnitude = Magnitude + (uint)Math.Abs(error);
        var bias = Bias + (error * step);
        int count = Count;
        if (count == reset)
        {
            magnitude >>= 1;
            bias >>= 1;
            count >>= 1;
        }

        count++;
        if (bias <= -count)
        {
            bias = Math.Max(bias + count, 1 - count);
            if (Correction > sbyte.MinValue)
                Correction--;
        }
        else if (bias > 0)
        {
            bias = Math.Min(bias - count, 0);
            if (Correction < sbyte.MaxValue)
                Correction++;
        }

        Magnitude = magnitude;
        Bias = bias;
        Count = (ushort)count;
        var golomb = GolombParameter((uint)count, magnitude);
        Golomb = (byte)golomb;
        Swap = step == 1 && golomb == 0 && 2 * bias <= -count ? -1 : 0;
    }

    /// <summary>The smallest k with count x 2^k not below the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GolombParameter(uint count, uint sum)
    {
        var k = Math.Max(0, BitOperations.LeadingZeroCount(count) - BitOperations.LeadingZeroCount(sum));
        return (ulong)count << k < sum ? k + 1 : k;
    }
}
