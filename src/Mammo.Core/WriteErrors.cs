namespace Mammo;

/// <summary>What to do where a file cannot be written, by what the system says.</summary>
internal static class WriteErrors
{
    private const int UnixFull = 28;
    private const int WindowsFull = unchecked((int)0x80070070);
    private const int WindowsHandleFull = unchecked((int)0x80070027);

    /// <summary>The suggested fix for a failure.</summary>
    public static string FixOf(Exception failure) => failure switch
    {
        IOException { HResult: UnixFull or WindowsFull or WindowsHandleFull } => "Free room on its disk, or name another folder.",
        UnauthorizedAccessException => "Give this account the right to write there, or name another folder.",
        DirectoryNotFoundException or FileNotFoundException => "Its folder is gone, perhaps removed meanwhile: make it again, or name another.",
        _ => "Check that its folder is yours to write and that no other program keeps the file open.",
    };
}
