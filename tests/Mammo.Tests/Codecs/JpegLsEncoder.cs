using Mammo.PowerShell.Common;

namespace Mammo.Tests.Codecs;

/// <summary>
/// JPEG-LS as ITU-T T.87 annex A describes the encoder, one sample after another and without shortcuts: makes streams that the tools at hand do not make
/// (restart markers, a largest value between two powers of two, the number of lines behind the scan). libjpeg of Thomas Richter decodes all of it, CharLS
/// what has the usual largest value.
/// </summary>
internal sealed class JpegLsEncoder
{
    private static readonly int[] J = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    private readonly int[] _a = new int[367];
    private readonly int[] _b = new int[365];
    private readonly int[] _c = new int[365];
    private readonly int[] _n = new int[367];
    private readonly int[] _negative = new int[2];
    private BitWriter _bits = new(isJpegLs: true);
    private int _runIndex;

    public required int Precision { get; init; }

    public int Near { get; init; }

    /// <summary>MAXVAL, T1, T2, T3, RESET, all of which are written.</summary>
    public required int[] Preset { get; init; }

    /// <summary>Lines from one restart marker to the next, 0 for none.</summary>
    public int RestartLines { get; init; }

    public bool LinesBehindScan { get; init; }

    private int Maximum => Preset[0];

    private int Range => ((Maximum + (2 * Near)) / ((2 * Near) + 1)) + 1;

    private int ErrorBits => (int)Math.Ceiling(Math.Log2(Range));

    private int SampleBits => Math.Max(2, (int)Math.Ceiling(Math.Log2(Maximum + 1)));

    private int Limit => 2 * (SampleBits + Math.Max(8, SampleBits));

    /// <summary>The stream; <paramref name="image"/> becomes what a decoder has to make of it.</summary>
    public byte[] Encode(GreyTestImage image)
    {
        var (width, height) = (image.Width, image.Height);
        List<byte> stream = [0xFF, 0xD8, 0xFF, 0xF7, 0, 11, (byte)Precision, .. Word(LinesBehindScan ? 0 : height), .. Word(width), 1, 1, 0x11, 0];
        stream.AddRange([0xFF, 0xF8, 0, 13, 1, .. Preset.SelectMany(Word)]);
        if (RestartLines > 0)
            stream.AddRange([0xFF, 0xDD, 0, 4, .. Word(RestartLines)]);
        stream.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0, (byte)Near, 0, 0]);
        for (var y = 0; y < height; y++)
        {
            var isStart = y == 0 || (RestartLines > 0 && y % RestartLines == 0);
            if (isStart && y > 0)
                stream.AddRange([.. Flushed(), 0xFF, (byte)(0xD0 + (((y / RestartLines) - 1) % 8))]);
            if (isStart)
                Start();
            Row(image, y, isStart, RestartLines > 0 && y % RestartLines == 1);
        }

        stream.AddRange(Flushed());
        if (LinesBehindScan)
            stream.AddRange([0xFF, 0xDC, 0, 4, .. Word(height)]);
        return [.. stream, 0xFF, 0xD9];
    }

    private static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];

    private List<byte> Flushed()
    {
        _bits.Flush();
        var bytes = _bits.Bytes;
        _bits = new BitWriter(isJpegLs: true);
        return bytes;
    }

    private void Start()
    {
        Array.Fill(_a, Math.Max(2, (Range + 32) / 64));
        Array.Fill(_n, 1);
        Array.Clear(_b);
        Array.Clear(_c);
        Array.Clear(_negative);
        _runIndex = 0;
    }

    private void Row(GreyTestImage image, int y, bool isFirst, bool isSecond)
    {
        var (width, samples) = (image.Width, image.Samples);
        int Above(int x) => isFirst ? 0 : samples[((y - 1) * width) + Math.Min(x, width - 1)];
        for (var x = 0; x < width; x++)
        {
            var b = Above(x);
            var d = Above(x + 1);
            var a = x > 0 ? samples[(y * width) + x - 1] : b;
            var c = x > 0 ? Above(x - 1) : isFirst || isSecond || y < 2 ? 0 : samples[(y - 2) * width];
            if (Math.Abs(d - b) <= Near && Math.Abs(b - c) <= Near && Math.Abs(c - a) <= Near)
                x = Run(image, y, x, a, Above);
            else
                samples[(y * width) + x] = (ushort)Regular(samples[(y * width) + x], a, b, c, d);
        }
    }

    private int Regular(int sample, int a, int b, int c, int d)
    {
        var context = (81 * Region(d - b)) + (9 * Region(b - c)) + Region(c - a);
        var sign = context < 0 ? -1 : 1;
        var q = Math.Abs(context);
        var predicted = c >= Math.Max(a, b) ? Math.Min(a, b) : c <= Math.Min(a, b) ? Math.Max(a, b) : a + b - c;
        predicted = Math.Clamp(predicted + (sign * _c[q]), 0, Maximum);
        var error = Quantize(sign * (sample - predicted));
        var decoded = Wrap(predicted + (sign * error * ((2 * Near) + 1)));
        error = Modulo(error);

        var k = 0;
        while (_n[q] << k < _a[q])
            k++;
        var mapped = Near == 0 && k == 0 && 2 * _b[q] <= -_n[q]
            ? error >= 0 ? (2 * error) + 1 : -2 * (error + 1)
            : error >= 0 ? 2 * error : (-2 * error) - 1;
        Golomb(mapped, k, Limit);

        _b[q] += error * ((2 * Near) + 1);
        _a[q] += Math.Abs(error);
        if (_n[q] == Preset[4])
            (_a[q], _b[q], _n[q]) = (_a[q] >> 1, _b[q] >= 0 ? _b[q] >> 1 : -((1 - _b[q]) >> 1), _n[q] >> 1);
        _n[q]++;
        if (_b[q] <= -_n[q])
        {
            _b[q] = Math.Max(_b[q] + _n[q], 1 - _n[q]);
            _c[q] = Math.Max(_c[q] - 1, -128);
        }
        else if (_b[q] > 0)
        {
            _b[q] = Math.Min(_b[q] - _n[q], 0);
            _c[q] = Math.Min(_c[q] + 1, 127);
        }

        return decoded;
    }

    // Returns the last place that the run and what ends it take.
    private int Run(GreyTestImage image, int y, int x, int a, Func<int, int> above)
    {
        var row = image.Samples.AsSpan(y * image.Width, image.Width);
        var length = 0;
        while (x + length < row.Length && Math.Abs(row[x + length] - a) <= Near)
            row[x + length++] = (ushort)a;
        var end = x + length;
        while (length >= 1 << J[_runIndex])
        {
            _bits.Write(1, 1);
            length -= 1 << J[_runIndex];
            _runIndex = Math.Min(_runIndex + 1, 31);
        }

        if (end == row.Length)
        {
            if (length > 0)
                _bits.Write(1, 1);
            return end;
        }

        _bits.Write(0, 1);
        _bits.Write(length, J[_runIndex]);
        var b = above(end);
        var type = Math.Abs(a - b) <= Near ? 1 : 0;
        var (predicted, sign) = (type == 1 ? a : b, type == 0 && a > b ? -1 : 1);
        var error = Quantize(sign * (row[end] - predicted));
        row[end] = (ushort)Wrap(predicted + (sign * error * ((2 * Near) + 1)));
        error = Modulo(error);

        var q = 365 + type;
        var sum = type == 0 ? _a[q] : _a[q] + (_n[q] >> 1);
        var k = 0;
        while (_n[q] << k < sum)
            k++;
        var map = (k == 0 && error > 0 && 2 * _negative[type] < _n[q]) || (error < 0 && 2 * _negative[type] >= _n[q]) || (error < 0 && k != 0) ? 1 : 0;
        var mapped = (2 * Math.Abs(error)) - type - map;
        Golomb(mapped, k, Limit - J[_runIndex] - 1);
        if (error < 0)
            _negative[type]++;
        _a[q] += (mapped + 1 - type) >> 1;
        if (_n[q] == Preset[4])
            (_a[q], _n[q], _negative[type]) = (_a[q] >> 1, _n[q] >> 1, _negative[type] >> 1);
        _n[q]++;
        _runIndex = Math.Max(0, _runIndex - 1);
        return end;
    }

    private void Golomb(int value, int k, int limit)
    {
        var zeros = value >> k;
        var escape = limit - ErrorBits - 1;
        _bits.Write(1, Math.Min(zeros, escape) + 1);
        _bits.Write(zeros < escape ? value : value - 1, zeros < escape ? k : ErrorBits);
    }

    private int Region(int gradient)
    {
        var size = Math.Abs(gradient);
        var region = size <= Near ? 0 : size < Preset[1] ? 1 : size < Preset[2] ? 2 : size < Preset[3] ? 3 : 4;
        return Math.Sign(gradient) * region;
    }

    private int Quantize(int error) => error > 0 ? (error + Near) / ((2 * Near) + 1) : -((Near - error) / ((2 * Near) + 1));

    private int Modulo(int error)
    {
        if (error < 0)
            error += Range;
        return error >= (Range + 1) / 2 ? error - Range : error;
    }

    private int Wrap(int sample) => Math.Clamp(sample, 0, Maximum);
}
