using System.Globalization;

namespace Mammo.Archive.Shards;

/// <summary>How far a shard is.</summary>
public sealed record ShardReport
{
    /// <summary>The shard: its number from 0, and how many there are.</summary>
    public required string Shard { get; init; }

    /// <summary>Images of the shard.</summary>
    public long Images { get; init; }

    /// <summary>Files of the worklist that are the image of an earlier line, and were not scored again.</summary>
    public long Copies { get; init; }

    /// <summary>Images that had a result before.</summary>
    public long Before { get; init; }

    /// <summary>Images that were scored in this call.</summary>
    public long Scored { get; init; }

    /// <summary>Images that were refused in this call.</summary>
    public long Refused { get; init; }

    /// <summary>Images without a result; 0 when the shard is finished.</summary>
    public long Left => Images - Before - Scored - Refused;

    /// <summary>The call was stopped before the end, by a signal or by the user.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Seconds since the first image was asked for.</summary>
    public double Seconds { get; init; }

    /// <summary>The file of this call's results; null when there were none.</summary>
    public string? ResultFile { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"shard {Shard}: {Images - Left} of {Images} images, {Scored} scored and {Refused} refused in this call");
}
