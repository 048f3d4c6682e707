using System.Diagnostics;
using System.Globalization;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Loading;

namespace Mammo.Benchmarks;

/// <summary>
/// DICOM files: the pass over their elements and reading uncompressed pixels. <c>--file FILE --count 10000 --rounds 3</c> copies a file so many times into a
/// temporary folder. Files a second by the wall clock and by the processor time of one core.
/// </summary>
internal static class DicomBenchmark
{
    public static void Run(Arguments arguments)
    {
        var source = arguments.Text("file", "tests/data/dicom/explicit-le.dcm");
        var folder = Directory.CreateTempSubdirectory("mammo-dicom-").FullName;
        try
        {
            string[] paths = [.. Enumerable.Range(0, arguments.Number("count", 10_000)).Select(i => Path.Combine(folder, $"{i}.dcm"))];
            foreach (var path in paths)
                File.Copy(source, path);
            Console.WriteLine($"{"round",6}{"work",9}{"files",8}{"wall/s",9}{"files/s",9}{"per core",10}{"MB",6}");
            for (var round = 1; round <= arguments.Number("rounds", 3); round++)
            {
                Report(round, "elements", paths, path => ImageReader.ReadInfo(path).Dicom!.Rows!.Value);
                Report(round, "pixels", [.. paths.Take(arguments.Number("pixels", 500))], path => DicomReader.Read(path, DicomOptions.Anything).Image.Width);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(int round, string work, string[] paths, Func<string, int> read)
    {
        var (processor, watch) = (ProcessorTime(), Stopwatch.StartNew());
        var sum = paths.LoadOrdered((path, _) => read(path), Environment.ProcessorCount, 64).Sum(result => (long)result.ValueOrThrow());
        var (wall, spent) = (watch.Elapsed.TotalSeconds, (ProcessorTime() - processor).TotalSeconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{round,6}{work,9}{paths.Length,8}{wall,9:F2}{paths.Length / wall,9:F0}"
                + $"{paths.Length / spent,10:F0}{PeakMemory(),6}{(sum > 0 ? "" : " nothing read")}"));
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
