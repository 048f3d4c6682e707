using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Xception as in Keras 2.0.8 (Chollet, arXiv:1610.02357): no biases, shortcut convolutions with automatic names.</summary>
internal static class Xception
{
    public static Node Body(Node input)
    {
        var x = input.Conv(32, 3, stride: 2, Padding.Valid, bias: false, name: "block1_conv1").BatchNorm("block1_conv1_bn").Relu("block1_conv1_act");
        x = x.Conv(64, 3, padding: Padding.Valid, bias: false, name: "block1_conv2").BatchNorm("block1_conv2_bn").Relu("block1_conv2_act");
        x = Down(x, 2, 128, 128, startsWithRelu: false);
        x = Down(x, 3, 256, 256);
        x = Down(x, 4, 728, 728);
        for (var block = 5; block <= 12; block++)
            x = Middle(x, block);
        x = Down(x, 13, 728, 1024);
        x = Separable(x, 1536, "block14_sepconv1").Relu("block14_sepconv1_act");
        return Separable(x, 2048, "block14_sepconv2").Relu("block14_sepconv2_act");
    }

    private static Node Down(Node input, int block, int first, int second, bool startsWithRelu = true)
    {
        var shortcut = input.Conv(second, 1, stride: 2, bias: false).BatchNorm();
        var x = startsWithRelu ? input.Relu($"block{block}_sepconv1_act") : input;
        x = Separable(x, first, $"block{block}_sepconv1").Relu($"block{block}_sepconv2_act");
        x = Separable(x, second, $"block{block}_sepconv2");
        return x.MaxPool(3, 2, Padding.Same, $"block{block}_pool").Plus(shortcut);
    }

    private static Node Middle(Node input, int block)
    {
        var x = input;
        for (var conv = 1; conv <= 3; conv++)
            x = Separable(x.Relu($"block{block}_sepconv{conv}_act"), 728, $"block{block}_sepconv{conv}");
        return x.Plus(input);
    }

    private static Node Separable(Node x, int filters, string name) => x.SeparableConv(filters, 3, name).BatchNorm(name + "_bn");
}
