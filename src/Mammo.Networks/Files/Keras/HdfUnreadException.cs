namespace Mammo.Networks.Files.Keras;

/// <summary>The file is valid HDF5 and holds something that is not read.</summary>
/// <param name="what">What it holds, as the end of a sentence.</param>
/// <param name="fix">What to do.</param>
internal sealed class HdfUnreadException(string what, string fix) : Exception(what)
{
    /// <summary>What to do.</summary>
    public string Fix { get; } = fix;

    /// <summary>What the library's failure is about, if that is something that it does not read; null for damage.</summary>
    public static HdfUnreadException? Of(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is HdfUnreadException unread)
                return unread;

            // PureHDF's own words; it has no kind of exception for this.
            if (cause.Message.StartsWith("Could not find filter '", StringComparison.Ordinal))
                return UnreadFilter.Error(cause.Message.Split('\'')[1]);
        }

        return null;
    }
}
