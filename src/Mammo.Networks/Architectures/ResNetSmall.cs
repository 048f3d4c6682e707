namespace Mammo.Networks.Architectures;

/// <summary>
/// A residual network for few films: a 3×3 convolution of stride 2, then four blocks of two 3×3 convolutions (He et al., arXiv:1512.03385) of 16, 32, 64 and
/// 128 filters, all but the first of stride 2.
/// 0.3 million weights; one position of its feature map for 16 pixels.
/// </summary>
internal static class ResNetSmall
{
    private static readonly int[] BlockFilters = [16, 32, 64, 128];

    public static Node Body(Node input)
    {
        var x = input.Conv(BlockFilters[0], 3, stride: 2, name: "conv1").BatchNorm().Relu();
        for (var block = 1; block <= BlockFilters.Length; block++)
            x = Block(x, BlockFilters[block - 1], block == 1 ? 1 : 2, $"block{block}_");
        return x;
    }

    // Nothing is projected where input and output are of one shape.
    private static Node Block(Node input, int filters, int stride, string id)
    {
        var x = input.Conv(filters, 3, stride, name: id + "conv1").BatchNorm().Relu().Conv(filters, 3, name: id + "conv2").BatchNorm();
        var shortcut = stride == 1 ? input : input.Conv(filters, 1, stride, name: id + "shortcut").BatchNorm();
        return x.Plus(shortcut).Relu();
    }
}
