namespace Mammo;

/// <content>Ids about whole archives: worklists, shards and their results.</content>
public static partial class ErrorIds
{
    /// <summary>None of many images is where the worklist says: the archive is not there.</summary>
    [Kind(ErrorKind.ObjectNotFound)]
    public const string ArchiveMissing = "Mammo.ArchiveMissing";

    /// <summary>An image is not the file that the worklist names: its length is another.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageChanged = "Mammo.ImageChanged";

    /// <summary>A process ended without a word each time that it was at this image alone.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ImageCrashedProcess = "Mammo.ImageCrashedProcess";

    /// <summary>A result file, a line of it or its seal is damaged, or was changed.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ResultDamaged = "Mammo.ResultDamaged";

    /// <summary>Images of a worklist have no result, or two that contradict each other.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ResultsIncomplete = "Mammo.ResultsIncomplete";

    /// <summary>Another process scores a shard.</summary>
    [Kind(ErrorKind.ResourceUnavailable)]
    public const string ShardInUse = "Mammo.ShardInUse";

    /// <summary>Another process has taken a shard over.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string ShardLost = "Mammo.ShardLost";

    /// <summary>A shard is to be scored with other options than the results that are there.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ShardOptionsDiffer = "Mammo.ShardOptionsDiffer";

    /// <summary>A worklist cannot be used: damaged, without a header, or without images.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string WorklistInvalid = "Mammo.WorklistInvalid";
}
