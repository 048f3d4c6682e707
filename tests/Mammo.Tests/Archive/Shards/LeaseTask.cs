using Mammo.Archive.Shards;

namespace Mammo.Tests.Archive.Shards;

/// <summary>Takes a shard of a folder and writes the id of the error.</summary>
internal static class LeaseTask
{
    public const string Name = "lease";

    /// <summary>Arguments: the folder.</summary>
    public static void Run(string[] arguments) => Console.WriteLine(
        Assert.Throws<MammoException>(() => Lease.Take(arguments[0], Shard.All, TimeSpan.FromMilliseconds(500)).Dispose()).ErrorId);
}
