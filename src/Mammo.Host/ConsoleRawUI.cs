using System.Management.Automation.Host;

namespace Mammo.Host;

/// <summary>The width that tables are fitted to, and nothing that would turn the console into a screen.</summary>
internal sealed class ConsoleRawUI : PSHostRawUserInterface
{
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Size BufferSize
    {
        get => new(Terminal.Width, 9999);
        set => throw Unsupported();
    }

    public override Size WindowSize
    {
        get => new(Terminal.Width, Console.IsOutputRedirected ? 50 : Console.WindowHeight);
        set => throw Unsupported();
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override string WindowTitle { get; set; } = "Mammo.Host";

    public override bool KeyAvailable => Terminal.CanAsk && Console.KeyAvailable;

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw Unsupported();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Unsupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw Unsupported();

    private static HostException Unsupported() => new("Mammo.Host writes lines; it does not draw on the screen.");
}
