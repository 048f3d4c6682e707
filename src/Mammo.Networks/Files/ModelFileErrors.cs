namespace Mammo.Networks.Files;

/// <summary>Failures of reading a model file, reported in one way for all formats.</summary>
internal static class ModelFileErrors
{
    /// <summary>The error for a file that cannot be read as that format.</summary>
    public static MammoException Unreadable(string path, string format, Exception failure) => InputFile.ErrorOf("model file", path, failure) ?? failure switch
    {
        NoFileException => new MammoException(
            ErrorIds.ModelFileInvalid, $"The model file '{path}' cannot be read: {failure.Message}.", "Give the path of a model file.", path, failure),
        _ => new MammoException(
            ErrorIds.ModelFileInvalid,
            $"'{path}' cannot be read as {format}; it is damaged, cut short or of another format: {failure.Message.TrimEnd('.')}.",
            "Fetch the file again and compare its size with the original's.",
            path,
            failure),
    };
}
