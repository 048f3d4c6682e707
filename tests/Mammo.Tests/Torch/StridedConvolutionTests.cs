using Mammo.Networks.Graphs;
using Mammo.Torch;
using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

public sealed class StridedConvolutionTests
{
    /// <summary>Against torch with the channels first in memory. oneDNN breaks the heap here when it is given the strides and the channels last: this test then
    /// ends its process.</summary>
    [Theory]
    [InlineData(4, 8, 2)]
    [InlineData(8, 16, 2)]
    [InlineData(15, 16, 3)]
    [InlineData(16, 32, 2)]
    public void A_one_by_one_kernel_of_few_channels_is_trained_with_strides(int channels, int filters, int stride)
    {
        NativeTorch.EnsureLoaded();
        using var generator = new Generator(7);
        for (var round = 0; round < 30; round++)
        {
            using var scope = NewDisposeScope();
            var x = randn([2, channels, 97, 64], generator: generator);
            var kernel = randn([filters, channels, 1, 1], generator: generator);
            var (expected, expectedX, expectedKernel) = Gradients(x, kernel, (image, weight) => nn.functional.conv2d(image, weight, strides: [stride, stride]));
            var (actual, actualX, actualKernel) = Gradients(
                Layout.ChannelsLast(x), Layout.ChannelsLast(kernel),
                (image, weight) => Convolutions.Convolve(image, weight, null, Size2D.Square(stride), Padding.Valid, Size2D.Square(1)));
            Assert.True(allclose(expected, actual, 1e-4, 1e-4));
            Assert.True(allclose(expectedX, actualX, 1e-4, 1e-3));
            Assert.True(allclose(expectedKernel, actualKernel, 1e-3, 1e-1));
        }
    }

    private static (Tensor Values, Tensor OfX, Tensor OfKernel) Gradients(Tensor x, Tensor kernel, Func<Tensor, Tensor, Tensor> convolve)
    {
        var (image, weight) = (x.detach().requires_grad_(true), kernel.detach().requires_grad_(true));
        var values = convolve(image, weight);
        values.mul(values).sum().backward();
        return (values.detach(), image.grad!, weight.grad!);
    }
}
