using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Mammo.Archive.Merging;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;
using Mammo.Data.Datasets;

namespace Mammo.Benchmarks;

/// <summary>
/// What the contract of an archive costs without a network: plan of a whole list when half is done, plan of one shard of a hundred, and merge, of synthetic
/// lines as long as real ones; and of a shard of files that take no time to score. Each is measured in a process of its own, so that its largest memory is its
/// own. Options: lines (1000,100000,1000000), files (5000; 0 for none), folder.
/// </summary>
internal static class ArchiveBenchmark
{
    private const int Shards = 100;

    private static readonly RunDescription Described = new(
        [KeyValuePair.Create("weights", new string('a', 64))],
        [.. new[] { "Score", "SampleWeight" }.Select(name => new ResultColumn(name, ColumnType.Number)), new ResultColumn("Probability", ColumnType.Text)]);

    private static readonly (string Name, Action<string, int> Work)[] Steps =
    [
        ("plan of all", (folder, _) => Plan(folder, Shard.All)),
        ("plan of 1/100", (folder, _) => Plan(folder, Shard.Parse($"7/{Shards}"))),
        ("merge to CSV", (folder, lines) => Merge(folder, "scores.csv", lines)),
        ("merge to Parquet", (folder, lines) => Merge(folder, "scores.parquet", lines)),
    ];

    public static void Run(Arguments arguments)
    {
        var step = arguments.Number("step", -1);
        if (step >= 0)
        {
            MeasureHere(step, arguments.Text("folder", ""), arguments.Number("lines", 0));
            return;
        }

        MeasureShard(arguments.Number("files", 5000), arguments.Text("folder", Path.GetTempPath()));
        Console.WriteLine($"| lines | worklist MB | results MB | {string.Join(" | ", Steps.Select(each => $"{each.Name}: s, processor s, MB"))} |");
        Console.WriteLine($"| ---: | ---: | ---: |{string.Concat(Steps.Select(_ => " ---: |"))}");
        foreach (var lines in arguments.List("lines", "1000,100000,1000000").Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            var folder = Directory.CreateDirectory(Path.Combine(arguments.Text("folder", Path.GetTempPath()), $"mammo-archive-{lines}")).FullName;
            try
            {
                Write(folder, lines);
                var measured = Enumerable.Range(0, Steps.Length).Select(each => MeasureApart(each, folder, lines)).ToArray();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {lines} | {new FileInfo(ListOf(folder)).Length >> 20} "
                        + $"| {new DirectoryInfo(ResultsOf(folder)).EnumerateFiles().Sum(file => file.Length) >> 20} | {string.Join(" | ", measured)} |"));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string ListOf(string folder) => Path.Combine(folder, "worklist.jsonl");

    private static string ResultsOf(string folder) => Path.Combine(folder, "shards");

    private static void MeasureHere(int step, string folder, int lines)
    {
        var clock = Stopwatch.StartNew();
        Steps[step].Work(folder, lines);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.Elapsed.TotalSeconds:0.0}, {process.TotalProcessorTime.TotalSeconds:0.0}, {process.PeakWorkingSet64 >> 20}"));
    }

    // What a call takes for no image, and what each image adds: its length is looked at, it is noted as at work and as done, and its line is written.
    private static void MeasureShard(int files, string where)
    {
        if (files == 0)
            return;
        var folder = Directory.CreateDirectory(Path.Combine(where, $"mammo-shard-{files}")).FullName;
        try
        {
            for (var number = 0; number < files; number++)
            {
                var path = Path.Combine(folder, "archive", $"{number / 1000}", $"{number}.pgm");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, $"P5\n4 4\n255\n{number:D16}");
            }

            WorklistWriter.Write(Path.Combine(folder, "archive"), ListOf(folder), WorklistFormat.Any, 2);
            Console.WriteLine("| call | wall ms | processor ms |\n| --- | ---: | ---: |");
            for (var round = 0; round < 5; round++)
            {
                var results = Path.Combine(folder, $"shards-{round}");
                var (wall, processor) = Timed(() => Score(folder, results));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| an image of {files} | {wall / files:0.000} | {processor / files:0.000} |"));
                (wall, processor) = Timed(() => Score(folder, results));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| a call when all is done | {wall:0} | {processor:0} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Score(string folder, string results)
    {
        var options = new ShardOptions
        {
            Worklist = ListOf(folder),
            Root = Path.Combine(folder, "archive"),
            Folder = results,
            Refuse = (_, failure) => throw failure,
        };
        var report = new ShardRun(Described, options).Run(items => items.Select((item, number) => (item, Result(number))));
        if (report.Left > 0 || report.Refused > 0)
            throw new InvalidOperationException($"{report}");
    }

    private static (double Wall, double Processor) Timed(Action work)
    {
        using var process = Process.GetCurrentProcess();
        var (before, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
        work();
        process.Refresh();
        return (clock.Elapsed.TotalMilliseconds, (process.TotalProcessorTime - before).TotalMilliseconds);
    }

    private static string MeasureApart(int step, string folder, int lines)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var word in new[] { "archive", "--step", $"{step}", "--folder", folder, "--lines", $"{lines}" })
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var measured = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? measured : throw new InvalidOperationException($"'{Steps[step].Name}' failed.");
    }

    private static void Write(string folder, int lines)
    {
        using var file = File.Create(ListOf(folder));
        var results = Directory.CreateDirectory(ResultsOf(folder)).FullName;
        var buffer = new ArrayBufferWriter<byte>();
        WorklistLines.WriteHeader(buffer, new WorklistHeader("/archive", "Dicom", []));
        var shards = Enumerable.Range(0, Shards).Select(index => Shard.Parse($"{index}/{Shards}")).ToArray();
        var journals = shards.Select(shard => new Journal(results, shard, Described, TimeSpan.FromHours(1))).ToArray();
        var key = new byte[IdentityKey.Length];
        for (var number = 0; number < lines; number++)
        {
            var item = Item(number);
            WorklistLines.Write(buffer, item);
            IdentityKey.Of(item.Identity, key);
            journals[Array.FindIndex(shards, shard => shard.Contains(key))].Add(item.Identity, Result(number));
            if (buffer.WrittenCount < 1 << 20)
                continue;
            file.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }

        file.Write(buffer.WrittenSpan);
        foreach (var journal in journals)
        {
            journal.Commit();
            journal.Dispose();
        }
    }

    // As long as a real one: a UID, a path by date, a dozen of tags.
    private static WorkItem Item(int number)
    {
        var uid = string.Create(CultureInfo.InvariantCulture, $"1.2.840.113681.{(uint)number * 2654435761u}.512.{number}");
        var path = string.Create(CultureInfo.InvariantCulture, $"2019/{number / 40_000:00}/{number / 4:0000000}/IM{number:00000000}.dcm");
        return new WorkItem(
            uid,
            new MammoImage(path)
            {
                Patient = $"P{number / 4}",
                Laterality = number % 2 == 0 ? "L" : "R",
                View = "MLO",
                Extra = MammoImage.NoExtra.Add("sop_instance_uid", uid).Add("manufacturer", "HOLOGIC, Inc.").Add("date", "2019-05-01").Add("age", "55"),
            },
            27_000_000);
    }

    private static Result Result(int number)
    {
        var score = (number * 0.6180339887498949) % 1;
        var further = new string('x', 400);
        return new Result([
            KeyValuePair.Create("Score", FieldValue.Of(score)), KeyValuePair.Create("SampleWeight", FieldValue.Of(1.0)),
            KeyValuePair.Create("Probability", FieldValue.Of(string.Create(CultureInfo.InvariantCulture, $"neg={1 - score};pos={score}"))),
            KeyValuePair.Create("Inference", FieldValue.Of(further)), KeyValuePair.Create("Patient", FieldValue.Of($"P{number / 4}")),
        ]);
    }

    private static void Plan(string folder, Shard shard)
    {
        var files = ResultFile.In(ResultsOf(folder)).Where((_, index) => index % 2 == 0).Where(file => file.Shard.MayShare(shard));
        using var plan = ShardPlan.Of(ListOf(folder), shard, files, Described, retryRefused: false, folder, CancellationToken.None);
        var left = plan.ToDo().LongCount();
        if (left != plan.Left)
            throw new InvalidOperationException("The plan does not add up.");
    }

    private static void Merge(string folder, string name, int lines)
    {
        var report = ResultMerge.Merge(new MergeOptions { Worklist = ListOf(folder), Folder = ResultsOf(folder), Path = Path.Combine(folder, name) });
        if (!report.AddsUp || report.Scored != lines)
            throw new InvalidOperationException($"{report}");
    }
}
