using System.Text;
using System.Text.Json;
using Mammo.Archive.Merging;
using Mammo.Archive.Shards;
using Parquet;

namespace Mammo.Tests.Archive.Merging;

public sealed class MergeTests
{
    [Fact]
    public void Merging_again_gives_the_same_bytes_whatever_the_order_of_shards()
    {
        var (one, other) = (new ArchiveFolder(60, "one"), new ArchiveFolder(60, "other"));
        foreach (var shard in new[] { "0/3", "1/3", "2/3" })
            one.Do(shard);
        foreach (var shard in new[] { "1/2", "0/2" })
            other.Do(shard);
        string Merged(ArchiveFolder archive, string file)
        {
            Assert.True(archive.Merge(file, change: options => options with { Root = "/a" }).AddsUp);
            return Convert.ToHexString(File.ReadAllBytes(Path.Combine(archive.Folder, file)));
        }

        foreach (var file in new[] { "scores.csv", "scores.jsonl" })
        {
            Assert.Equal(Merged(one, file), Merged(one, file));
            Assert.Equal(Merged(one, file), Merged(other, file));
        }

        Assert.Empty(Directory.GetFiles(one.Folder, ".mammo*"));
    }

    [Fact]
    public void What_was_scored_twice_counts_once_and_other_numbers_are_an_error()
    {
        var archive = new ArchiveFolder(10);
        archive.Do("0/1");
        var file = Assert.Single(archive.ResultFiles);
        File.Copy(file, Path.Combine(archive.Shards, "0000-of-0001.second.jsonl"));
        Assert.Equal((10, 10, true), (archive.Merge() is var twice ? twice.Scored : 0, twice.Twice, twice.AddsUp));
        archive.RequireAll();
        Directory.GetFiles(archive.Shards).ToList().ForEach(File.Delete);

        archive.Do("0/1");
        var folder = Path.Combine(archive.Folder, "second");
        archive.Do("0/1", items => items.Select((item, index) => (item, new Result([
            KeyValuePair.Create("Score", FieldValue.Of(ArchiveFolder.Score(item.Identity) + (index == 2 ? 1e-7 : 0))),
            .. ArchiveFolder.ResultOf(item).Fields.Skip(1)]))),
            change: options => options with { Folder = folder });
        var merged = archive.Merge();
        Assert.Equal((9, 1, false), (merged.Twice, merged.Conflicting, merged.AddsUp));
        Assert.Single(merged.ConflictingExamples);
        Assert.Equal(1e-7, merged.LargestDifference, 1e-12);
        Assert.True(archive.Merge(change: options => options with { Tolerance = 1e-6 }).AddsUp);
    }

    [Fact]
    public void What_is_missing_is_named_and_the_rest_written_only_when_asked_for()
    {
        var archive = new ArchiveFolder(30);
        archive.Do("0/1", items => ArchiveFolder.ScoreAll(items).Take(9));
        var merged = archive.Merge();
        Assert.Equal((21, 10, null), (merged.Missing, merged.MissingExamples.Length, merged.Path));
        Assert.Equal(9, File.ReadLines(archive.Merge(change: options => options with { IsPartial = true }).Path!)
            .Count(line => line.StartsWith(archive.Images, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("worklist.jsonl")]
    [InlineData("shards/run.json")]
    [InlineData("shards/0000-of-0001.seal")]
    [InlineData("")]
    public void It_does_not_replace_what_it_merges(string name)
    {
        var archive = new ArchiveFolder(3);
        archive.Do("0/1");
        var file = name.Length > 0 ? name : Path.GetRelativePath(archive.Folder, Assert.Single(archive.ResultFiles));
        var before = File.ReadAllBytes(Path.Combine(archive.Folder, file));
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<MammoException>(() => archive.Merge(file)).ErrorId);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(archive.Folder, file)));
    }

    /// <summary>As PowerShell reads tables: names of columns have no case, and none may come twice.</summary>
    [Fact]
    public void Columns_of_lists_are_all_there_under_names_of_their_own()
    {
        var archive = new ArchiveFolder(2);
        archive.Do("0/1", items => items.Select((item, index) => (item, new Result([
            .. ArchiveFolder.ResultOf(item).Fields, KeyValuePair.Create(index == 0 ? "Site" : "site", FieldValue.Of($"site {index}")),
            KeyValuePair.Create("identity", FieldValue.Of("mine")), KeyValuePair.Create("ERRORID", FieldValue.Of("theirs"))]))));
        archive.Merge("scores.jsonl");
        var rows = File.ReadLines(Path.Combine(archive.Folder, "scores.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(
            ["Path", "Score", "Label", "View", "ERRORID_2", "Site", "further", "identity_2", "Identity", "ErrorId", "Reason"],
            rows[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(["site 0", "site 1"], rows.Select(row => row.GetProperty("Site").GetString()).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(("mine", "theirs"), (row.GetProperty("identity_2").GetString(), row.GetProperty("ERRORID_2").GetString())));
        Assert.All(rows, row => Assert.StartsWith("sha256:", row.GetProperty("Identity").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(@"Q:\archive", @"Q:\archive\0\0.pgm")]
    [InlineData(@"\\server\archive\", @"\\server\archive\0\0.pgm")]
    public void The_root_of_another_system_stays_as_it_is(string root, string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These are roots of this system.");
        var archive = new ArchiveFolder(1);
        archive.Do("0/1");
        archive.Merge(change: options => options with { Root = root });
        Assert.Contains($"\n{path},", File.ReadAllText(Path.Combine(archive.Folder, "scores.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_and_JSON_have_the_numbers_bit_for_bit()
    {
        var archive = new ArchiveFolder(25);
        archive.Do("0/1", items => items.Select((item, index) =>
            (item, index == 3 ? ArchiveFolder.Refuse(item, new MammoException(ErrorIds.ImageUnreadable, "damaged")) : ArchiveFolder.ResultOf(item))));
        archive.Merge("scores.jsonl");
        var rows = File.ReadLines(Path.Combine(archive.Folder, "scores.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        string[] names = ["Path", "Score", "Label", "View", "further", "Identity", "ErrorId", "Reason"];
        Assert.All(rows, row => Assert.Equal(names, row.EnumerateObject().Select(field => field.Name)));
        Assert.All(
            rows.Where(row => row.GetProperty("ErrorId").ValueKind == JsonValueKind.Null),
            row => Assert.Equal(ArchiveFolder.Score(row.GetProperty("Identity").GetString()!), row.GetProperty("Score").GetDouble()));

        archive.Merge("scores.parquet");
        await using var file = File.OpenRead(Path.Combine(archive.Folder, "scores.parquet"));
        await using var parquet = await ParquetReader.CreateAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(names, parquet.Schema.DataFields.Select(field => field.Name));
        using var group = parquet.OpenRowGroupReader(0);
        var scores = new double?[rows.Length];
        await group.ReadAsync<double>(parquet.Schema.DataFields[1], scores, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(rows.Select(row => row.GetProperty("Score") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : (double?)null), scores);
    }
}
