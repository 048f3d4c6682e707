namespace Mammo.Tests.Core;

/// <summary>What is suggested where a file cannot be written fits the reason: a file in use is not a full disk.</summary>
public sealed class WriteErrorsTests
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WindowsFull = unchecked((int)0x80070070);
    private const int UnixFull = 28;
    private const int UnixWouldBlock = 11;

    public static TheoryData<Exception, string> Cases => new()
    {
        { new IOException("full", UnixFull), "Free room" },
        { new IOException("full", WindowsFull), "Free room" },
        { new IOException("in use", SharingViolation), "no other program keeps the file open" },
        { new IOException("in use", UnixWouldBlock), "no other program keeps the file open" },
        { new UnauthorizedAccessException(), "right to write" },
        { new DirectoryNotFoundException(), "Its folder is gone" },
        { new FileNotFoundException(), "Its folder is gone" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_suggested_fix_fits_the_reason(Exception failure, string words) =>
        Assert.Contains(words, WriteErrors.FixOf(failure), StringComparison.Ordinal);
}
