using System.Diagnostics;
using System.Globalization;
using Mammo.Archive.Shards;

namespace Mammo.Tests.Archive.Shards;

/// <summary>Scores a shard slowly in a process that is killed.</summary>
internal static class ShardTask
{
    public const string Name = "shard";

    // Images that are decoded ahead.
    private const int Ahead = 4;

    /// <summary>Arguments: the folder, the shard, milliseconds for an image, and the identity of one that ends the process.</summary>
    public static void Run(string[] arguments)
    {
        var archive = ArchiveFolder.At(arguments[0]);
        var pause = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        new ShardRun(ArchiveFolder.Run, archive.Options(arguments[1]) with { Commit = TimeSpan.FromMilliseconds(20) }).Run(items =>
            items.Chunk(Ahead).SelectMany(ArchiveFolder.ScoreAll).Select(scored =>
            {
                Thread.Sleep(pause);
                if (scored.Item.Identity == arguments.ElementAtOrDefault(3))
                    Process.GetCurrentProcess().Kill();
                return scored;
            }));
    }
}
