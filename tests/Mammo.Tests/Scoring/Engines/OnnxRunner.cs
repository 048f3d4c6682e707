using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Scoring.Engines;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>Values of a tensor in Keras's order, batch axis first.</summary>
internal sealed record Values(int[] Shape, double[] Items)
{
    public static Values Of(NpyFile file) => new(file.Shape, file.Values);

    public static Values Random(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return new Values(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(_ => (random.NextDouble() * 4) - 2)]);
    }

    /// <summary>Largest difference, relative to the larger of 1 and the expected value.</summary>
    public double Difference(Values expected)
    {
        Assert.Equal(expected.Shape, Shape);
        return Items.Zip(expected.Items, Difference).Max();
    }

    // Max passes NaN over, so one that is not expected counts as infinitely far.
    private static double Difference(double actual, double wanted)
    {
        var difference = actual.Equals(wanted) ? 0 : Math.Abs(actual - wanted) / Math.Max(1, Math.Abs(wanted));
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }
}

/// <summary>Runs networks with any number of inputs by ONNX Runtime.</summary>
internal static class OnnxRunner
{
    /// <summary>Runs the network as it is, with ONNX Runtime's own rewriting off, or as the engine does.</summary>
    public static Values Run(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, IReadOnlyList<Values> inputs, bool isOptimised = false)
    {
        var bytes = OnnxFile.Bytes(new InferenceForm(graph, weights));
        using var session = isOptimised ? OnnxSession.Create(() => bytes, threads: 1) : Plain(bytes);
        return Run(session, graph.Inputs, inputs);
    }

    public static Values Run(InferenceSession session, IReadOnlyList<string> names, IReadOnlyList<Values> inputs)
    {
        var tensors = inputs.Select(ToTensor).ToArray();
        using var runOptions = new RunOptions();
        using var results = session.Run(runOptions, names, tensors, [session.OutputNames[0]]);
        foreach (var tensor in tensors)
            tensor.Dispose();
        return FromTensor(results[0]);
    }

    private static InferenceSession Plain(byte[] bytes)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1 };

        // Declared shapes that contradict what the operators give are errors, not warnings.
        options.AddSessionConfigEntry("session.strict_shape_type_inference", "1");
        return new InferenceSession(bytes, options);
    }

    private static OrtValue ToTensor(Values values)
    {
        var floats = Array.ConvertAll(values.Items, value => (float)value);
        if (values.Shape is not [var n, var rows, var columns, var channels])
            return OrtValue.CreateTensorValueFromMemory(floats, Array.ConvertAll(values.Shape, size => (long)size));
        var moved = new float[floats.Length];
        for (var index = 0; index < floats.Length; index++)
        {
            var (image, channel, position) = (index / (rows * columns * channels), index % channels, index / channels % (rows * columns));
            moved[(((image * channels) + channel) * rows * columns) + position] = floats[index];
        }

        return OrtValue.CreateTensorValueFromMemory(moved, [n, channels, rows, columns]);
    }

    private static Values FromTensor(OrtValue tensor)
    {
        var shape = Array.ConvertAll(tensor.GetTensorTypeAndShape().Shape, size => (int)size);
        var data = tensor.GetTensorDataAsSpan<float>();
        var items = new double[data.Length];
        if (shape is not [var n, var channels, var rows, var columns])
        {
            for (var index = 0; index < items.Length; index++)
                items[index] = data[index];
            return new Values(shape, items);
        }

        for (var index = 0; index < items.Length; index++)
        {
            var (image, channel, position) = (index / (rows * columns * channels), index % channels, index / channels % (rows * columns));
            items[index] = data[(((image * channels) + channel) * rows * columns) + position];
        }

        return new Values([n, rows, columns, channels], items);
    }
}
