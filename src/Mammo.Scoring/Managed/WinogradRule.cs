using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>Which convolutions are computed by Winograd's method.</summary>
internal static class WinogradRule
{
    // In multiply-adds: transforming a channel of a tile forward and back, and reading a weight from memory. Of the right size on any processor; a fixed rule
    // gives the same numbers on all.
    private const long Forward = 200;
    private const long Back = 150;
    private const long Read = 27;

    // A sum of few products is so exact by itself that the transforms' rounding decides: networks of 16 and 32 channels were up to eight times as far
    // from float64 as by sums of windows, and there is little to gain in them.
    private const int FewestChannels = 48;

    /// <summary>The outputs of a convolution, before a pool.</summary>
    public static TileGrid Outputs(Operation operation, LayerKind.Conv2D conv, int rows, int columns)
    {
        var border = operation.Padding;
        return new TileGrid(
            Windows.OutputSize(rows + border.Top + border.Bottom, conv.Kernel.Rows, conv.Strides.Rows, conv.Dilation.Rows, conv.Padding),
            Windows.OutputSize(columns + border.Left + border.Right, conv.Kernel.Columns, conv.Strides.Columns, conv.Dilation.Columns, conv.Padding));
    }

    /// <summary>
    /// True for 3 × 3 of stride 1 and enough channels, where it saves more than it costs. Asked for one image, so that the images of a batch do not change
    /// each other's numbers.
    /// </summary>
    /// <param name="conv">The convolution.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="output">Outputs, before a pool.</param>
    public static bool Holds(LayerKind.Conv2D conv, int channels, TileGrid output)
    {
        if (channels < FewestChannels || conv.Kernel != Size2D.Square(3) || conv.Strides != Size2D.Square(1) || conv.Dilation != Size2D.Square(1))
            return false;
        long tiles = output.Count, weights = (long)channels * conv.Filters;
        var winograd = (tiles * ((36 * weights) + (Forward * channels) + (Back * conv.Filters))) + (Read * 36 * weights);
        var direct = ((long)output.Height * output.Width * 9 * weights) + (Read * 9 * weights);
        return winograd < direct;
    }
}
