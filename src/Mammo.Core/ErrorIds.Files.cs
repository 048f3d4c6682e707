namespace Mammo;

/// <content>Ids about files and folders.</content>
public static partial class ErrorIds
{
    /// <summary>Another run, in this process or another one, is writing to a folder.</summary>
    [Kind(ErrorKind.ResourceUnavailable)]
    public const string FolderInUse = "Mammo.FolderInUse";

    /// <summary>A folder holds a part of what was to be written: the run that made it was stopped or killed.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string FolderUnfinished = "Mammo.FolderUnfinished";

    /// <summary>A file is there and cannot be read: no permission, kept open by another program, or no regular file.</summary>
    [Kind(ErrorKind.ResourceUnavailable)]
    public const string FileUnreadable = "Mammo.FileUnreadable";

    /// <summary>A training is resumed with another number of threads than it had: it ends with slightly other weights.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string ThreadsDiffer = "Mammo.ThreadsDiffer";

    /// <summary>A package of libtorch is not as it was published: its hash differs.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string RuntimeDamaged = "Mammo.RuntimeDamaged";

    /// <summary>A package of libtorch cannot be fetched.</summary>
    [Kind(ErrorKind.ResourceUnavailable)]
    public const string RuntimeNotFetched = "Mammo.RuntimeNotFetched";

    /// <summary>There is no package of libtorch for this system.</summary>
    [Kind(ErrorKind.NotImplemented)]
    public const string RuntimeUnsupported = "Mammo.RuntimeUnsupported";
}
