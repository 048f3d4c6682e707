using Mammo.Archive.Worklists;

namespace Mammo.Archive.Shards;

/// <summary>What a call scores, and where its results go. None of it decides a result.</summary>
public sealed record ShardOptions
{
    /// <summary>The worklist.</summary>
    public required string Worklist { get; init; }

    /// <summary>Folder that the worklist's paths start at, on this machine.</summary>
    public required string Root { get; init; }

    /// <summary>Folder of the results, which all processes of a run share; made if it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>The result of an image that is refused before it is read.</summary>
    public required Func<WorkItem, MammoException, Result> Refuse { get; init; }

    /// <summary>Folder on a disk of this machine where results are kept until the call ends; null writes them to <see cref="Folder"/> at once.</summary>
    public string? Staging { get; init; }

    /// <summary>Which images.</summary>
    public Shard Shard { get; init; } = Shard.All;

    /// <summary>After what time at the latest a result is on the disk.</summary>
    public TimeSpan Commit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a shard's holder may give no sign before another process takes over.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Images that were refused before are tried again.</summary>
    public bool RetryRefused { get; init; }
}
