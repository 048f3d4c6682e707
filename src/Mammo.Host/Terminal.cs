namespace Mammo.Host;

/// <summary>What the console can do.</summary>
internal static class Terminal
{
    /// <summary>Whether a person can answer.</summary>
    public static bool CanAsk => !Console.IsInputRedirected;

    /// <summary>Whether a line on standard error can be drawn anew.</summary>
    public static bool ShowsProgress => !Console.IsErrorRedirected && UnderstandsEscapes;

    /// <summary>Whether text may be coloured: never in a file or a pipe, and not where NO_COLOR (no-color.org) is set.</summary>
    public static bool ShowsColour =>
        !Console.IsOutputRedirected && !Console.IsErrorRedirected && UnderstandsEscapes && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Columns of the window; 120 in a file or a pipe.</summary>
    public static int Width => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? 120 : Console.WindowWidth;

    private static bool UnderstandsEscapes => OperatingSystem.IsWindows()
        ? Environment.GetEnvironmentVariable("WT_SESSION") is not null
        : Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } kind && kind != "dumb";
}
