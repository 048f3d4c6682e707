using Mammo.Networks.Graphs;
using Mammo.Tests.Scoring.Engines;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>Networks of layers that mostly keep the plane's size, so that steps follow one another tile by tile, with maps that several read.</summary>
internal static class RandomChains
{
    // More than these in one map take too long for a test.
    private const long LargestMap = 400_000;

    public static LayerGraph Make(Random random, int rows, int columns)
    {
        var layers = new List<Layer> { new("in", new LayerKind.Input(TensorShape.Of(rows, columns, 1)), []) };
        var wanted = random.Next(4, 12);
        for (var attempt = 0; attempt < 60 && layers.Count < wanted; attempt++)
        {
            var input = layers[random.Next(3) == 0 ? random.Next(layers.Count) : layers.Count - 1].Name;
            var layer = new Layer($"layer{layers.Count}", Kind(random), [input]);
            if (layer.Kind is LayerKind.Add or LayerKind.Maximum or LayerKind.Concatenate)
                layer = layer with { Inputs = [input, layers[random.Next(layers.Count)].Name] };
            if (ShapeOf([.. layers, layer]) is { Elements: <= LargestMap })
                layers.Add(layer);
        }

        // Every map is seen: those that nothing reads are the output, one behind the other.
        var read = layers.SelectMany(layer => layer.Inputs).ToHashSet(StringComparer.Ordinal);
        var ends = layers.Where(layer => !read.Contains(layer.Name)).Select(layer => layer.Name).ToArray();
        if (ends.Length > 1)
        {
            layers.AddRange(ends.Select(end => new Layer(end + "flat", new LayerKind.Flatten(), [end])));
            layers.Add(new Layer("all", new LayerKind.Concatenate(-1), [.. ends.Select(end => end + "flat")]));
        }

        return new LayerGraph("chains", [.. layers], [layers[^1].Name]);
    }

    private static LayerKind Kind(Random random)
    {
        int[] widths = [1, 3, 8, 13, 20, 20, 20, 48];
        var width = widths[random.Next(widths.Length)];
        var activation = random.Next(4) switch { 0 => Activation.Relu, 1 => Activation.Tanh, _ => Activation.Linear };
        var (one, side) = (Size2D.Square(1), new Size2D(random.Next(1, 4), random.Next(1, 4)));
        return random.Next(21) switch
        {
            <= 6 => TestNetwork.Conv(width, kernel: 1, useBias: random.Next(2) == 0, activation: activation),
            7 or 8 => TestNetwork.Conv(width, activation: activation),
            9 => TestNetwork.Conv(width, kernel: random.Next(1, 4), stride: 2),
            10 => new LayerKind.SeparableConv2D(width, side, one, Padding.Same, one, 1, true, activation),
            11 => new LayerKind.DepthwiseConv2D(side, one, Padding.Same, one, random.Next(1, 3), true, activation),
            12 or 13 or 14 => new LayerKind.Add(),
            15 => new LayerKind.Maximum(),
            16 => TestNetwork.Norm(),
            17 => new LayerKind.Concatenate(-1),
            18 => new LayerKind.MaxPooling2D(side, Size2D.Square(random.Next(1, 3)), Padding.Same),
            19 => new LayerKind.UpSampling2D(new Size2D(random.Next(1, 3), random.Next(1, 3))),
            _ => random.Next(2) == 0 ? new LayerKind.ZeroPadding2D(new Border(0, 1, 0, 2)) : new LayerKind.Cropping2D(new Border(1, 0, 2, 0)),
        };
    }

    private static TensorShape? ShapeOf(Layer[] layers)
    {
        try
        {
            return ShapeInference.Infer(new LayerGraph("trial", [.. layers], [layers[^1].Name]))[layers[^1].Name];
        }
        catch (MammoException)
        {
            return null;
        }
    }
}
