using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Mammo.Archive.Merging;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;
using Mammo.Data.Datasets;

namespace Mammo.Benchmarks;

/// <summary>
/// What the contract of an archive costs without a network: plan of a whole list, plan of one shard of a hundred when half is done, and merge, of synthetic
/// lines as long as real ones. Options: lines (100000,1000000), folder.
/// </summary>
internal static class ArchiveBenchmark
{
    private const int Shards = 100;

    public static void Run(Arguments arguments)
    {
        Console.WriteLine("| lines | worklist MB | results MB | plan of all, s | plan of 1/100, s | merge to CSV, s | to Parquet, s | largest memory MB |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var lines in arguments.List("lines", "100000,1000000").Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            var folder = Directory.CreateDirectory(Path.Combine(arguments.Text("folder", Path.GetTempPath()), $"mammo-archive-{lines}")).FullName;
            try
            {
                Measure(folder, lines);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static void Measure(string folder, int lines)
    {
        var run = new RunDescription(
            [KeyValuePair.Create("weights", new string('a', 64))],
            [.. new[] { "Score", "SampleWeight" }.Select(name => new ResultColumn(name, ColumnType.Number)), new ResultColumn("Probability", ColumnType.Text)]);
        var list = Path.Combine(folder, "worklist.jsonl");
        var results = Directory.CreateDirectory(Path.Combine(folder, "shards")).FullName;
        Write(list, results, lines, run);
        var half = ResultFile.In(results).Where((_, index) => index % 2 == 0).ToArray();
        var all = Seconds(() => Plan(list, Shard.All, half, run, folder));
        var one = Seconds(() => Plan(list, Shard.Parse($"7/{Shards}"), half.Where(file => file.Shard.MayShare(Shard.Parse($"7/{Shards}"))), run, folder));
        var csv = Seconds(() => Merge(list, folder, "scores.csv", lines));
        var parquet = Seconds(() => Merge(list, folder, "scores.parquet", lines));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {lines} | {new FileInfo(list).Length >> 20} | {new DirectoryInfo(results).EnumerateFiles().Sum(file => file.Length) >> 20} | {all:0.0} | {one:0.0} "
                + $"| {csv:0.0} | {parquet:0.0} | {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} |"));
    }

    private static void Write(string list, string results, int lines, RunDescription run)
    {
        using var file = File.Create(list);
        var buffer = new ArrayBufferWriter<byte>();
        WorklistLines.WriteHeader(buffer, new WorklistHeader("/archive", "Dicom", []));
        var shards = Enumerable.Range(0, Shards).Select(index => Shard.Parse($"{index}/{Shards}")).ToArray();
        var journals = shards.Select(shard => new Journal(results, shard, run, TimeSpan.FromHours(1))).ToArray();
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

    private static void Plan(string list, Shard shard, IEnumerable<ResultFile> files, RunDescription run, string scratch)
    {
        using var plan = ShardPlan.Of(list, shard, files, run, retryRefused: false, scratch, CancellationToken.None);
        var left = plan.ToDo().LongCount();
        if (left != plan.Left)
            throw new InvalidOperationException("The plan does not add up.");
    }

    private static void Merge(string list, string folder, string name, int lines)
    {
        var report = ResultMerge.Merge(new MergeOptions { Worklist = list, Folder = Path.Combine(folder, "shards"), Path = Path.Combine(folder, name) });
        if (!report.AddsUp || report.Scored != lines)
            throw new InvalidOperationException($"{report}");
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}
