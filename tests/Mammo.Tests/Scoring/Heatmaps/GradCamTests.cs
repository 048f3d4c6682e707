using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;
using Mammo.Tests.Networks.Files.Keras;
using Mammo.Tests.Torch;
using Mammo.Torch;

using static Mammo.Tests.Scoring.Heatmaps.HeatmapRuns;
using TestGraph = Mammo.Tests.Torch.TestGraph;

namespace Mammo.Tests.Scoring.Heatmaps;

/// <summary>Grad-CAM against its formula, and the sanity check of Adebayo and others (NeurIPS 2018): it depends on the weights.</summary>
public sealed class GradCamTests
{
    private const float Step = 1f / 65536;

    private static readonly string Film = Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00127_RIGHT_CC.png");

    /// <summary>Behind a global mean the weight of a map is that of the dense layer over the number of positions.</summary>
    [Fact]
    public void A_network_of_one_layer_equals_one_computed_by_hand()
    {
        var graph = new TestGraph(2, 2, 1)
            .Then("maps", TestGraph.Conv(2, kernel: 1))
            .Then("mean", new LayerKind.GlobalAveragePooling2D())
            .Then("scores", new LayerKind.Dense(3, UseBias: false, Activation.Linear))
            .Graph();
        var weights = RandomWeights.For(graph, 1);
        Set("maps/kernel", 1, -2);
        Set("maps/bias", 0, 0);
        Set("scores/kernel", 1, 0.25f, -1, 0, 0.5f, 0.5f);
        using var engine = new GradCamEngine(graph, weights, "maps", "cpu", Precision.Float64);
        var output = engine.Run(new PlaneBatch(2, 2, [[1, 2, -3, 4]]), TestContext.Current.CancellationToken);
        // A = (p, -2p): (1 · 1 - 2 · 0.25) p / 4, -p / 4 and (0.5 - 1) p / 4, cut at 0.
        Assert.Equal([1, 2, 2, 3], output.Shape);
        Assert.Equal([0.125, 0, 0, 0.25, 0, 0, 0, 0.75, 0.375, 0.5, 0, 0], output.Values);

        void Set(string name, params float[] values) => weights[name] = weights[name] with { Values = values };
    }

    /// <summary>A step of a bias moves a whole map, so the scores' difference is the sum of their gradients over its positions.</summary>
    [Fact]
    public void Its_weights_equal_finite_differences_of_the_scores()
    {
        const int Rows = 12, Columns = 10, Maps = 4;
        var graph = new TestGraph(Rows, Columns, 1)
            .Then("first", TestGraph.Conv(Maps, activation: Activation.Relu))
            .Then("maps", TestGraph.Conv(Maps))
            .Then("norm", TestGraph.Norm())
            .Then("relu", new LayerKind.Activate(Activation.Relu))
            .Then("sum", new LayerKind.Add(), "relu", "first")
            .Then("last", TestGraph.Conv(5, stride: 2, activation: Activation.Relu))
            .Then("mean", new LayerKind.GlobalAveragePooling2D())
            .Then("scores", new LayerKind.Dense(2, UseBias: true, Activation.Linear))
            .Graph();
        var weights = RandomWeights.For(graph, 7);
        weights["maps/bias"] = weights["maps/bias"] with { Values = [.. weights["maps/bias"].Values.Select(value => MathF.Round(value / Step) * Step)] };
        float[] plane = [.. Enumerable.Range(0, Rows * Columns).Select(i => MathF.Sin(i))];
        using var engine = new GradCamEngine(graph, weights, "maps", "cpu", Precision.Float64);
        var output = engine.Run(new PlaneBatch(Rows, Columns, [plane, plane]), TestContext.Current.CancellationToken);
        Assert.Equal([2, Rows, Columns, 2], output.Shape);

        var maps = NetworkRuns.Infer(
            new LayerGraph("maps", [.. graph.Layers.Take(3)], ["maps"]), weights, plane, [1, Rows, Columns, 1]);
        var gradients = Enumerable.Range(0, Maps).Select(map => Scores(map, Step).Zip(
            Scores(map, -Step), (up, down) => (up - down) / (2.0 * Step) / (Rows * Columns)).ToArray()).ToArray();
        for (var position = 0; position < Rows * Columns; position++)
        {
            for (var label = 0; label < 2; label++)
            {
                var expected = Math.Max(0, Enumerable.Range(0, Maps).Sum(map => gradients[map][label] * maps[(position * Maps) + map]));
                Assert.Equal(expected, output.Of(0)[(position * 2) + label], 1e-7);
                Assert.Equal(output.Of(0)[(position * 2) + label], output.Of(1)[(position * 2) + label], 1e-12);
            }
        }

        Assert.True(output.Values.Max() > 1e-3);

        double[] Scores(int map, float step)
        {
            float[] bias = [.. weights["maps/bias"].Values.Select((value, i) => i == map ? value + step : value)];
            var moved = new Dictionary<string, Weight>(weights) { ["maps/bias"] = weights["maps/bias"] with { Values = bias } };
            return NetworkRuns.Infer(graph, moved, plane, [1, Rows, Columns, 1]);
        }
    }

    [Fact]
    public void Randomised_weights_give_another_map()
    {
        using var trained = ModelFiles.Import(ShippedModels.PathOf("mini-mias")).Model;
        using var again = ModelFiles.Import(ShippedModels.PathOf("mini-mias")).Model;
        using var random = new MammoModel(trained.Name, trained.Graph, trained.Weights.Select(Shuffled), trained.Card);
        var options = new HeatmapOptions
        {
            Kind = HeatmapKind.GradCam,
            Images = new PredictorOptions { Preparation = new() { RescaleFactor = 255.0 / 65535 } },
        };
        var map = One(trained, options, Film);
        Assert.Equal(trained.Classes, map.Classes);
        Assert.Equal((HeatmapKind.GradCam, false), (map.Kind, map.IsProbability));
        Assert.All(map.Values, value => Assert.True(value >= 0));
        Assert.Equal(map.Values, One(again, options, Film).Values);
        Assert.InRange(Correlation(map, One(random, options, Film)), -1, 0.6);

        // Kernels keep the distribution of their values and lose what they learned.
        static KeyValuePair<string, Weight> Shuffled(KeyValuePair<string, Weight> weight)
        {
            if (!weight.Key.EndsWith("/kernel", StringComparison.Ordinal))
                return weight;
            var values = weight.Value.Values.ToArray();
            new Random(3).Shuffle(values);
            return KeyValuePair.Create(weight.Key, weight.Value with { Values = values });
        }
    }

    /// <summary>With the score z of the second class, A = p and dz/dA = k / 4: k p / 4 speaks for it, and -k p / 4 for the first.</summary>
    [Theory]
    [InlineData("sigmoid")]
    [InlineData("linear")]
    public void Of_one_sigmoid_output_each_class_has_what_speaks_for_it(string activation)
    {
        var built = new KerasBuilt().Input(2, 2, 1).Add("Conv2D", "maps", KerasBuilt.ConvOptions(1), ("maps/kernel:0", new float[,,,] { { { { 1 } } } }))
            .Add("GlobalAveragePooling2D", "pool")
            .Add("Dense", "dense", new { units = 1, activation }, ("dense/kernel:0", new float[,] { { 2 } }), ("dense/bias:0", new float[] { 0.5f }));
        var path = (activation == "sigmoid" ? built : built.Add("Activation", "p", new { activation = "sigmoid" })).Write();
        using var model = ModelFiles.Import(path).Model;
        var network = GradCamNetwork.Of(model, "maps");
        using var engine = new GradCamEngine(network.Graph, network.Weights, network.Layer, "cpu", Precision.Float64);
        var output = engine.Run(new PlaneBatch(2, 2, [[1, 2, -3, 4]]), TestContext.Current.CancellationToken);
        Assert.Equal([0, 0.5, 0, 1, 1.5, 0, 0, 2], output.Values);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using var patch = Patch();
        Assert.Contains("'block5_pool'", Refused(ErrorIds.HeatmapImpossible, new() { Layer = "block9" }), StringComparison.Ordinal);
        Refused(ErrorIds.HeatmapImpossible, new() { Layer = patch.Graph.Outputs[0] });
        Refused(ErrorIds.HeatmapImpossible, new() { Stride = 8 });
        Refused(ErrorIds.EngineConflict, new() { Images = Images(EngineKind.Onnx) });
        Refused(ErrorIds.HeatmapImpossible, new() { Kind = HeatmapKind.Forward, Layer = "block5_conv3" });

        string Refused(string id, HeatmapOptions options)
        {
            var kind = options.Kind == HeatmapKind.Forward && options.Layer == "block5_conv3" ? HeatmapKind.Forward : HeatmapKind.GradCam;
            var failure = Assert.Throws<MammoException>(() => new HeatmapMaker(patch, options with { Kind = kind }));
            Assert.Equal(id, failure.ErrorId);
            return failure.SuggestedFix ?? "";
        }
    }

    [Fact]
    public void The_last_convolution_is_chosen_before_the_softmax()
    {
        using var patch = Patch();
        var network = GradCamNetwork.Of(patch, null);
        Assert.Equal("block5_conv3", network.Layer);
        Assert.Equal(Activation.Linear, Assert.IsType<LayerKind.Dense>(network.Graph[network.Graph.Outputs[0]].Kind).Activation);
        var map = One(patch, new HeatmapOptions { Kind = HeatmapKind.GradCam, Images = Images(EngineKind.Auto, 1, new ImageSize(224, 224)) }, Square);
        Assert.Equal((14, 14, 16.0), (map.Rows, map.Columns, map.Geometry.RowStride));
        Assert.Contains("kind=GradCam", map.Inference, StringComparison.Ordinal);
    }

    private static double Correlation(MammoHeatmap one, MammoHeatmap other)
    {
        var pairs = one.Values.Zip(other.Values, (x, y) => (X: (double)x, Y: (double)y)).ToArray();
        var (meanX, meanY) = (pairs.Average(pair => pair.X), pairs.Average(pair => pair.Y));
        var product = pairs.Sum(pair => (pair.X - meanX) * (pair.Y - meanY));
        return product / Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.X - meanX, 2)) * pairs.Sum(pair => Math.Pow(pair.Y - meanY, 2)));
    }
}
