using Mammo.Data.Images;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Torch;
using static TorchSharp.torch;

namespace Mammo.Tests.Torch;

/// <summary>Predictions of the original's models, with and without flips.</summary>
public class ModelOracleTests
{
    public static TheoryData<string> Models => ModelOracle.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Float64_predictions_are_the_originals(string model) => AssertFormulas(model, Precision.Float64, 1e-8);

    [Theory]
    [MemberData(nameof(Models))]
    public void Float32_predictions_are_the_originals(string model) => AssertFormulas(model, Precision.Float32, ModelOracle.Float32Tolerance(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void BFloat16_predictions_are_near_the_originals(string model) => AssertFormulas(model, Precision.BFloat16, ModelOracle.BFloat16Tolerance(model));

    [Theory]
    [MemberData(nameof(Models))]
    public void Images_from_files_are_scored_as_the_original_scores_them(string model)
    {
        var file = ModelOracle.Read(model);
        using var exact = new TorchEngine(file.Graph, file.Weights, "cpu", Precision.Float64);
        using var fast = new TorchEngine(file.Graph, file.Weights, "cpu", Precision.Float32);
        var rows = ModelOracle.Rows(model, areFormulas: false).ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var plane = ModelOracle.Prepared(model, row);
            // Resizing may round single pixels of 16-bit images the other way.
            AssertRow(row, Score(exact, plane), row.RescaleFactor is null ? 1e-8 : 1e-6);
            AssertRow(row, Score(fast, plane), ModelOracle.Float32Tolerance(model));
        }
    }

    private static void AssertFormulas(string model, Precision precision, double tolerance)
    {
        var file = ModelOracle.Read(model);
        var (size, channels) = (ModelOracle.Size(model), ModelOracle.Channels(model));
        using var network = NetworkRuns.New(file.Graph, file.Weights, precision);
        var rows = ModelOracle.Rows(model, areFormulas: true).ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            using var scope = NewDisposeScope();
            using var _ = inference_mode();
            var image = NetworkRuns.Input(network, ModelOracle.Formula(row.Image, size.Height, size.Width, channels), 1, size.Height, size.Width, channels);
            Tensor[] flips = [image, image.flip(3), image.flip(2), image.flip(2, 3)];
            AssertRow(row, [.. flips.Select(flip => NetworkRuns.Values(network.Forward([flip], Pass.Inference)[0]))], tolerance);
        }
    }

    private static double[][] Score(TorchEngine engine, Plane plane)
    {
        (bool Horizontal, bool Vertical)[] ways = [(false, false), (true, false), (false, true), (true, true)];
        float[][] flips = [.. ways.Select(way => Framing.Flip(plane.Values, plane.Width, way.Horizontal, way.Vertical))];
        var output = engine.Run(new PlaneBatch(plane.Height, plane.Width, flips));
        return [.. Enumerable.Range(0, 4).Select(image => output.Of(image).ToArray())];
    }

    private static void AssertRow(ModelOracle.Row row, double[][] flips, double tolerance)
    {
        var mean = Enumerable.Range(0, flips[0].Length).Select(index => flips.Average(scores => scores[index])).ToArray();
        Assert.InRange(NetworkRuns.Distance(row.Plain, flips[0]), 0, tolerance);
        Assert.InRange(NetworkRuns.Distance(row.Flipped, mean), 0, tolerance);
    }
}
