namespace Mammo.Networks.Files;

/// <summary>Failures of reading a model file, reported in one way for all formats.</summary>
internal static class ModelFileErrors
{
    /// <summary>The error for a file that cannot be read as that format.</summary>
    public static MammoException Unreadable(string path, string format, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new MammoException(
            ErrorIds.FileNotFound, $"The model file '{path}' does not exist.", "Check the path.", path, failure),
        UnauthorizedAccessException => new MammoException(
            ErrorIds.ModelFileInvalid, $"The model file '{path}' may not be read, or is a folder.", "Give a file that this account may read.", path, failure),
        _ => new MammoException(
            ErrorIds.ModelFileInvalid,
            $"'{path}' cannot be read as {format}; it is damaged, cut short or of another format: {failure.Message.TrimEnd('.')}.",
            "Fetch the file again and compare its size with the original's.",
            path,
            failure),
    };
}
