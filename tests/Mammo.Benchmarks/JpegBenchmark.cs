using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mammo.Codecs;
using Mammo.Codecs.JpegDct;
using Mammo.Codecs.JpegLossless;
using Mammo.Codecs.JpegLs;

namespace Mammo.Benchmarks;

/// <summary>
/// JPEG-LS, lossless JPEG and extended JPEG of drawn mammograms of 4096 x 3328 beside DCMTK (which holds CharLS and libjpeg): <c>--rounds 5</c>. Processor time
/// in milliseconds; from DCMTK's is taken what it needs to read
/// and write the same image without a decoder. Needs DCMTK's programs and bash.
/// </summary>
internal static class JpegBenchmark
{
    private const int Rows = 4096;
    private const int Columns = 3328;
    private const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";

    private static readonly (string Name, string Encode, string Decode, Func<byte[], CodecImage> Decoder)[] Codecs =
    [
        ("JPEG-LS", "dcmcjpls", "dcmdjpls", stream => JpegLsDecoder.Decode(stream, Rows * Columns)),
        ("JPEG-LS, NEAR 2", "dcmcjpls +en +md 2", "dcmdjpls", stream => JpegLsDecoder.Decode(stream, Rows * Columns)),
        ("lossless, predictor 1", "dcmcjpeg +e1", "dcmdjpeg", stream => JpegLosslessDecoder.Decode(stream, Rows * Columns)),
        ("lossless, predictor 6", "dcmcjpeg +el +sv 6", "dcmdjpeg", stream => JpegLosslessDecoder.Decode(stream, Rows * Columns)),
        ("extended, 12 bits", "dcmcjpeg +ee +bt", "dcmdjpeg", stream => JpegDctDecoder.Decode(stream, Rows * Columns)),
    ];

    public static void Run(Arguments arguments)
    {
        var rounds = arguments.Number("rounds", 5);
        var folder = Directory.CreateTempSubdirectory("mammo-jpeg-").FullName;
        Console.WriteLine($"{"codec",-24}{"bits",6}{"bits/sample",13}{"Mammo",9}{"DCMTK",9}{"ratio",8}");
        foreach (var (bits, background) in ((int, double)[])[(12, 0), (14, 40), (16, 0)])
        {
            var (plain, coded, decoded) = (Path.Combine(folder, "plain.dcm"), Path.Combine(folder, "coded.dcm"), Path.Combine(folder, "decoded.dcm"));
            WriteDicom(plain, Draw(bits, background), bits);
            var copying = Best(rounds, () => Tool($"dcmconv {plain} {decoded}"));
            foreach (var (name, encode, decode, decoder) in Codecs)
            {
                if (name.Contains("12 bits", StringComparison.Ordinal) && bits != 12)
                    continue;
                Tool($"{encode} {plain} {coded}");
                var stream = Frame(File.ReadAllBytes(coded));
                // The JIT needs some rounds before its code is final.
                var ours = Best(rounds + 10, () => Own(() => decoder(stream)));
                var theirs = Best(rounds, () => Tool($"{decode} {coded} {decoded}")) - copying;
                Console.WriteLine(
                    FormattableString.Invariant(
                        $"{name,-24}{bits,6}{8.0 * stream.Length / (Rows * Columns),13:F2}{ours,9:F0}{theirs,9:F0}{theirs / ours,8:F2}"));
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static double Best(int rounds, Func<double> run) => Enumerable.Range(0, rounds).Min(_ => run());

    private static double Own(Action run)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        run();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds;
    }

    private static double Tool(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"TIMEFORMAT=%U; time {command}"]) { RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        var lines = process.StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{command}' failed: {string.Join(' ', lines)}");
        return 1000 * double.Parse(lines[^1], CultureInfo.InvariantCulture);
    }

    // A breast at the left edge: a bright middle, texture of all sizes, noise that grows with the signal; the background black, or a noise of its own.
    private static ushort[] Draw(int bits, double background)
    {
        var random = new Random(bits);
        var (maximum, scale) = ((1 << bits) - 1, ((1 << bits) - 1) / 4095.0);
        var texture = new float[Rows * Columns];
        for (var octave = 1; octave <= 7; octave++)
            AddTexture(texture, 1 << octave, 1.5 * Math.Pow(1.8, octave), random);
        var samples = new ushort[Rows * Columns];
        for (var i = 0; i < samples.Length; i++)
        {
            var distance = Math.Pow(i % Columns / (0.62 * Columns), 2) + Math.Pow(((i / Columns) - (Rows / 2)) / (0.45 * Rows), 2);
            var level = 1400 + (1100 * Math.Pow(Math.Max(0, 1 - distance), 0.35));
            var value = distance < 1
                ? ((level + texture[i]) * scale) + (Normal(random) * Math.Sqrt(level) * 0.22 * Math.Pow(scale, 0.85))
                : (background + (Normal(random) * background * 0.1)) * scale;
            samples[i] = (ushort)Math.Clamp(Math.Round(value), 0, maximum);
        }

        return samples;
    }

    private static void AddTexture(float[] texture, int size, double strength, Random random)
    {
        var width = (Columns / size) + 2;
        var nodes = new double[width * ((Rows / size) + 2)];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = strength * Normal(random);
        for (var i = 0; i < texture.Length; i++)
        {
            var (x, y) = (i % Columns, i / Columns);
            var node = (y / size * width) + (x / size);
            var (right, below) = ((double)(x % size) / size, (double)(y % size) / size);
            var upper = nodes[node] + (right * (nodes[node + 1] - nodes[node]));
            var lower = nodes[node + width] + (right * (nodes[node + width + 1] - nodes[node + width]));
            texture[i] += (float)(upper + (below * (lower - upper)));
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static void WriteDicom(string path, ushort[] samples, int bits)
    {
        using var file = File.Create(path);
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        var syntax = Text(ExplicitLittleEndian);
        Element(file, 0x00020000, "UL", [(byte)(8 + syntax.Length), 0, 0, 0]);
        Element(file, 0x00020010, "UI", syntax);
        Element(file, 0x00080016, "UI", Text("1.2.840.10008.5.1.4.1.1.7"));
        Element(file, 0x00080018, "UI", Text("1.2.3"));
        Element(file, 0x00280002, "US", Word(1));
        Element(file, 0x00280004, "CS", Text("MONOCHROME2 "));
        Element(file, 0x00280010, "US", Word(Rows));
        Element(file, 0x00280011, "US", Word(Columns));
        Element(file, 0x00280100, "US", Word(16));
        Element(file, 0x00280101, "US", Word(bits));
        Element(file, 0x00280102, "US", Word(bits - 1));
        Element(file, 0x00280103, "US", Word(0));
        Element(file, 0x7FE00010, "OW", MemoryMarshal.AsBytes(samples.AsSpan()));
    }

    private static void Element(FileStream file, uint tag, string kind, ReadOnlySpan<byte> value)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)tag);
        Encoding.ASCII.GetBytes(kind, header[4..]);
        header[6..].Clear();
        if (kind == "OW")
            BinaryPrimitives.WriteInt32LittleEndian(header[8..], value.Length);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)value.Length);
        file.Write(header[..(kind == "OW" ? 12 : 8)]);
        file.Write(value);
    }

    private static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + '\0');

    // The fragments of the only frame, joined: items (FFFE,E000) behind Pixel Data (7FE0,0010), the first of which is the offset table.
    private static byte[] Frame(byte[] file)
    {
        var frame = new List<byte>();
        var position = file.AsSpan().IndexOf((byte[])[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B']) + 12;
        for (var isTable = true; file[position + 2] == 0; isTable = false)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(position + 4));
            if (!isTable)
                frame.AddRange(file.AsSpan(position + 8, length));
            position += 8 + length;
        }

        return [.. frame];
    }
}
