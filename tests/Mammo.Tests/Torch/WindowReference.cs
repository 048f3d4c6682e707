using Mammo.Networks.Graphs;

namespace Mammo.Tests.Torch;

/// <summary>Sliding windows written as loops over TensorFlow's rule, on [row][column][channel] arrays.</summary>
internal static class WindowReference
{
    /// <summary>For every window position and channel, folds the cells that lie in the image.</summary>
    public static double[] Slide(
        float[] x,
        int rows,
        int columns,
        int channels,
        Size2D kernel,
        Size2D strides,
        Size2D dilation,
        Padding padding,
        Func<IReadOnlyList<double>,
        double> fold)
    {
        var results = new List<double>();
        Visit(rows, columns, kernel, strides, dilation, padding, cells =>
        {
            for (var channel = 0; channel < channels; channel++)
                results.Add(fold([.. cells.Select(cell => (double)x[(((cell.Row * columns) + cell.Column) * channels) + channel])]));
        });
        return [.. results];
    }

    /// <summary>Convolution with a kernel (out, in, rows, columns).</summary>
    public static double[] Convolve(
        float[] x, int rows, int columns, int channels, float[] kernel, float[] bias, Size2D size, Size2D strides, Size2D dilation, Padding padding)
    {
        var results = new List<double>();
        Visit(rows, columns, size, strides, dilation, padding, cells =>
        {
            for (var output = 0; output < bias.Length; output++)
            {
                results.Add(bias[output] + cells.Sum(cell => Enumerable.Range(0, channels).Sum(channel =>
                    (double)x[(((cell.Row * columns) + cell.Column) * channels) + channel]
                    * kernel[(((((output * channels) + channel) * size.Rows) + cell.KernelRow) * size.Columns) + cell.KernelColumn])));
            }
        });
        return [.. results];
    }

    private static void Visit(
        int rows,
        int columns,
        Size2D kernel,
        Size2D strides,
        Size2D dilation,
        Padding padding,
        Action<IReadOnlyList<(int Row, int Column, int KernelRow, int KernelColumn)>> visit)
    {
        var vertical = Positions(rows, kernel.Rows, strides.Rows, dilation.Rows, padding);
        var horizontal = Positions(columns, kernel.Columns, strides.Columns, dilation.Columns, padding);
        foreach (var top in vertical)
        {
            foreach (var left in horizontal)
            {
                visit([.. from row in Enumerable.Range(0, kernel.Rows)
                          from column in Enumerable.Range(0, kernel.Columns)
                          let y = top + (row * dilation.Rows)
                          let x = left + (column * dilation.Columns)
                          where y >= 0 && y < rows && x >= 0 && x < columns
                          select (y, x, row, column)]);
            }
        }
    }

    // out = ceil(in / stride), total border = max((out - 1) stride + (k - 1) dilation + 1 - in, 0), the smaller half before.
    private static int[] Positions(int size, int kernel, int stride, int dilation, Padding padding)
    {
        var extent = ((kernel - 1) * dilation) + 1;
        var count = padding == Padding.Same ? (int)Math.Ceiling(size / (double)stride) : ((size - extent) / stride) + 1;
        var before = padding == Padding.Same ? Math.Max(((count - 1) * stride) + extent - size, 0) / 2 : 0;
        return [.. Enumerable.Range(0, count).Select(position => (position * stride) - before)];
    }
}
