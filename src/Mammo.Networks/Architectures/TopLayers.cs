using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>The layers that the original's add_top_layers puts on a patch network, created in its order, which gives them its automatic names.</summary>
internal static class TopLayers
{
    /// <summary>The patch classifier at every position of the feature map.</summary>
    public static Node Heatmap(Node features, LayerKind.Dense patchOutput, WholeImageOptions options)
    {
        var pooled = features.AveragePool(options.AvgPoolSize, options.HeatmapStride);
        if (options.EndsWithHeatmap)
            return Dense(pooled, Activation.Softmax);
        return Dense(pooled.Dropout(options.HiddenDropout), Activation.Relu).MaxPool(options.HeatmapPoolSize, options.HeatmapPoolSize);

        Node Dense(Node x, Activation activation) => x.Graph.Add(patchOutput with { Activation = activation, L2 = options.WeightDecay }, null, x);
    }

    /// <summary>The mean of the heatmap's most suspicious positions.</summary>
    public static Node TopK(Node heatmap, WholeImageOptions options) =>
        heatmap.Graph.Add(new LayerKind.TopKPooling2D(options.TopK, options.Background), null, heatmap);

    /// <summary>Convolutional groups, global average pool, dropout, softmax.</summary>
    public static Node Convolutional(Node x, WholeImageOptions options)
    {
        foreach (var (depth, repetitions) in options.TopDepth.Zip(options.TopRepetition))
            x = options.BlockType == TopBlock.ResNet ? ResidualGroup(x, depth, repetitions, options) : VggGroup(x, depth, repetitions, options);
        return Output(x.GlobalAveragePool().Dropout(options.HiddenDropout), Activation.Softmax, options);
    }

    /// <summary>Fully connected layers on the flattened map; the shortcut takes the map before its dropout.</summary>
    public static Node FullyConnected(Node x, WholeImageOptions options)
    {
        var flat = x.Flatten();
        x = flat.Dropout(options.HiddenDropout);
        for (var layer = 0; layer < options.FcLayer; layer++)
            x = x.Dense(options.FcInitUnit >> layer, Activation.Linear, options.WeightDecay).BatchNorm().Relu().Dropout(options.HiddenDropout);
        if (!options.AddShortcut)
            return Output(x, Activation.Softmax, options);
        x = Output(x, Activation.Linear, options);
        return x.Plus(Output(flat, Activation.Linear, options)).Activate(Activation.Softmax);
    }

    private static Node Output(Node x, Activation activation, WholeImageOptions options) => x.Dense(options.Classes.Length, activation, options.WeightDecay);

    private static Node ResidualGroup(Node x, int depth, int repetitions, WholeImageOptions options)
    {
        for (var block = 0; block < repetitions; block++)
            x = Bottleneck(x, depth, isFirst: block == 0, options);
        return x;
    }

    /// <summary>Every group halves the map in its first block, also the first group.</summary>
    private static Node Bottleneck(Node input, int depth, bool isFirst, WholeImageOptions options)
    {
        var (stride, wide, l2) = (isFirst ? 2 : 1, depth * options.BottleneckEnlargeFactor, options.WeightDecay);
        var x = input.Conv(depth, 1, stride, l2: l2).BatchNorm().Relu().Dropout(options.HiddenDropout);
        x = x.Conv(depth, 3, l2: l2).BatchNorm().Relu().Dropout(options.HiddenDropout);
        x = x.Conv(wide, 1, l2: l2).BatchNorm();
        var shortcut = isFirst ? input.Conv(wide, 1, stride, Padding.Valid, l2: l2) : input;
        if (isFirst && options.ShortcutWithBatchNorm)
            shortcut = shortcut.BatchNorm();

        // The sum takes the shortcut first, unlike ResNet50's, so Keras saves the projection before the last convolution.
        return shortcut.Plus(x).Relu().Dropout(options.HiddenDropout);
    }

    private static Node VggGroup(Node x, int depth, int repetitions, WholeImageOptions options)
    {
        for (var conv = 0; conv < repetitions; conv++)
            x = x.Conv(depth, 3, l2: options.WeightDecay).BatchNorm().Relu().Dropout(options.HiddenDropout);
        return x.MaxPool(2, 2);
    }
}
