namespace Mammo;

/// <summary>Text of files and names as it may be shown: control characters, which steer terminals, become the replacement character.</summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text; line feeds and tabs stay.</summary>
    public static string Of(string text) => text.Any(Steers) ? string.Concat(text.Select(letter => Steers(letter) ? Replacement : letter)) : text;

    /// <summary>Whether a text has none.</summary>
    public static bool Is(string text) => !text.Any(char.IsControl);

    private static bool Steers(char letter) => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t');
}
