namespace Mammo.Networks.Architectures;

/// <summary>YaroslavNet as the original program builds it: six blocks of two convolutions with batch norm, one input channel.</summary>
internal static class Yaroslav
{
    private static readonly int[] BlockFilters = [32, 64, 128, 256, 256, 512];

    public static Node Body(Node input)
    {
        var x = input;
        for (var block = 1; block <= BlockFilters.Length; block++)
        {
            for (var conv = 1; conv <= 2; conv++)
                x = x.Conv(BlockFilters[block - 1], 3, name: $"block{block}_conv{conv}").BatchNorm().Relu();
            x = x.MaxPool(2, 2, name: $"block{block}_pool");
        }

        return x;
    }
}
