using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>Small networks of random layers, with branches, merges, shared layers and more than one output.</summary>
internal static class RandomNetwork
{
    public static LayerGraph Make(int seed)
    {
        var random = new Random(seed);
        var layers = new List<Layer> { new("in", new LayerKind.Input(TensorShape.Of(random.Next(3, 10), random.Next(3, 10), random.Next(1, 4))), []) };
        var wanted = random.Next(2, 12);
        for (var attempt = 0; attempt < 60 && layers.Count < wanted; attempt++)
        {
            var layer = Next(random, layers);
            if (Fits([.. layers, layer]))
                layers.Add(layer);
        }

        var outputs = random.Next(4) == 0 ? layers.Skip(random.Next(layers.Count)).Select(layer => layer.Name) : [];
        return new LayerGraph("random", [.. layers], [.. outputs.Prepend(layers[^1].Name).Distinct()]);
    }

    private static Layer Next(Random random, List<Layer> layers)
    {
        var name = $"layer{layers.Count}";
        var input = layers[random.Next(3) == 0 ? random.Next(layers.Count) : layers.Count - 1].Name;
        var owner = layers[random.Next(layers.Count)];
        return random.Next(12) switch
        {
            0 when owner.Kind is not LayerKind.Input =>
                new Layer(name, owner.Kind, owner.Inputs.Length == 1 ? [input] : owner.Inputs) { SharedWith = owner.SharedWith ?? owner.Name },
            1 => new Layer(name, Merge(random), [input, layers[random.Next(layers.Count)].Name]),
            _ => new Layer(name, Kind(random), [input]),
        };
    }

    // All but the last: exponentials of exponentials leave float32.
    private static readonly int Activations = Enum.GetValues<Activation>().Length - 1;

    private static LayerKind Merge(Random random) => random.Next(5) switch
    {
        0 => new LayerKind.Average(),
        1 => new LayerKind.Maximum(),
        2 => new LayerKind.Multiply(),
        3 => new LayerKind.Concatenate(random.Next(3) - 1 is var axis && axis == 0 ? -1 : axis),
        _ => new LayerKind.Add(),
    };

    private static LayerKind Kind(Random random)
    {
        var (kernel, strides, dilation) = (Pair(4), Pair(3), Size2D.Square(1));
        if (strides == dilation)
            dilation = Pair(2);
        var padding = random.Next(2) == 0 ? Padding.Same : Padding.Valid;
        var useBias = random.Next(2) == 0;
        var activation = random.Next(2) == 0 ? Activation.Linear : (Activation)random.Next(Activations);
        return random.Next(25) switch
        {
            0 or 1 or 2 => new LayerKind.Conv2D(random.Next(1, 5), kernel, strides, padding, dilation, useBias, activation),
            3 => new LayerKind.SeparableConv2D(
                random.Next(1, 5), kernel, Size2D.Square(strides.Rows), padding, Size2D.Square(1), random.Next(1, 3), useBias, activation),
            4 => new LayerKind.DepthwiseConv2D(kernel, Size2D.Square(strides.Rows), padding, Size2D.Square(1), random.Next(1, 3), useBias, activation),
            5 or 6 => new LayerKind.Dense(random.Next(1, 5), useBias, activation),
            7 or 8 or 9 => new LayerKind.BatchNormalization(1e-3, 0.99, random.Next(2) == 0, random.Next(2) == 0),
            10 or 11 => new LayerKind.Activate((Activation)random.Next(Activations)),
            12 => new LayerKind.Dropout(0.5),
            13 => new LayerKind.LeakyRelu(0.3),
            14 => new LayerKind.MaxPooling2D(kernel, strides, padding),
            15 => new LayerKind.AveragePooling2D(kernel, strides, padding),
            16 => random.Next(3) switch
            {
                0 => new LayerKind.GlobalAveragePooling2D(),
                1 => new LayerKind.GlobalMaxPooling2D(),
                _ => new LayerKind.TopKPooling2D(random.Next(1, 8), random.Next(2)),
            },
            17 => random.Next(2) == 0 ? new LayerKind.ZeroPadding2D(Border()) : new LayerKind.Cropping2D(Border()),
            20 => new LayerKind.Normalization(),
            21 => random.Next(2) == 0 ? new LayerKind.Rescaling([0.7], [-0.2]) : new LayerKind.Rescaling([0.5, 1.5, -1], [0.25]),
            22 => new LayerKind.LayerNormalization(1e-3, random.Next(2) == 0, random.Next(2) == 0),
            23 => new LayerKind.LayerScale(),
            24 => new LayerKind.Conv2D(random.Next(1, 3) * 3, kernel, strides, padding, dilation, useBias, activation) { Groups = 3 },
            18 => new LayerKind.UpSampling2D(Pair(2)),
            _ => random.Next(2) == 0 ? new LayerKind.Flatten() : new LayerKind.Permute([.. Enumerable.Range(1, 3).OrderBy(_ => random.Next())]),
        };

        Size2D Pair(int largest) => new(random.Next(1, largest + 1), random.Next(1, largest + 1));

        Border Border() => new(random.Next(2), random.Next(2), random.Next(2), random.Next(2));
    }

    private static bool Fits(ImmutableArray<Layer> layers)
    {
        try
        {
            var graph = new LayerGraph("trial", layers, [layers[^1].Name]);
            var shapes = ShapeInference.Infer(graph);
            var last = layers[^1];

            // A shared layer's weights must fit this call as well.
            return last.SharedWith is null || WeightPlan.Of(last, shapes[last.Inputs[0]]).Select(weight => weight.Elements)
                .SequenceEqual(WeightPlan.Of(graph[last.SharedWith], shapes[graph[last.SharedWith].Inputs[0]]).Select(weight => weight.Elements));
        }
        catch (MammoException)
        {
            return false;
        }
    }
}
