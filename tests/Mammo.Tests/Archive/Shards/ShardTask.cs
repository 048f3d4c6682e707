using System.Globalization;
using Mammo.Archive.Shards;

namespace Mammo.Tests.Archive.Shards;

/// <summary>Scores a shard slowly in a process that is killed.</summary>
internal static class ShardTask
{
    public const string Name = "shard";

    /// <summary>Arguments: the folder, the shard, and milliseconds for an image.</summary>
    public static void Run(string[] arguments)
    {
        var archive = ArchiveFolder.At(arguments[0]);
        var pause = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        new ShardRun(ArchiveFolder.Run, archive.Options(arguments[1]) with { Commit = TimeSpan.FromMilliseconds(20) }).Run(items =>
            ArchiveFolder.ScoreAll(items).Select(result =>
            {
                Thread.Sleep(pause);
                return result;
            }));
    }
}
