using Mammo.Codecs.Jpeg;

namespace Mammo.Codecs.JpegLs;

/// <summary>Runs of equal samples, and the sample that ends one (T.87 A.7).</summary>
internal sealed unsafe class JpegLsRun(JpegLsParameters parameters)
{
    private readonly int _range = parameters.Range;
    private readonly int _errorBits = parameters.ErrorBits;
    private readonly int _limit = parameters.Limit;

    // Errors at the ends of runs where the samples to the left and above differ, and where they are alike.
    private Ending _different;
    private Ending _alike;
    private int _index;

    // A bit 1 stands for 2^J samples; J grows with every such bit.
    private static ReadOnlySpan<byte> J => [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    public void Start()
    {
        _index = 0;
        _different = _alike = new Ending { Magnitude = JpegLsContext.Initial(_range).Magnitude, Count = 1 };
    }

    /// <summary>Decodes a run, and the sample that ends it where the row does not, and returns where the row goes on.</summary>
    /// <param name="reader">The coded data.</param>
    /// <param name="above">The row above, its first sample at 1.</param>
    /// <param name="current">The row, its first sample at 1.</param>
    /// <param name="x">Where the run begins.</param>
    /// <param name="width">Samples in the row.</param>
    public int Decode(ref EntropyReader reader, ushort* above, ushort* current, int x, int width)
    {
        var value = current[x - 1];
        while (reader.Read(1) != 0)
        {
            var whole = 1 << J[_index];
            var length = Math.Min(whole, width + 1 - x);
            new Span<ushort>(current + x, length).Fill(value);
            x += length;
            if (length == whole && _index < J.Length - 1)
                _index++;
            if (x > width)
                return x;
        }

        int bits = J[_index];
        var rest = (int)reader.Read(bits);
        if (rest > width - x)
            throw new CodecException("the coded data has a run that is longer than its row");
        new Span<ushort>(current + x, rest).Fill(value);
        x += rest;
        current[x] = End(ref reader, value, above[x], bits);
        _index = Math.Max(0, _index - 1);
        return x + 1;
    }

    private ushort End(ref EntropyReader reader, int a, int b, int bits)
    {
        var isAlike = Math.Abs(a - b) <= parameters.Near;
        var type = isAlike ? 1 : 0;
        ref var ending = ref isAlike ? ref _alike : ref _different;
        var k = JpegLsContext.GolombParameter(ending.Count, ending.Magnitude + (isAlike ? ending.Count / 2u : 0));
        var mapped = (int)JpegLsScan.ReadGolomb(ref reader, k, _limit - bits - 1, _errorBits);
        if (mapped > _range)
            throw new CodecException("the coded data has an error that is larger than the samples' range");
        var code = mapped + type;
        var isNegative = (k != 0 || 2 * ending.Negatives >= ending.Count) == ((code & 1) != 0);
        var error = isNegative ? -((code + 1) >> 1) : (code + 1) >> 1;
        ending.Add((uint)(mapped + 1 - type) >> 1, isNegative && error != 0, parameters.Reset);

        var step = ((2 * parameters.Near) + 1) * (!isAlike && a > b ? -1 : 1);
        return (ushort)JpegLsScan.Reconstruct((isAlike ? a : b) + (error * step), parameters.MaxValue, parameters.Near, _range * Math.Abs(step));
    }

    private struct Ending
    {
        public uint Magnitude;
        public ushort Count;
        public ushort Negatives;

        public void Add(uint magnitude, bool isNegative, int reset)
        {
            Magnitude += magnitude;
            if (isNegative)
                Negatives++;
            if (Count == reset)
            {
                Magnitude >>= 1;
                Count >>= 1;
                Negatives >>= 1;
            }

            Count++;
        }
    }
}
