using System.Text;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;

namespace Mammo.Tests.Archive.Shards;

public sealed class ShardRunTests
{
    [Fact]
    public void Shards_of_any_count_end_with_every_image_once()
    {
        var archive = new ArchiveFolder(120);
        var reports = Enumerable.Range(0, 7).Select(index => archive.Do($"{index}/7", items => ArchiveFolder.ScoreAll(items).Take(8))).ToArray();
        Assert.Equal(120, reports.Sum(report => report.Images));
        Assert.All(reports, report => Assert.Equal((8, report.Images - 8), (report.Scored, report.Left)));
        var rest = Enumerable.Range(0, 5).Select(index => archive.Do($"{index}/5")).ToArray();
        Assert.Equal((56, 64), (rest.Sum(report => report.Before), rest.Sum(report => report.Scored)));
        Assert.Equal((120, 0, 0), (archive.Merge().Scored, archive.Merge().Missing, archive.Merge().Twice));
        archive.RequireAll();

        // What is finished is not done again, and makes no file.
        var files = archive.ResultFiles;
        Assert.Equal(0, archive.Do("0/5").Scored);
        Assert.Equal(files, archive.ResultFiles);
        Assert.Empty(Directory.GetFiles(archive.Shards, "*.lease.*"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(300)]
    public void A_torn_line_is_cut_and_its_image_scored_again(int cut)
    {
        var archive = new ArchiveFolder(10);
        archive.Do("0/1", items => ArchiveFolder.ScoreAll(items).Take(6));
        var torn = Assert.Single(archive.ResultFiles);
        var bytes = File.ReadAllBytes(torn);
        File.WriteAllBytes(torn, bytes[..^cut]);
        var whole = Encoding.UTF8.GetString(bytes[..^cut]);
        var findings = new List<Finding>();
        var report = archive.Do("0/1", findings: findings);
        Assert.Equal(10 - report.Before, report.Scored);
        Assert.InRange(report.Before, 4, 5);
        Assert.Empty(findings);
        Assert.Equal(whole[..(whole.LastIndexOf('\n') + 1)], File.ReadAllText(torn));
        Assert.True(archive.Merge().AddsUp);
        archive.RequireAll();
    }

    [Fact]
    public void A_file_that_another_process_sets_aside_is_no_error()
    {
        var archive = new ArchiveFolder(4);
        archive.Do("0/1");
        var listed = ResultFile.In(archive.Shards);
        var seals = Seal.In(archive.Shards);
        ResultFile.SetAside(Assert.Single(listed).Path);
        Assert.Equal((0, null), listed[0].Read(null, _ => Assert.Fail("It is gone.")));
        listed[0].CutTornEnd();
        Assert.Contains("which is gone", Assert.Single(SealCheck.Of(seals, listed).Broken).Finding.Message, StringComparison.Ordinal);
        Assert.Equal(4, archive.Do("0/1", findings: []).Scored);
        Assert.True(archive.Merge().AddsUp);
        archive.RequireAll();
    }

    [Fact]
    public void A_damaged_line_does_not_count()
    {
        var archive = new ArchiveFolder(10);
        archive.Do("0/1", items => ArchiveFolder.ScoreAll(items).Take(6));
        var file = Assert.Single(archive.ResultFiles);
        var lines = File.ReadAllText(file).Split('\n');
        lines[3] = lines[3].Replace("\"Score\":0.", "\"Score\":1.", StringComparison.Ordinal);
        File.WriteAllText(file, string.Join('\n', lines));
        var findings = new List<Finding>();
        Assert.Equal((5, 5), (archive.Do("0/1", findings: findings) is var report ? report.Before : 0, report.Scored));
        Assert.Equal(ErrorIds.ResultDamaged, Assert.Single(findings).Id);
        Assert.Equal(1, archive.Merge().DamagedLines);
        archive.RequireAll();
    }

    [Fact]
    public void Other_options_are_refused_with_what_differs()
    {
        var archive = new ArchiveFolder(4);
        archive.Do("0/2");
        var other = ArchiveFolder.Run with
        { Options = [KeyValuePair.Create("weights", "def"), KeyValuePair.Create("augment", "false"), KeyValuePair.Create("size", "2x2")] };
        var error = Assert.Throws<MammoException>(() =>
            new ShardRun(other, archive.Options("1/2")).Run(ArchiveFolder.ScoreAll, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.ShardOptionsDiffer, error.ErrorId);
        Assert.Contains("weights is abc there and def here; size is not set there and 2x2 here", error.Message, StringComparison.Ordinal);

        // The files say it too, where the description was removed or those of another run were copied there.
        File.Delete(Path.Combine(archive.Shards, "run.json"));
        error = Assert.Throws<MammoException>(() =>
            new ShardRun(other, archive.Options("0/2")).Run(ArchiveFolder.ScoreAll, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.ShardOptionsDiffer, error.ErrorId);
        File.Delete(Path.Combine(archive.Shards, "run.json"));
        new ShardRun(other, archive.Options("1/2")).Run(ArchiveFolder.ScoreAll, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorIds.ShardOptionsDiffer, Assert.Throws<MammoException>(() => archive.Merge()).ErrorId);
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("rows")]
    [InlineData("bytes")]
    [InlineData("images")]
    [InlineData("crc")]
    [InlineData("empty")]
    public void A_forged_seal_finishes_nothing(string what)
    {
        var archive = new ArchiveFolder(10);
        archive.Do("0/1", items => ArchiveFolder.ScoreAll(items).Take(6));
        var file = SealedFile.Of(Assert.Single(archive.ResultFiles));
        var forged = what switch
        {
            "hash" => file with { Hash = new string('0', 64) },
            "rows" => file with { Rows = 11 },
            "bytes" => file with { Bytes = file.Bytes + 100 },
            _ => file,
        };
        var path = Seal.PathOf(archive.Shards, Shard.All);
        new Seal(path, 10, [forged]).Write();
        if (what == "crc")
            File.WriteAllText(path, File.ReadAllText(path).Replace("\"rows\":7", "\"rows\":11", StringComparison.Ordinal));
        if (what == "empty")
            File.WriteAllText(path, "");
        Assert.Equal(what is "hash" or "bytes" ? 10 : 4, archive.Merge().Missing);
        var findings = new List<Finding>();
        var report = archive.Do("0/1", findings: findings);
        Assert.Equal(what is "hash" or "bytes" ? 10 : 4, report.Scored);
        Assert.Equal(what == "images" ? [] : [ErrorIds.ResultDamaged], findings.Select(finding => finding.Id));
        findings.Clear();
        Assert.True(archive.Merge(findings: findings).AddsUp);
        Assert.Empty(findings);
        archive.RequireAll();
    }

    [Fact]
    public void A_result_file_that_is_deleted_cut_or_changed_after_the_end_is_made_good()
    {
        var archive = new ArchiveFolder(40);
        for (var index = 0; index < 4; index++)
            archive.Do($"{index}/4");
        var files = archive.ResultFiles;
        File.Delete(files[0]);
        var bytes = File.ReadAllBytes(files[1]);
        var end = Array.LastIndexOf(bytes, (byte)'\n', bytes.Length - 2) + 1;
        File.WriteAllBytes(files[1], bytes[..end]);

        // Every line of it is whole; only the seal knows that it was another.
        File.WriteAllBytes(files[2], File.ReadAllBytes(files[2])[..end]);
        var findings = new List<Finding>();
        var merged = archive.Merge(findings: findings);
        Assert.False(merged.AddsUp);
        Assert.Null(merged.Path);
        Assert.False(File.Exists(Path.Combine(archive.Folder, "scores.csv")));
        Assert.Equal(3, findings.Count(finding => finding.Id == ErrorIds.ResultDamaged));
        Assert.Equal(merged.Missing, Enumerable.Range(0, 4).Sum(index => archive.Do($"{index}/4").Scored));
        Assert.Equal(2, Directory.GetFiles(archive.Shards, "*.jsonl.damaged").Length);
        findings.Clear();
        Assert.True(archive.Merge(findings: findings).AddsUp);
        Assert.Empty(findings);
        archive.RequireAll();
    }

    [Fact]
    public void A_call_that_is_stopped_or_fails_keeps_what_it_has()
    {
        var archive = new ArchiveFolder(10);
        var done = 0;
        var stopped = new ShardRun(ArchiveFolder.Run, archive.Options("0/1") with { Commit = TimeSpan.FromHours(1) }) { IsStopped = () => done == 3 }
            .Run(items => ArchiveFolder.ScoreAll(items).Select(result => (done++, result).result), TestContext.Current.CancellationToken);
        Assert.Equal((3, 7, true), (stopped.Scored, stopped.Left, stopped.IsStopped));
        Assert.False(File.Exists(Seal.PathOf(archive.Shards, Shard.All)));
        Assert.Throws<InvalidTimeZoneException>(() => archive.Do("0/1", items => ArchiveFolder.ScoreAll(items)
            .Select((result, index) => index < 4 ? result : throw new InvalidTimeZoneException())));
        Assert.Equal((7, 3), (archive.Do("0/1") is var last ? last.Before : 0, last.Scored));
        archive.Merge();
        archive.RequireAll();
    }

    [Fact]
    public void Results_are_on_the_disk_after_the_time_that_was_asked_for_also_while_nothing_comes()
    {
        var archive = new ArchiveFolder(3);
        archive.Do("0/1", items => ArchiveFolder.ScoreAll(items).Select((result, index) =>
        {
            Assert.True(index == 0 || SpinWait.SpinUntil(
                () => archive.ResultFiles is [var file] && File.ReadLines(file).Count() == index + 1, TestRun.Patience));
            return result;
        }));
        archive.Merge();
        archive.RequireAll();
    }

    [Fact]
    public void Refused_images_are_results_and_can_be_tried_again()
    {
        var archive = new ArchiveFolder(12);
        var file = Path.Combine(archive.Images, "0", "5.pgm");
        File.AppendAllText(file, "more");
        var report = archive.Do("0/1", items => items.Select((item, index) =>
            (item, index % 4 == 0 ? ArchiveFolder.Refuse(item, new MammoException(ErrorIds.ImageUnreadable, "damaged")) : ArchiveFolder.ResultOf(item))));
        Assert.Equal((8, 4, 0), (report.Scored, report.Refused, report.Left));
        var merged = archive.Merge();
        Assert.Equal((12, 8, 4, 0, true), (merged.In, merged.Scored, merged.Refused, merged.Missing, merged.AddsUp));
        Assert.Equal("Mammo.ImageChanged=1;Mammo.ImageUnreadable=3", $"{merged.RefusedBy}");

        Assert.Equal(0, archive.Do("0/1").Scored);
        ArchiveFolder.WriteImage(file, 5);
        Assert.Equal(4, archive.Do("0/1", change: options => options with { RetryRefused = true }).Scored);
        merged = archive.Merge();
        Assert.Equal((12, 0, 0), (merged.Scored, merged.Refused, merged.Twice));
        archive.RequireAll();
    }

    [Fact]
    public void An_archive_that_is_not_there_refuses_no_image()
    {
        var archive = new ArchiveFolder(130);
        IEnumerable<(WorkItem, Result)> Gone(IEnumerable<WorkItem> items) => items.Select(item => (item, File.Exists(item.FullPath(archive.Images))
            ? ArchiveFolder.ResultOf(item) : ArchiveFolder.Refuse(item, new MammoException(ErrorIds.FileNotFound, "gone"))));
        var elsewhere = archive.Images + ".away";
        Directory.Move(archive.Images, elsewhere);
        Assert.Equal(ErrorIds.ArchiveMissing, Assert.Throws<MammoException>(() => archive.Do("0/1", Gone)).ErrorId);
        Directory.CreateDirectory(archive.Images);
        Assert.Equal(ErrorIds.ArchiveMissing, Assert.Throws<MammoException>(() => archive.Do("0/1", Gone)).ErrorId);
        Assert.Equal(ErrorIds.ArchiveMissing, Assert.Throws<MammoException>(() => archive.Do("0/4", Gone)).ErrorId);
        Assert.Empty(archive.ResultFiles);

        // A few that were removed are refused.
        Directory.Delete(archive.Images);
        Directory.Move(elsewhere, archive.Images);
        // The question mark stands for no letter too.
        Directory.GetFiles(archive.Images, "1?.pgm", SearchOption.AllDirectories).ToList().ForEach(File.Delete);
        Assert.Equal((119, 11), (archive.Do("0/1", Gone) is var report ? report.Scored : 0, report.Refused));
        Assert.True(archive.Merge().AddsUp);
    }

    [Fact]
    public void Files_of_one_image_are_scored_once_and_a_list_may_grow()
    {
        var archive = new ArchiveFolder(6);
        Directory.CreateDirectory(Path.Combine(archive.Images, "copies"));
        foreach (var file in Directory.GetFiles(Path.Combine(archive.Images, "0")).Take(3))
            File.Copy(file, Path.Combine(archive.Images, "copies", Path.GetFileName(file)));
        archive.List();
        Assert.Equal((6, 3, 6), (archive.Do("0/1") is var report ? report.Images : 0, report.Copies, report.Scored));
        Assert.Equal((6, 3, 6), (archive.Merge() is var merged ? merged.In : 0, merged.Copies, merged.Scored));

        ArchiveFolder.WriteImage(Path.Combine(archive.Images, "new", "1.pgm"), 77);
        archive.List();
        Assert.Equal(1, archive.Merge().Missing);
        Assert.Equal((6, 1), (archive.Do("0/1") is var second ? second.Before : 0, second.Scored));

        // Results of what is no longer listed are told apart.
        Directory.Delete(Path.Combine(archive.Images, "new"), recursive: true);
        archive.List();
        Assert.Equal((1, 6, true), (archive.Merge() is var last ? last.Foreign : 0, last.In, last.AddsUp));
    }

    [Fact]
    public void Results_that_wait_on_a_disk_of_the_machine_are_moved_also_those_of_a_dead_process()
    {
        var archive = new ArchiveFolder(10);
        var staging = Path.Combine(archive.Folder, "staging");
        ShardOptions Staged(ShardOptions options) => options with { Staging = staging };
        archive.Do("0/1", items => ArchiveFolder.ScoreAll(items).Take(4), change: Staged);
        Assert.Empty(Directory.GetFiles(staging));
        var left = Assert.Single(archive.ResultFiles);
        File.Move(left, Path.Combine(staging, Path.GetFileName(left)));
        File.AppendAllText(Path.Combine(staging, Path.GetFileName(left)), "{\"torn");
        Assert.Equal((4, 6), (archive.Do("0/1", change: Staged) is var report ? report.Before : 0, report.Scored));
        Assert.Empty(Directory.GetFiles(staging));
        archive.Merge();
        archive.RequireAll();
    }

    [Fact]
    public void What_another_run_left_in_a_folder_for_staging_is_left_to_it()
    {
        var archive = new ArchiveFolder(10);
        var (staging, other) = (Path.Combine(archive.Folder, "staging"), Path.Combine(archive.Folder, "other"));
        var run = ArchiveFolder.Run with { Options = [KeyValuePair.Create("weights", "of another model")] };
        new ShardRun(run, archive.Options("0/1") with { Folder = other })
            .Run(items => ArchiveFolder.ScoreAll(items).Take(4), cancellation: TestContext.Current.CancellationToken);
        var left = Path.Combine(Directory.CreateDirectory(staging).FullName, Path.GetFileName(Assert.Single(ResultFile.In(other)).Path));
        File.Move(Assert.Single(ResultFile.In(other)).Path, left);
        Assert.Equal((0, 10), (archive.Do("0/1", change: options => options with { Staging = staging }) is var report ? report.Before : 0, report.Scored));
        Assert.True(File.Exists(left));
        Assert.Equal(4, new ShardRun(run, archive.Options("0/1") with { Folder = other, Staging = staging })
            .Run(ArchiveFolder.ScoreAll, cancellation: TestContext.Current.CancellationToken).Before);
    }

    /// <summary>The torn end of a process that died is cut by whoever takes its shard up again.</summary>
    [Fact]
    public void A_torn_end_is_not_sealed()
    {
        var archive = new ArchiveFolder(20);
        archive.Do("0/2", items => ArchiveFolder.ScoreAll(items).Take(3));
        File.AppendAllText(Assert.Single(archive.ResultFiles), "{\"id\":\"torn");
        archive.Do("0/1");
        archive.Do("0/2");
        var findings = new List<Finding>();
        Assert.Equal((20, true), (archive.Merge(findings: findings) is var merged ? merged.Scored : 0, merged.AddsUp));
        Assert.Empty(findings);
    }

    [Fact]
    public void A_shard_that_another_process_took_over_is_left_to_it()
    {
        var archive = new ArchiveFolder(50);
        var error = Assert.Throws<MammoException>(() => archive.Do(
            "0/1",
            items => ArchiveFolder.ScoreAll(items).Select((result, index) =>
            {
                if (index == 3)
                {
                    File.WriteAllText(Path.Combine(archive.Shards, "0000-of-0001.lease.2"), "");
                    Thread.Sleep(1000);
                }

                return result;
            }),
            change: options => options with { Lease = TimeSpan.FromSeconds(0.6) }));
        Assert.Equal(ErrorIds.ShardLost, error.ErrorId);
        Assert.InRange(archive.Do("0/1", change: options => options with { Lease = TimeSpan.FromSeconds(0.5) }).Before, 4, 49);
        archive.Merge();
        archive.RequireAll();
    }
}
