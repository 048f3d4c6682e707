using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>
/// ResNet50 as torchvision builds it, under Keras's layer names: no biases, stride in the 3×3 of a block ("v1.5"), borders on all sides, batch norm with
/// epsilon 1e-5.
/// </summary>
/// <remarks>Not the network of the original program; it exists so that torchvision's weights run in the network they were trained in.</remarks>
internal static class ResNet50Torchvision
{
    public static Node Body(Node input)
    {
        var x = Conv(input.ZeroPad(3, "conv1_pad"), 64, 7, "conv1", "bn_conv1", stride: 2).Relu();

        // torch pads the max pool with -infinity; behind a ReLU zeros give the same maxima.
        x = x.ZeroPad(1, "pool1_pad").MaxPool(3, 2);
        for (var stage = 0; stage < ResNet50.Stages.Length; stage++)
        {
            for (var block = 0; block < ResNet50.Stages[stage].Blocks; block++)
                x = Block(x, stage, block);
        }

        return x;
    }

    private static Node Block(Node input, int stage, int block)
    {
        var (narrow, wide, _) = ResNet50.Stages[stage];
        var stride = block == 0 && stage > 0 ? 2 : 1;
        var id = $"{stage + 2}{(char)('a' + block)}_branch";
        var x = Conv(input, narrow, 1, $"res{id}2a", $"bn{id}2a").Relu().ZeroPad(1, $"res{id}2b_pad");
        x = Conv(x, narrow, 3, $"res{id}2b", $"bn{id}2b", stride).Relu();
        x = Conv(x, wide, 1, $"res{id}2c", $"bn{id}2c");
        var shortcut = block == 0 ? Conv(input, wide, 1, $"res{id}1", $"bn{id}1", stride) : input;
        return x.Plus(shortcut).Relu();
    }

    // torch's momentum 0.1 is the weight of the new value, Keras's 0.9 that of the old one.
    private static Node Conv(Node x, int filters, int kernel, string name, string normName, int stride = 1) =>
        x.Conv(filters, kernel, stride, Padding.Valid, bias: false, name: name).BatchNorm(normName, epsilon: 1e-5, momentum: 0.9);
}
