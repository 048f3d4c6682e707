using System.Diagnostics;
using System.Globalization;

namespace Mammo.Fuzz;

/// <summary>
/// Damaged files for every reader, by hand: <c>dotnet run -c Release --project tests/Mammo.Fuzz -- [READER|all] [SECONDS a reader] [SEED] [CASES a reader]</c>.
/// Files that break something are left in <c>tests/Mammo.Fuzz/corpus/READER</c>, where <c>dotnet test</c> reads them from then on.
/// </summary>
internal static class Program
{
    /// <summary>Kept cases of a reader.</summary>
    public static IReadOnlyList<byte[]> Kept(string corpus, string reader)
    {
        var folder = Path.Combine(corpus, reader);
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
    }

    private static int Main(string[] arguments)
    {
        var wanted = arguments.ElementAtOrDefault(0) ?? "all";
        var time = TimeSpan.FromSeconds(Number(arguments, 1, 60));
        var (seed, cases) = ((int)Number(arguments, 2, 1), (int)Number(arguments, 3, int.MaxValue));
        var readers = FuzzReader.All.Where(reader => wanted == "all" || reader.Name == wanted).ToArray();
        if (readers.Length == 0)
        {
            Console.Error.WriteLine($"There is no reader '{wanted}': {string.Join(", ", FuzzReader.All.Select(reader => reader.Name))}.");
            return 2;
        }

        var corpus = Corpus();
        var faults = 0;
        foreach (var reader in readers)
        {
            var folder = Directory.CreateTempSubdirectory("mammo-fuzz-");
            var result = new Fuzzer(reader, folder.FullName).Run(Kept(corpus, reader.Name), seed, cases, time);
            folder.Delete(recursive: true);
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(FormattableString.Invariant(
                $"{result.Reader,-12} {result.Cases,8} cases {result.Accepted,8} read {result.Faults.Count,4} faults, ")
                + FormattableString.Invariant($"slowest {result.Slowest.TotalSeconds:0.0} s, most {result.MostBytes >> 20} MiB, ")
                + FormattableString.Invariant($"process peak {process.PeakWorkingSet64 >> 20} MiB"));
            foreach (var kind in result.Faults.GroupBy(fault => $"{fault.Error.GetType().Name} {Place(fault.Error)}"))
            {
                Console.WriteLine($"    {kind.Count()} x {kind.Key}: {kind.First().Error.Message}");
                var place = Directory.CreateDirectory(Path.Combine(corpus, reader.Name)).FullName;
                var name = $"{Path.GetRandomFileName().Split('.')[0]}.bin";
                File.WriteAllBytes(Path.Combine(place, name), kind.MinBy(fault => fault.Content.Length)!.Content);
            }

            faults += result.Faults.Count;
        }

        return faults == 0 ? 0 : 1;
    }

    private static string? Place(Exception error) =>
        error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Mammo", StringComparison.Ordinal))?.Trim();

    private static double Number(string[] arguments, int place, double missing) =>
        arguments.Length > place ? double.Parse(arguments[place], CultureInfo.InvariantCulture) : missing;

    private static string Corpus() => Path.Combine(Tests(), "Mammo.Fuzz", "corpus");

    /// <summary>The folder of the tests in the repository.</summary>
    internal static string Tests()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mammo.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? Environment.CurrentDirectory, "tests");
    }
}
