using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Scoring;
using Mammo.Scoring.Managed;
using Mammo.Tests.Networks.Files.Keras;
using Mammo.Tests.Scoring.Engines;
using Mammo.Tests.Torch;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>Mammo's own engine against what Keras computed.</summary>
public sealed class ManagedOracleTests
{
    public static TheoryData<string> Models => OnnxOracleTests.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void It_gives_what_keras_gave_for_prepared_images(string model)
    {
        var file = KerasFile.Read(KerasFileTests.ModelPath(model));
        var rows = ModelOracle.Rows(model, areFormulas: false).Take(3).ToArray();
        Assert.Equal(3, rows.Length);
        using var engine = new ManagedEngine(file.Graph, file.Weights, new ManagedOptions { Threads = 2 });
        foreach (var row in rows)
            Assert.All(Run(engine, row).Zip(row.Plain), pair => Assert.Equal(pair.Second, pair.First, ModelOracle.Float32Tolerance(model)));

        // Every width of registers computes the same sums in the same order.
        foreach (var lanes in ManagedEngineTests.Lanes.Where(lanes => lanes != ProcessorLanes.Widest))
        {
            using var other = new ManagedEngine(file.Graph, file.Weights, new ManagedOptions { Lanes = lanes, Threads = 2 });
            Assert.Equal(Run(engine, rows[0]), Run(other, rows[0]));
        }

        IReadOnlyList<double> Run(ManagedEngine engine, ModelOracle.Row row)
        {
            var plane = ModelOracle.Prepared(model, row);
            return engine.Run(new PlaneBatch(plane.Height, plane.Width, [plane.Values]), TestContext.Current.CancellationToken).Values;
        }
    }

    /// <summary>The channels of these images differ.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void It_gives_what_keras_gave_for_formula_images_plain_and_flipped(string model)
    {
        var file = KerasFile.Read(KerasFileTests.ModelPath(model));
        var (size, channels) = (ModelOracle.Size(model), ModelOracle.Channels(model));
        var graph = OnOnePlane(file.Graph, size.Height, [[size.Height, size.Width, channels]]);
        using var engine = new ManagedEngine(graph, file.Weights, new ManagedOptions { Threads = 2 });
        var rows = ModelOracle.Rows(model, areFormulas: true).ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var images = OnnxOracleTests.FormulaImage(row.Image[^1] - '0', size.Height, size.Width, channels);
            var output = Run(engine, size.Height, images.Items.Chunk(images.Items.Length / 4));
            var plain = output.Of(0).ToArray();
            double[] mean = [.. Enumerable.Range(0, plain.Length).Select(index => Enumerable.Range(0, 4).Average(flip => output.Of(flip)[index]))];
            Assert.Equal(row.Plain.Length, plain.Length);
            Assert.All(plain.Zip(row.Plain), pair => Assert.Equal(pair.Second, pair.First, ModelOracle.Float32Tolerance(model)));
            Assert.All(mean.Zip(row.Flipped), pair => Assert.Equal(pair.Second, pair.First, ModelOracle.Float32Tolerance(model)));
        }
    }

    /// <summary>All that are recorded: images, vectors, several inputs. The engine refuses none.</summary>
    [Fact]
    public void Variants_of_layers_give_what_keras_gave()
    {
        var wrong = new List<string>();
        var variants = KerasFileTests.VariantCases();
        Assert.NotEmpty(variants);
        foreach (var variant in variants)
        {
            var file = KerasFile.Read(Shared.Data("oracle", "variants", variant.Model));
            Values[] inputs = [.. variant.Inputs.Select(input => Values.Of(NpyFile.Read(Shared.Data("oracle", "variants", input))))];
            var expected = Values.Of(NpyFile.Read(Shared.Data("oracle", "variants", variant.Expected)));
            var graph = OnOnePlane(file.Graph, 1, [.. inputs.Select(input => input.Shape[1..])]);
            Assert.Null(ManagedEngine.Refusal(graph, file.Weights));
            var parts = inputs.Select(input => input.Items.Chunk(input.Items.Length / input.Shape[0]).ToArray()).ToArray();
            var images = Enumerable.Range(0, expected.Shape[0]).Select(image => parts.SelectMany(input => input[image]).ToArray()).ToArray();
            foreach (var lanes in ManagedEngineTests.Lanes)
            {
                using var engine = new ManagedEngine(graph, file.Weights, new ManagedOptions { Lanes = lanes, Threads = 1 });
                var output = Run(engine, 1, images);
                var difference = new Values([.. output.Shape], output.Values).Difference(expected);
                if (difference > 1e-5)
                    wrong.Add($"{variant.Model} by registers of {lanes}: {difference}");
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>
    /// The network on one plane, as engines take it, that holds the values of all its inputs one behind the other: the input's channels may differ, and it need
    /// not be an image.
    /// </summary>
    private static LayerGraph OnOnePlane(LayerGraph graph, int rows, int[][] shapes)
    {
        var columns = shapes.Select(shape => shape.Aggregate(1, (product, size) => product * size) / rows).ToArray();
        var layers = new List<Layer> { new("plane", new LayerKind.Input(TensorShape.Of(rows, columns.Sum(), 1)), []) };
        foreach (var (index, input) in graph.Inputs.Index())
        {
            var border = new Border(0, 0, columns[..index].Sum(), columns[(index + 1)..].Sum());
            layers.Add(new Layer($"plane_{index}", new LayerKind.Cropping2D(border), ["plane"]));
            layers.Add(new Layer(input, new LayerKind.Reshape([.. shapes[index]]), [$"plane_{index}"]));
        }

        return new LayerGraph(graph.Name, [.. layers, .. graph.Layers.Where(layer => layer.Kind is not LayerKind.Input)], graph.Outputs);
    }

    private static EngineOutput Run(ManagedEngine engine, int rows, IEnumerable<double[]> images)
    {
        float[][] planes = [.. images.Select(image => Array.ConvertAll(image, value => (float)value))];
        return engine.Run(new PlaneBatch(rows, planes[0].Length / rows, planes), TestContext.Current.CancellationToken);
    }
}
