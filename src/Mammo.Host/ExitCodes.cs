namespace Mammo.Host;

/// <summary>Exit codes besides those that a script gives with <c>exit</c>; the same as PowerShell's own.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 64;
    public const int Interrupted = 130;
}
