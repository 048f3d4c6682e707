using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>VGG16 and VGG19 as in Keras 2.0.8 (Simonyan and Zisserman, arXiv:1409.1556), without their dense layers.</summary>
internal static class Vgg
{
    private static readonly int[] BlockFilters = [64, 128, 256, 512, 512];

    public static Node Vgg16(Node input) => Body(input, 2, 2, 3, 3, 3);

    public static Node Vgg19(Node input) => Body(input, 2, 2, 4, 4, 4);

    private static Node Body(Node x, params ReadOnlySpan<int> repetitions)
    {
        for (var block = 0; block < repetitions.Length; block++)
        {
            for (var conv = 1; conv <= repetitions[block]; conv++)
                x = x.Conv(BlockFilters[block], 3, activation: Activation.Relu, name: $"block{block + 1}_conv{conv}");
            x = x.MaxPool(2, 2, name: $"block{block + 1}_pool");
        }

        return x;
    }
}
