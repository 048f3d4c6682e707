using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>ResNet50 as in Keras 2.0.8 (He et al., arXiv:1512.03385).</summary>
/// <remarks>Biases in the convolutions, the stride in the first 1×1 of a block, and a 7×7 average pool that stays without the top.</remarks>
internal static class ResNet50
{
    /// <summary>Narrow filters, wide filters and number of blocks of stages 2 to 5.</summary>
    internal static readonly (int Narrow, int Wide, int Blocks)[] Stages = [(64, 256, 3), (128, 512, 4), (256, 1024, 6), (512, 2048, 3)];

    public static Node Body(Node input)
    {
        var x = input.Conv(64, 7, stride: 2, name: "conv1").BatchNorm("bn_conv1").Relu().MaxPool(3, 2);
        for (var stage = 0; stage < Stages.Length; stage++)
        {
            for (var block = 0; block < Stages[stage].Blocks; block++)
                x = Block(x, stage, block);
        }

        x.Graph.Role = LayerRole.PatchHead;
        return x.AveragePool(Size2D.Square(7), Size2D.Square(7), name: "avg_pool");
    }

    private static Node Block(Node input, int stage, int block)
    {
        var (narrow, wide, _) = Stages[stage];
        var stride = block == 0 && stage > 0 ? 2 : 1;
        var id = $"{stage + 2}{(char)('a' + block)}_branch";
        var x = Conv(input, narrow, 1, id + "2a", stride).Relu();
        x = Conv(x, narrow, 3, id + "2b").Relu();
        x = Conv(x, wide, 1, id + "2c");
        var shortcut = block == 0 ? Conv(input, wide, 1, id + "1", stride) : input;
        return x.Plus(shortcut).Relu();
    }

    private static Node Conv(Node x, int filters, int kernel, string id, int stride = 1) =>
        x.Conv(filters, kernel, stride, kernel == 1 ? Padding.Valid : Padding.Same, name: "res" + id).BatchNorm("bn" + id);
}
