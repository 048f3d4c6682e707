using System.Numerics;
using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegLs;

/// <summary>Coded data to samples of one component (T.87 A and F).</summary>
internal sealed unsafe class JpegLsScan
{
    private const int Contexts = 365;

    private readonly JpegLsParameters _parameters;
    private readonly int _width;
    private readonly int _range;
    private readonly int _errorBits;
    private readonly int _limit;

    // The region -4 to 4 of a gradient, by the gradient + MaxValue (T.87 A.3.3).
    private readonly sbyte[] _regions;
    private readonly JpegLsContext[] _contexts = new JpegLsContext[Contexts];
    private readonly JpegLsRun _run;

    public JpegLsScan(JpegLsParameters parameters, int width)
    {
        _parameters = parameters;
        _width = width;
        _range = parameters.Range;
        _errorBits = parameters.ErrorBits;
        _limit = parameters.Limit;
        _regions = new sbyte[(2 * parameters.MaxValue) + 1];
        for (var i = 0; i < _regions.Length; i++)
            _regions[i] = Region(i - parameters.MaxValue);
        _run = new JpegLsRun(parameters);
    }

    /// <param name="data">The coded data with what follows it.</param>
    /// <param name="samples">Receives all rows.</param>
    /// <param name="restartLines">Rows from one restart marker to the next.</param>
    public void Decode(ReadOnlySpan<byte> data, Span<ushort> samples, int restartLines)
    {
        var reader = new EntropyReader(data, isJpegLs: true);
        var height = samples.Length / _width;
        // With a place more at each end for the neighbours that the edges lack.
        var (above, current) = (new ushort[_width + 2], new ushort[_width + 2]);
        for (var y = 0; y < height; y++)
        {
            if (y % restartLines == 0)
            {
                if (y > 0)
                    reader.Restart((y / restartLines) - 1);
                Start();
                Array.Clear(above);
            }

            fixed (ushort* aboveStart = above, currentStart = current)
            {
                // T.87 A.2.1: left of a row's first sample stands the one above it, and above right of the last one the one above it.
                currentStart[0] = aboveStart[1];
                aboveStart[_width + 1] = aboveStart[_width];
                if (_parameters.Near == 0 && _range == _parameters.MaxValue + 1 && BitOperations.IsPow2(_range))
                    DecodeRow<Lossless>(ref reader, aboveStart, currentStart);
                else
                    DecodeRow<General>(ref reader, aboveStart, currentStart);
            }

            reader.CheckRow(y, height);
            current.AsSpan(1, _width).CopyTo(samples[(y * _width)..]);
            (above, current) = (current, above);
        }

        reader.Finish();
    }

    private void Start()
    {
        Array.Fill(_contexts, JpegLsContext.Initial(_range));
        _run.Start();
    }

    // The JIT makes one method for each mode, so that the comparisons with them cost nothing.
    private void DecodeRow<TMode>(ref EntropyReader reader, ushort* above, ushort* current)
        where TMode : struct
    {
        var maximum = _parameters.MaxValue;
        var (near, step, reset) = (_parameters.Near, (2 * _parameters.Near) + 1, _parameters.Reset);
        // A code of so many zeros says that the error follows as it is.
        var escape = _limit - _errorBits - 1;
        var (next, count) = (reader.Bits, reader.Count);
        fixed (sbyte* regionsStart = _regions)
        fixed (JpegLsContext* contexts = _contexts)
        {
            // Samples never leave 0 to MaxValue, so their differences are always within.
            var regions = regionsStart + maximum;
            int a = current[0], b = above[1], c = above[0];
            int second = regions[b - c];
            for (var x = 1; x <= _width;)
            {
                int d = above[x + 1];
                int first = regions[d - b];
                var number = (first * 81) + (second * 9) + regions[c - a];
                if (number == 0)
                {
                    (reader.Bits, reader.Count) = (next, count);
                    x = _run.Decode(ref reader, above, current, x, _width);
                    (next, count) = (reader.Bits, reader.Count);
                    (a, b, c) = (current[x - 1], above[x], above[x - 1]);
                    second = regions[b - c];
                    continue;
                }

                var sign = number >> 31;
                var context = contexts + ((number ^ sign) - sign);
                if (count < 32)
                {
                    (reader.Bits, reader.Count) = (next, count);
                    reader.Fill();
                    (next, count) = (reader.Bits, reader.Count);
                }

                int k = context->Golomb;
                var zeros = BitOperations.LeadingZeroCount(next);
                int mapped;
                if (zeros + k < 32 && zeros < escape)
                {
                    // The code's 1 and the k bits behind it are 2^k and those bits.
                    mapped = ((zeros - 1) << k) + (int)(next << zeros >> (63 - k));
                    next = next << zeros << 1 << k;
                    count -= zeros + 1 + k;
                }
                else
                {
                    (reader.Bits, reader.Count) = (next, count);
                    mapped = (int)ReadGolomb(ref reader, k, _limit, _errorBits);
                    (next, count) = (reader.Bits, reader.Count);
                }

                if (mapped > _range)
                    throw new CodecException("the coded data has an error that is larger than the samples' range");
                var error = (mapped >> 1) ^ -(mapped & 1) ^ context->Swap;
                var prediction = Math.Clamp(a + b - c, Math.Min(a, b), Math.Max(a, b));
                prediction = Math.Clamp(prediction + (context->Correction ^ sign) - sign, 0, maximum);
                context->Add(error, step, reset);
                if (typeof(TMode) == typeof(Lossless))
                    a = (prediction + (error ^ sign) - sign) & maximum;
                else
                    a = Reconstruct(prediction + ((((error ^ sign) - sign)) * step), maximum, near, _range * step);
                current[x++] = (ushort)a;
                (c, b, second) = (b, d, first);
            }
        }

        (reader.Bits, reader.Count) = (next, count);
    }

    /// <summary>Brings a sample back into the range of samples (T.87 A.4.5).</summary>
    internal static int Reconstruct(int sample, int maximum, int near, int range)
    {
        if (sample < -near)
            sample += range;
        else if (sample > maximum + near)
            sample -= range;
        return Math.Clamp(sample, 0, maximum);
    }

    /// <summary>A code of any length (T.87 A.5.3): zeros and a 1, then k bits; or the most zeros that there can be, then the value less 1 as it is.</summary>
    internal static uint ReadGolomb(ref EntropyReader reader, int k, int limit, int errorBits)
    {
        // At least 57 bits: the longest such code is 56 zeros and a 1.
        reader.FillBytes();
        var zeros = BitOperations.LeadingZeroCount(reader.Bits);
        var escape = limit - errorBits - 1;
        if (zeros > escape)
            throw new CodecException(zeros >= reader.Count ? "the coded data ends within a code" : "the coded data has a code that is too long");
        reader.Take(zeros);
        reader.Take(1);
        return zeros < escape ? ((uint)zeros << k) + reader.Read(k) : reader.Read(errorBits) + 1;
    }

    private sbyte Region(int gradient)
    {
        var size = Math.Abs(gradient);
        var region = size <= _parameters.Near ? 0
            : size < _parameters.Threshold1 ? 1
            : size < _parameters.Threshold2 ? 2
            : size < _parameters.Threshold3 ? 3
            : 4;
        return (sbyte)(gradient < 0 ? -region : region);
    }

    private readonly struct Lossless;

    private readonly struct General;
}
