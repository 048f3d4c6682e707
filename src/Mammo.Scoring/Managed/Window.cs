using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>A sliding window over a plane.</summary>
/// <param name="Kernel">Rows and columns.</param>
/// <param name="Strides">Steps.</param>
/// <param name="Dilation">From one tap to the next.</param>
/// <param name="Top">Rows by which the first window begins above the plane.</param>
/// <param name="Left">Columns by which the first window begins left of the plane.</param>
internal readonly record struct Window(Size2D Kernel, Size2D Strides, Size2D Dilation, int Top, int Left)
{
    /// <summary>The pixel at the same place.</summary>
    public static Window Pixel { get; } = new(Size2D.Square(1), Size2D.Square(1), Size2D.Square(1), 0, 0);

    /// <summary>Number of taps.</summary>
    public int Taps => Kernel.Rows * Kernel.Columns;

    /// <summary>What a tile of outputs needs.</summary>
    public (Reach Rows, Reach Columns) Reach => (
        new Reach(Strides.Rows, Top, ((Kernel.Rows - 1) * Dilation.Rows) + 1),
        new Reach(Strides.Columns, Left, ((Kernel.Columns - 1) * Dilation.Columns) + 1));

    /// <summary>The window of a layer with a border by TensorFlow's rule.</summary>
    public static Window Of(Size2D input, Size2D kernel, Size2D strides, Size2D dilation, Padding padding)
    {
        var border = Windows.Border(input, kernel, strides, dilation, padding);
        return new Window(kernel, strides, dilation, border.Top, border.Left);
    }
}
