using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>The canonical layout of weights, shown by computing recorded outputs with plain loops over it.</summary>
public sealed class KerasLayoutTests
{
    [Fact]
    public void Dense_kernels_are_units_by_inputs()
    {
        var (file, x, y) = Read("dense_nobias");
        var kernel = file.Weights["dense_1/kernel"];
        for (var row = 0; row < x.Shape[0]; row++)
        {
            for (var unit = 0; unit < kernel.Shape[0]; unit++)
            {
                var sum = Enumerable.Range(0, kernel.Shape[1])
                    .Sum(input => x.Values[(row * kernel.Shape[1]) + input] * kernel.Values[(unit * kernel.Shape[1]) + input]);
                Assert.Equal(y.Values[(row * kernel.Shape[0]) + unit], sum, 1e-8);
            }
        }
    }

    [Fact]
    public void Convolution_kernels_are_out_in_rows_columns()
    {
        var (file, x, y) = Read("conv_valid_s2_k3");
        var conv = (LayerKind.Conv2D)file.Graph["conv2d_1"].Kind;
        Assert.Equal((Activation.Linear, Padding.Valid, Size2D.Square(2)), (conv.Activation, conv.Padding, conv.Strides));
        var (kernel, bias) = (file.Weights["conv2d_1/kernel"], file.Weights["conv2d_1/bias"]);
        ForEach(y.Shape, (image, row, column, filter, index) =>
        {
            double sum = bias.Values[filter];
            for (var channel = 0; channel < kernel.Shape[1]; channel++)
                sum += Window(x, image, (2 * row, 2 * column), channel, kernel, (filter * kernel.Shape[1]) + channel);
            Assert.Equal(y.Values[index], sum, 1e-8);
        });
    }

    [Fact]
    public void Depthwise_kernels_count_the_multiplier_fastest()
    {
        var (file, x, y) = Read("sepconv_valid_s2_dm2");
        var layer = file.Graph.Layers.Single(layer => layer.Kind is LayerKind.SeparableConv2D);
        var conv = (LayerKind.SeparableConv2D)layer.Kind;
        Assert.Equal((2, Activation.Linear), (conv.DepthMultiplier, conv.Activation));
        var (depthwise, pointwise) = (file.Weights[layer.Name + "/depthwise_kernel"], file.Weights[layer.Name + "/pointwise_kernel"]);
        var bias = file.Weights.GetValueOrDefault(layer.Name + "/bias");
        ForEach(y.Shape, (image, row, column, filter, index) =>
        {
            double sum = bias?.Values[filter] ?? 0;
            for (var middle = 0; middle < depthwise.Shape[0]; middle++)
                sum += pointwise.Values[(filter * depthwise.Shape[0]) + middle] * Window(x, image, (2 * row, 2 * column), middle / 2, depthwise, middle);
            Assert.Equal(y.Values[index], sum, 1e-8);
        });
    }

    private static (KerasFile File, NpyFile X, NpyFile Y) Read(string name) => (
        KerasFile.Read(Shared.Data("oracle", "variants", name + ".h5")),
        NpyFile.Read(Shared.Data("oracle", "variants", name + "__x.npy")),
        NpyFile.Read(Shared.Data("oracle", "variants", name + "__y.npy")));

    /// <summary>One channel of one window times plane <paramref name="plane"/> of the kernel.</summary>
    private static double Window(NpyFile x, int image, (int Row, int Column) corner, int channel, Weight kernel, int plane)
    {
        var (rows, columns) = (kernel.Shape[2], kernel.Shape[3]);
        var sum = 0.0;
        for (var cell = 0; cell < rows * columns; cell++)
        {
            var pixel = (((image * x.Shape[1]) + corner.Row + (cell / columns)) * x.Shape[2]) + corner.Column + (cell % columns);
            sum += x.Values[(pixel * x.Shape[3]) + channel] * kernel.Values[(plane * rows * columns) + cell];
        }

        return sum;
    }

    private static void ForEach(int[] shape, Action<int, int, int, int, int> check)
    {
        for (var index = 0; index < shape.Aggregate(1, (product, size) => product * size); index++)
        {
            var (pixel, filter) = (index / shape[3], index % shape[3]);
            check(pixel / shape[2] / shape[1], pixel / shape[2] % shape[1], pixel % shape[2], filter, index);
        }
    }
}
