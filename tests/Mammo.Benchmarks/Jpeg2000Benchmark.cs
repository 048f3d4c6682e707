using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mammo.Codecs.Jpeg2000;

namespace Mammo.Benchmarks;

/// <summary>
/// Decoding a drawn mammogram of 4096 x 3328 pixels and 16 bits beside <c>opj_decompress -threads 2</c>, file to file, in turns: <c>--rounds 7
/// --threads 2 --options "-I"</c> (options of <c>opj_compress</c>). Processor seconds of each, which another process does not disturb as it does wall
/// clock. Needs OpenJPEG's tools, and Linux for their processor time.
/// </summary>
internal static class Jpeg2000Benchmark
{
    private const int Width = 3328;
    private const int Height = 4096;

    public static void Run(Arguments arguments)
    {
        var (rounds, threads, options) = (arguments.Number("rounds", 7), arguments.Number("threads", 2), arguments.Text("options", ""));
        var folder = Directory.CreateTempSubdirectory("mammo-jpeg2000-").FullName;
        try
        {
            string Place(string name) => Path.Combine(folder, name);
            WriteGreymap(Place("image.pgm"), Draw());
            RunTool("opj_compress", ["-i", Place("image.pgm"), "-o", Place("image.j2k"), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Console.WriteLine(FormattableString.Invariant($"{Width} x {Height}, {new FileInfo(Place("image.j2k")).Length} bytes, {threads} threads"));
            Decode(Place("image.j2k"), Place("own.pgm"), threads);
            List<double> own = [], tool = [];
            for (var round = 0; round < rounds; round++)
            {
                tool.Add(Spent(children: true, () => RunTool("opj_decompress", ["-threads", "2", "-i", Place("image.j2k"), "-o", Place("tool.pgm")])));
                own.Add(Spent(children: false, () => Decode(Place("image.j2k"), Place("own.pgm"), threads)));
            }

            Console.WriteLine("| decoder | processor seconds, median | least |\n| --- | --- | --- |");
            Console.WriteLine(FormattableString.Invariant($"| OpenJPEG | {Median(tool):0.000} | {tool.Min():0.000} |"));
            Console.WriteLine(FormattableString.Invariant($"| Mammo | {Median(own):0.000} | {own.Min():0.000} |"));
            Console.WriteLine(FormattableString.Invariant($"{Median(tool) / Median(own):0.00} of OpenJPEG's speed."));
            Console.WriteLine(FormattableString.Invariant($"Greatest difference of a sample: {Difference(Place("own.pgm"), Place("tool.pgm"))}."));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Decode(string source, string target, int threads)
    {
        var image = Jpeg2000Decoder.Decode(File.ReadAllBytes(source), Width * Height, threads);
        WriteGreymap(target, image.Samples);
    }

    /// <summary>OpenJPEG's gain of the 9/7 transform is not exact; with the 5/3 there is none.</summary>
    private static int Difference(string path, string other)
    {
        var (first, second, greatest) = (ReadSamples(path), ReadSamples(other), 0);
        for (var i = 0; i < first.Length; i += 2)
        {
            var (sample, otherSample) = (BinaryPrimitives.ReadUInt16BigEndian(first.AsSpan(i)), BinaryPrimitives.ReadUInt16BigEndian(second.AsSpan(i)));
            greatest = Math.Max(greatest, Math.Abs(sample - otherSample));
        }

        return greatest;
    }

    private static byte[] ReadSamples(string path) => File.ReadAllBytes(path)[^(2 * Width * Height)..];

    private static void WriteGreymap(string path, ushort[] samples)
    {
        var swapped = new ushort[samples.Length];
        BinaryPrimitives.ReverseEndianness(samples, swapped);
        using var file = File.Create(path);
        file.Write(Encoding.ASCII.GetBytes($"P5\n{Width} {Height}\n65535\n"));
        file.Write(MemoryMarshal.AsBytes(swapped.AsSpan()));
    }

    /// <summary>A breast that grows thinner towards the skin, with structures of many sizes and the noise of a detector, on nearly black air.</summary>
    private static ushort[] Draw()
    {
        var random = new Random(7);
        var grids = Array.ConvertAll([256, 96, 32, 12, 4], size => new Grid(size, random));
        var samples = new ushort[Width * Height];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var depth = 1 - Math.Sqrt(Math.Pow(x / (0.72 * Width), 2) + Math.Pow((y - 0.5 * Height) / (0.46 * Height), 2));
                var thickness = Math.Clamp(5 * depth, 0, 1);
                var (texture, strength) = (0.6, 0.35);
                foreach (var grid in grids)
                {
                    texture += strength * grid.At(x, y);
                    strength *= 0.55;
                }

                var noise = random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2;
                var value = depth < 0 ? 20 + 3 * noise : thickness * texture * 36000 + 160 * noise * Math.Sqrt(thickness);
                samples[y * Width + x] = (ushort)Math.Clamp(value, 0, ushort.MaxValue);
            }
        }

        return samples;
    }

    private static double Spent(bool children, Action action)
    {
        var before = ProcessorSeconds(children);
        action();
        return ProcessorSeconds(children) - before;
    }

    /// <summary>Of this process, or of those it has waited for: fields 14 and 15, or 16 and 17, of Linux's /proc/self/stat, in hundredths.</summary>
    private static double ProcessorSeconds(bool children)
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Skip(children ? 13 : 11).Take(2).Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / 100;
    }

    private static void RunTool(string tool, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{tool}: {errors.Result}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Random values on a grid, linear in between.</summary>
    private sealed class Grid(int size, Random random)
    {
        private readonly int _across = Width / size + 2;
        private readonly double[] _values = [.. Enumerable.Range(0, (Width / size + 2) * (Height / size + 2)).Select(_ => random.NextDouble() - 0.5)];

        public double At(int x, int y)
        {
            var (place, right, down) = (y / size * _across + x / size, x % size / (double)size, y % size / (double)size);
            var upper = _values[place] * (1 - right) + _values[place + 1] * right;
            return upper * (1 - down) + (_values[place + _across] * (1 - right) + _values[place + _across + 1] * right) * down;
        }
    }
}
