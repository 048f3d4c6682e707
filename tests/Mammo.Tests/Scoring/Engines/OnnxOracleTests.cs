using System.Text.Json.Nodes;
using Mammo.Networks.Architectures;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Tests.Networks.Files.Keras;
using Mammo.Tests.Torch;
using Mammo.Torch.Training.Runs;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>The exported networks, and those that the engine runs, against what Keras computed.</summary>
public sealed class OnnxOracleTests
{
    public static TheoryData<string> Variants => KerasFileTests.Variants;

    public static TheoryData<string> Models =>
    [
        "vgg16_patch", "vgg16_patch_d16", "vgg19_patch_d16",
        "resnet50_patch", "resnet50_patch_d16_dropout", "yaroslav_patch", "xception_patch_d16", "inception_patch_d16",
        "vgg16_whole_vgg32x1_d16", "vgg16_whole_hybrid", "vgg16_whole_hybrid_reps22",
        "vgg16_whole_hybrid_1152x896", "resnet50_whole_resx2", "yaroslav_whole_vgg",
        "vgg16_whole_heatmap", "vgg16_whole_heatmap_fc", "vgg16_whole_heatmap_fc_shortcut",
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Variants_of_layers_give_what_keras_gave(string model)
    {
        var variant = KerasFileTests.VariantCases().Single(variant => variant.Model == model);
        var file = KerasFile.Read(Shared.Data("oracle", "variants", model));
        Values[] inputs = [.. variant.Inputs.Select(input => Values.Of(NpyFile.Read(Shared.Data("oracle", "variants", input))))];
        var expected = Values.Of(NpyFile.Read(Shared.Data("oracle", "variants", variant.Expected)));
        var form = InferenceForm.Of(file.Graph, file.Weights);

        Assert.InRange(OnnxRunner.Run(file.Graph, file.Weights, inputs).Difference(expected), 0, 1e-5);
        Assert.InRange(OnnxRunner.Run(form.Graph, form.Weights, inputs, isOptimised: true).Difference(expected), 0, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Models_give_what_keras_gave_plain_and_flipped(string model)
    {
        var predictions = Predictions(model);
        var file = KerasFile.Read(KerasFileTests.ModelPath(model));
        foreach (var form in new[] { new InferenceForm(file.Graph, file.Weights), InferenceForm.Of(file.Graph, file.Weights) })
        {
            using var session = new InferenceSession(OnnxFile.Bytes(form));
            foreach (var image in predictions.Images.Where(image => image.Name.StartsWith("formula", StringComparison.Ordinal)))
            {
                var input = FormulaImage(image.Name[^1] - '0', predictions.Rows, predictions.Columns, predictions.Channels);
                var output = OnnxRunner.Run(session, form.Graph.Inputs, [input]);
                Assert.InRange(Difference(output.Items[..image.Scores.Length], image.Scores), 0, Tolerance(model));
                var mean = Enumerable.Range(0, image.Scores.Length)
                    .Select(index => Enumerable.Range(0, 4).Average(flip => output.Items[(flip * image.Scores.Length) + index])).ToArray();
                Assert.InRange(Difference(mean, image.FlippedScores), 0, Tolerance(model));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Engine_gives_what_keras_gave_for_prepared_images(string model)
    {
        var file = KerasFile.Read(KerasFileTests.ModelPath(model));
        using var engine = new OnnxEngine(file.Graph, file.Weights);
        var rows = ModelOracle.Rows(model, areFormulas: false).Take(3).ToArray();
        Assert.Equal(3, rows.Length);
        foreach (var row in rows)
        {
            var plane = ModelOracle.Prepared(model, row);
            var output = engine.Run(new PlaneBatch(plane.Height, plane.Width, [plane.Values]), TestContext.Current.CancellationToken);
            Assert.InRange(Difference(output.Values, row.Plain), 0, Tolerance(model));
        }
    }

    [Theory]
    [InlineData("vgg16_patch", "img01_u16_350x260", "224x192")]
    [InlineData("vgg16_whole_hybrid", "img00_u16_288x224", "288x224")]
    public void Prepared_images_are_what_keras_was_given(string model, string image, string size)
    {
        var plane = ModelOracle.Prepared(model, ModelOracle.Rows(model, areFormulas: false).Single(row => row.Image == image + ".png"));
        var given = NpyFile.Read(Shared.Data("oracle", "models", "inputs", $"{image}__{size}.npy")).Values;
        Assert.All(given.Paired(plane.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Theory]
    [InlineData("vgg16", "512x1")]
    [InlineData("vgg19", "[512-512-1024]x2")]
    [InlineData("resnet50", "[512-512-1024]x2")]
    [InlineData("xception", "512x1")]
    [InlineData("inception_v3", "[512-512-1024]x2")]
    [InlineData("yaroslav", "heatmap-fc16-8-shortcut")]
    public void Every_architecture_is_the_same_exported_and_in_the_engine(string architecture, string recipe)
    {
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = architecture, WidthMultiplier = 1.0 / 16 }, seed: 3);
        var options = HeadRecipe.Find(recipe).Apply(new WholeImageOptions { ImageSize = new(512, 448) });
        using var model = ModelFactory.WholeImage(patch, options with { TopDepth = [32, 32] }, seed: 4, out _);
        var plane = Values.Random(5, 1, 512, 448, 1);
        using var engine = new OnnxEngine(model.Graph, model.Weights);

        var output = engine.Run(new PlaneBatch(512, 448, [Array.ConvertAll(plane.Items, value => (float)value)]), TestContext.Current.CancellationToken);

        var exported = OnnxRunner.Run(
            model.Graph,
            model.Weights,
            [new Values([1, 512, 448, model.Card.Channels], [.. plane.Items.SelectMany(value => Enumerable.Repeat(value, model.Card.Channels))])]);
        Assert.InRange(new Values([1, 2], output.Values).Difference(exported), 0, 1e-5);
    }

    /// <summary>The tolerances of the oracle's notes.</summary>
    private static double Tolerance(string model) =>
        model.StartsWith("resnet", StringComparison.Ordinal) || model.StartsWith("xception", StringComparison.Ordinal)
            || model.StartsWith("inception", StringComparison.Ordinal) ? 5e-4 : 1e-5;

    private static double Difference(double[] actual, double[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        return new Values([actual.Length], actual).Difference(new Values([expected.Length], expected));
    }

    /// <summary>The oracle's synthetic image by its formula, with its horizontal, vertical and double flip as a batch.</summary>
    internal static Values FormulaImage(int n, int rows, int columns, int channels)
    {
        var items = new List<double>(4 * rows * columns * channels);
        foreach (var (down, right) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    for (var channel = 0; channel < channels; channel++)
                        items.Add(Pixel(down ? rows - 1 - row : row, right ? columns - 1 - column : column, channel));
                }
            }
        }

        return new Values([4, rows, columns, channels], [.. items]);

        double Pixel(int i, int j, int c) => Math.Abs((((3 * i) + (2 * j) + (40 * n)) % 256) - 128) - 64 + (((i * j) + (5 * n)) % 17) + (3 * c);
    }

    private static ModelPredictions Predictions(string model)
    {
        var node = JsonNode.Parse(File.ReadAllText(Shared.Data("oracle", "models", "predictions.json")))![model]!;
        var size = node["target_size"]!.AsArray();
        var images = node["images"]!.AsArray()
            .Select(image => new ImageScores((string)image!["image"]!, Numbers(image["float64"]!), Numbers(image["float64_flip4"]!)));
        return new ModelPredictions((int)size[0]!, (int)size[1]!, (bool)node["dup_3_channels"]! ? 3 : 1, [.. images]);

        static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(value => (double)value!)];
    }

    private sealed record ImageScores(string Name, double[] Scores, double[] FlippedScores);

    private sealed record ModelPredictions(int Rows, int Columns, int Channels, ImageScores[] Images);
}
