using System.Diagnostics;
using System.Globalization;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Benchmarks;

/// <summary>Building a full-width whole-image model and listing it: <c>--architecture resnet50 --recipe [512-512-1024]x2 --rounds 5</c>. Wall clock and
/// processor time in milliseconds.</summary>
internal static class BuildBenchmark
{
    public static void Run(Arguments arguments)
    {
        var patchOptions = new PatchOptions { Architecture = arguments.Text("architecture", "resnet50") };
        var options = HeadRecipe.Find(arguments.Text("recipe", "[512-512-1024]x2")).Apply(new WholeImageOptions());
        Console.WriteLine($"{"round",6}{"graph",10}{"weights",10}{"processor",11}{"listing",10}");
        for (var round = 1; round <= arguments.Number("rounds", 5); round++)
        {
            var processor = ProcessorTime();
            var watch = Stopwatch.StartNew();
            var graph = WholeImageNetwork.Build(PatchNetwork.Build(patchOptions), null, options).Graph;
            var built = watch.Elapsed;
            Initialization.Fill(graph, round);
            var (filled, spent) = (watch.Elapsed, ProcessorTime() - processor);
            watch.Restart();
            LayerListing.Of(graph);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{round,6}{built.TotalMilliseconds,10:F1}{(filled - built).TotalMilliseconds,10:F1}"
                    + $"{spent.TotalMilliseconds,11:F1}{watch.Elapsed.TotalMilliseconds,10:F2}"));
        }
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
