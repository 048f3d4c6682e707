using Mammo.Data.Files;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Tests.Scoring.Engines;
using Mammo.Tests.Torch;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>Files that Keras 3 itself saved, against what its model.predict gave.</summary>
public sealed class Keras3RealFileTests
{
    [Theory]
    [InlineData("3.9/operations.keras", 0.7679575085639954, 0.23204249143600464)]
    [InlineData("3.9/operations.h5", 0.7679575085639954, 0.23204249143600464)]
    [InlineData("3.15/operations.keras", 0.7679575085639954, 0.23204249143600464)]
    [InlineData("3.9/sigmoid.weights.h5", 1 - 0.20057111978530884, 0.20057111978530884)]
    [InlineData("3.9/sigmoid.json", 1 - 0.20057111978530884, 0.20057111978530884)]
    [InlineData("3.15/sigmoid.keras", 1 - 0.20057111978530884, 0.20057111978530884)]
    [InlineData("3.9/logits.keras", 9.41362476348877, 9.386666297912598)]
    [InlineData("3.15/logits.h5", 9.41362476348877, 9.386666297912598)]
    public void Give_what_Keras_gave(string file, double first, double second)
    {
        using var model = ModelFiles.Import(Shared.Data(["keras", "keras3", .. file.Split('/')])).Model;
        var grey = ImageReader.Read(Shared.Data("keras", "film.png")).Pixels;
        float[] pixels = [.. grey.SelectMany(value => Enumerable.Repeat((float)value, 3))];
        var torch = NetworkRuns.Infer(model.Graph, model.Weights, pixels, [1, 16, 16, 3], Precision.Float32);
        var onnx = OnnxRunner.Run(model.Graph, model.Weights, [new Values([1, 16, 16, 3], [.. pixels.Select(value => (double)value)])]).Items;
        Assert.All(new[] { torch, onnx }, outputs =>
        {
            Assert.Equal(2, outputs.Length);
            Assert.Equal(first, outputs[0], 1e-5 * Math.Max(1, first));
            Assert.Equal(second, outputs[1], 1e-5 * Math.Max(1, second));
        });
    }
}
