namespace Mammo;

/// <content>Ids about files and folders.</content>
public static partial class ErrorIds
{
    /// <summary>A file is there and cannot be read: no permission, kept open by another program, or no regular file.</summary>
    [Kind(ErrorKind.ResourceUnavailable)]
    public const string FileUnreadable = "Mammo.FileUnreadable";
}
