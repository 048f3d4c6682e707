using System.Diagnostics;
using Mammo.Archive.Worklists;

namespace Mammo.Tests.Archive.Shards;

public sealed class KillTests
{
    private const int Kills = 20;

    /// <summary>Processes are killed at any moment, the number of shards changes, and every image is there once.</summary>
    [Fact]
    public void Killed_processes_leave_nothing_wrong_behind()
    {
        var archive = new ArchiveFolder(3000);
        var random = new Random(1);
        var killed = 0;
        for (var round = 0; killed < Kills; round++)
        {
            var count = round < Kills / 4 ? 3 : 2;
            var processes = Enumerable.Range(0, 2)
                .Select(place => ChildProcess.StartTask(ShardTask.Name, archive.Folder, $"{(round + place) % count}/{count}", "2")).ToArray();
            var before = Length(archive);
            var clock = Stopwatch.StartNew();

            // Some before their first result, most while they write.
            while (random.Next(4) > 0 && Length(archive) == before && !processes.All(process => process.HasExited) && clock.Elapsed < TestRun.Patience)
                Thread.Sleep(random.Next(5));
            Thread.Sleep(random.Next(80));
            foreach (var process in processes)
            {
                Assert.True(!process.HasExited || process.ExitCode == 0, "It ended by itself with an error.");
                process.Kill();
                process.WaitForExit();
                killed += process.ExitCode == 0 ? 0 : 1;
                process.Dispose();
            }
        }

        Assert.False(archive.Merge().AddsUp);
        var reports = Enumerable.Range(0, 2).Select(index => archive.Do($"{index}/2")).ToArray();
        Assert.Equal(3000, reports.Sum(report => report.Images));
        Assert.All(reports, report => Assert.Equal(0, report.Left));
        var merged = archive.Merge();
        Assert.Equal((3000, 3000, 0, 0), (merged.In, merged.Scored, merged.Missing, merged.Conflicting));
        archive.RequireAll();
    }

    /// <summary>After the crash in company it comes last and alone; the third one alone is the last.</summary>
    [Fact]
    public void An_image_that_ends_its_process_is_refused_in_the_end_and_no_other_is()
    {
        var archive = new ArchiveFolder(40);
        string image;
        using (var list = new WorklistReader(archive.Worklist))
        {
            for (var line = 0; line < 18; line++)
                Assert.True(list.Read());
            image = list.Item().Identity;
        }

        var crashes = 0;
        while (Run(archive, image) != 0)
            Assert.InRange(++crashes, 1, 4);
        Assert.Equal(4, crashes);
        var merged = archive.Merge();
        Assert.Equal((40, 39, 1, 0, 0), (merged.In, merged.Scored, merged.Refused, merged.Missing, merged.Conflicting));
        Assert.Equal([ErrorIds.ImageCrashedProcess], merged.RefusedBy.Keys);
        Assert.Empty(Directory.GetFiles(archive.Shards, "*.inflight"));

        // On a machine where it does no harm.
        Assert.Equal(1, archive.Do("0/1", change: options => options with { RetryRefused = true }).Scored);
        Assert.Equal((40, 0, 0), (archive.Merge().Scored, archive.Merge().Refused, archive.Merge().Conflicting));
        archive.RequireAll();
    }

    private static int Run(ArchiveFolder archive, string image)
    {
        using var process = ChildProcess.StartTask(ShardTask.Name, archive.Folder, "0/1", "1", image);
        Assert.True(process.WaitForExit(TestRun.Patience));
        return process.ExitCode;
    }

    private static long Length(ArchiveFolder archive) =>
        Directory.Exists(archive.Shards) ? new DirectoryInfo(archive.Shards).EnumerateFiles("*.jsonl").Sum(file => file.Exists ? file.Length : 0) : 0;
}
