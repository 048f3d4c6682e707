using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Mammo.Archive.Merging;
using Mammo.Archive.Shards;
using Mammo.Archive.Worklists;

namespace Mammo.Tests.Archive;

/// <summary>A small archive with a worklist, scored by a function of an image's identity in place of a network.</summary>
internal sealed class ArchiveFolder
{
    public static readonly RunDescription Run = new(
        [KeyValuePair.Create("weights", "abc"), KeyValuePair.Create("augment", "false")],
        [new ResultColumn("Score", ColumnType.Number), new ResultColumn("Label", ColumnType.Integer), new ResultColumn("View", ColumnType.Text)]);

    public ArchiveFolder(int images, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
        : this(Shared.NewFolder(name)) => Make(images);

    private ArchiveFolder(string folder) => Folder = folder;

    public string Folder { get; }

    public string Images => Path.Combine(Folder, "images");

    public string Worklist => Path.Combine(Folder, "worklist.jsonl");

    public string Shards => Path.Combine(Folder, "shards");

    public static ArchiveFolder At(string folder) => new(folder);

    /// <summary>An image that no other has the pixels of.</summary>
    public static void WriteImage(string path, int number)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var pixels = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(pixels, number);
        File.WriteAllBytes(path, [.. "P5\n4 4\n255\n"u8, .. pixels]);
    }

    /// <summary>What every scoring of an image gives.</summary>
    public static double Score(string identity)
    {
        var key = new byte[IdentityKey.Length];
        IdentityKey.Of(identity, key);
        return BinaryPrimitives.ReadUInt64LittleEndian(key) / (double)ulong.MaxValue;
    }

    public static Result ResultOf(WorkItem item) => new([
        KeyValuePair.Create("Score", FieldValue.Of(Score(item.Identity))), KeyValuePair.Create("Label", FieldValue.Of(null)),
        KeyValuePair.Create("View", FieldValue.Of("C,\"C")), KeyValuePair.Create("further", FieldValue.Of("ä\n")),
    ]);

    public static Result Refuse(WorkItem item, MammoException failure) => new([]) { Refused = failure.ErrorId, Reason = failure.Message };

    public static IEnumerable<(WorkItem Item, Result Result)> ScoreAll(IEnumerable<WorkItem> items) => items.Select(item => (item, ResultOf(item)));

    public void Make(int images)
    {
        for (var number = 0; number < images; number++)
            WriteImage(Path.Combine(Images, string.Create(CultureInfo.InvariantCulture, $"{number / 100}"), $"{number}.pgm"), number);
        List();
    }

    public void List() => WorklistWriter.Write(Images, Worklist, WorklistFormat.Any, 2);

    public ShardOptions Options(string shard) => new()
    {
        Worklist = Worklist,
        Root = Images,
        Folder = Shards,
        Shard = Shard.Parse(shard),
        Refuse = Refuse,
        Commit = TimeSpan.FromMilliseconds(50),
        Lease = TimeSpan.FromSeconds(20),
    };

    public ShardReport Do(string shard, ShardRun.Scorer? scorer = null, List<Finding>? findings = null, Func<ShardOptions, ShardOptions>? change = null) =>
        new ShardRun(Run, (change ?? (options => options))(Options(shard))) { Found = finding => findings?.Add(finding) }.Run(scorer ?? ScoreAll);

    public MergeReport Merge(string file = "scores.csv", List<Finding>? findings = null, Func<MergeOptions, MergeOptions>? change = null) => ResultMerge.Merge(
        (change ?? (options => options))(new MergeOptions { Worklist = Worklist, Folder = Folder, Path = Path.Combine(Folder, file), Memory = 1 << 16 }),
        finding => findings?.Add(finding));

    public string[] ResultFiles => [.. ResultFile.In(Shards).Select(file => file.Path)];

    /// <summary>Every image is in the merged CSV once, with its score; nothing else is.</summary>
    public void RequireAll(string file = "scores.csv")
    {
        using var list = new WorklistReader(Worklist);
        var expected = new List<string>();
        while (list.Read())
        {
            var item = list.Item();
            expected.Add(string.Create(CultureInfo.InvariantCulture, $"{item.FullPath(Images)},{Score(item.Identity):R},"));
        }

        var rows = File.ReadAllText(Path.Combine(Folder, file), Encoding.UTF8).Split("\n" + Images).Skip(1).Select(row => Images + row[..(row.IndexOf(',') + 1)]
            + row.Split(',')[1] + ",");
        Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }
}
