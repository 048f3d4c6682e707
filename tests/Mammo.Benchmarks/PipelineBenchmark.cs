using System.Globalization;
using Mammo.Data.Conversion;
using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Loading;
using Mammo.Data.Patches;

namespace Mammo.Benchmarks;

/// <summary>
/// Conversion of films and sampling of patches, everything from files to files, with the default workers (two for each processor) and with one in turns:
/// <c>--films FOLDER</c> (a folder of mini-MIAS) <c>--images IMAGEFOLDER --count 40 --rounds 3</c>. The wall ratio of one worker is how many times the
/// throughput of the default is its own.
/// </summary>
internal static class PipelineBenchmark
{
    // The default first: what the others' times are divided by, so that the ratio of one worker is the gain.
    private static readonly int[] WorkerCounts = [FileWriters.DefaultWorkers, 1];

    public static void Run(Arguments arguments)
    {
        var films = arguments.Text("films", "../shared/data/mini-mias");
        var read = MiniMias.Read(films, arguments.Text("images", "") is { Length: > 0 } images ? images : null).Dataset;
        var dataset = read with { Images = [.. read.Images.Take(arguments.Number("count", read.Count))] };
        var folder = Directory.CreateTempSubdirectory("mammo-pipeline-").FullName;
        try
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{dataset.Count} films, {Environment.ProcessorCount} processors, times per film\n"));
            Report("Arithmetic alone", dataset, arguments, workers => Calculate(dataset.Count, workers));
            Report("Convert-MammoImage -ImageSize 512, 512 -SuppressArtifact -CropBreast -FlipToLeft -AutoLevel -BitDepth "
                + "16", dataset, arguments, workers => Convert(dataset, Fresh(folder), workers));
            Report("New-MammoPatchSet -PatchSize 64 -Abnormality 10 -Background 10 -HardNegative "
                + "5", dataset, arguments, workers => Sample(dataset, Fresh(folder), workers));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// A folder for each run, and none deleted before the end: ext4 does not use a deleted file's number again for a while, and looking past thousands of them
    /// under a lock took a third of the time and most of what a second processor gains.
    /// </summary>
    private static string Fresh(string folder) => Path.Combine(folder, Path.GetRandomFileName());

    /// <summary>What two processors of this machine can gain at all: arithmetic in registers, nothing shared.</summary>
    private static void Calculate(int count, int workers)
    {
        Task[] tasks = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(() => Xorshift(count * 20_000_000L / workers)))];
        Task.WaitAll(tasks);
    }

    private static ulong Xorshift(long steps)
    {
        var state = 88172645463325252UL;
        for (; steps > 0; steps--)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }

        return state;
    }

    private static void Report(string title, MammoDataset dataset, Arguments arguments, Action<int> work)
    {
        Candidate[] candidates = [
            .. WorkerCounts.Select(workers => new Candidate($"{workers} worker{(workers == 1 ? "" : "s")}", dataset.Count, () => work(workers)))];
        Console.WriteLine($"{title}\n\n{Comparison.Run(candidates, arguments.Number("rounds", 3), arguments.Number("attempts", 1))}");
    }

    private static void Convert(MammoDataset dataset, string folder, int workers)
    {
        var conversion = new ImageConversion
        {
            Size = new(
            512, 512),
            SuppressArtifact = true,
            CropBreast = true,
            FlipToLeft = true,
            AutoLevel = true,
            BitDepth = 16
        };
        var converter = new ImageConverter(folder, conversion) { Workers = workers };
        if (converter.Convert(converter.Plan(dataset.Images.Select(image => image.Path))).FirstOrDefault(record => record.Error is not null) is { } failed)
            throw failed.Error!;
    }

    private static void Sample(MammoDataset dataset, string folder, int workers)
    {
        var options = new PatchSetOptions { PatchSize = 64, Abnormality = 10, Background = 10, HardNegative = 5 };
        var writer = new PatchSetWriter(folder, options) { Workers = workers };
        if (writer.Write(dataset).FirstOrDefault(record => record.Error is not null) is { } failed)
            throw failed.Error!;
    }
}
