using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>Output sizes and borders of sliding windows, by TensorFlow's rules.</summary>
internal static class Windows
{
    /// <summary>Number of window positions along one axis.</summary>
    public static int OutputSize(int input, int kernel, int stride, int dilation, Padding padding) => padding == Padding.Same
        ? (input + stride - 1) / stride
        : (input - Extent(kernel, dilation) + stride) / stride;

    /// <summary>Border before and after along one axis: the odd pixel goes to the end (TensorFlow), unlike torch's symmetric border.</summary>
    public static (int Before, int After) Border(int input, int kernel, int stride, int dilation, Padding padding)
    {
        if (padding == Padding.Valid)
            return (0, 0);
        var total = Math.Max(((OutputSize(input, kernel, stride, dilation, padding) - 1) * stride) + Extent(kernel, dilation) - input, 0);
        return (total / 2, total - (total / 2));
    }

    /// <summary>Border on all four sides of a plane.</summary>
    public static Border Border(Size2D input, Size2D kernel, Size2D strides, Size2D dilation, Padding padding)
    {
        var (top, bottom) = Border(input.Rows, kernel.Rows, strides.Rows, dilation.Rows, padding);
        var (left, right) = Border(input.Columns, kernel.Columns, strides.Columns, dilation.Columns, padding);
        return new Border(top, bottom, left, right);
    }

    private static int Extent(int kernel, int dilation) => checked(((kernel - 1) * dilation) + 1);
}

/// <summary>Pixels added to, or cut from, the four sides of a plane.</summary>
/// <param name="Top">Rows at the top.</param>
/// <param name="Bottom">Rows at the bottom.</param>
/// <param name="Left">Columns at the left.</param>
/// <param name="Right">Columns at the right.</param>
public readonly record struct Border(int Top, int Bottom, int Left, int Right);

/// <summary>Border rule of convolutions and pools.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Padding>))]
public enum Padding
{
    /// <summary>No border: only windows that fit.</summary>
    Valid,

    /// <summary>TensorFlow's rule: out = ceil(in / stride), the odd pixel of the border at the bottom and right.</summary>
    Same,
}

/// <summary>A pair of sizes in pixels or steps, rows first as in Keras.</summary>
/// <param name="Rows">Vertical size.</param>
/// <param name="Columns">Horizontal size.</param>
public readonly record struct Size2D(int Rows, int Columns)
{
    /// <summary>The same size in both directions.</summary>
    public static Size2D Square(int size) => new(size, size);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Rows}x{Columns}");
}
