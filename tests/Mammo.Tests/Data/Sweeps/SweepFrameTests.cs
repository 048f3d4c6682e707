using System.Text.Json;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;

namespace Mammo.Tests.Data.Sweeps;

public sealed class SweepFrameTests
{
    private static readonly string Folder = Shared.Data("oracle", "image", "sweep");

    [Fact]
    public void Patches_have_the_originals_values()
    {
        var oracle = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "patch_values.json"))).RootElement;
        double[][] rows = [.. oracle.GetProperty("image").EnumerateArray().Select(Doubles)];
        var image = new GreyImage(rows.Length, rows[0].Length, 16, [.. rows.SelectMany(row => row).Select(value => (ushort)value)]);
        foreach (var run in oracle.GetProperty("runs").EnumerateArray())
        {
            var geometry = new SweepGeometry(image.Size, oracle.GetProperty("patch").GetInt32(), oracle.GetProperty("stride").GetInt32());
            Assert.Equal((run.GetProperty("n_row").GetInt32(), run.GetProperty("n_col").GetInt32()), (geometry.Rows, geometry.Columns));
            var preparation = new SweepPreparation
            {
                TargetScale = run.GetProperty("target_scale").ValueKind == JsonValueKind.Null ? null : run.GetProperty("target_scale").GetDouble(),
                EqualizeHistogram = run.GetProperty("equalize_hist").GetBoolean(),
            };
            Assert.All(run.GetProperty("patches").EnumerateArray().Paired(geometry.Patches()), pair =>
            {
                var found = preparation.Apply(Framing.Crop(image, pair.Second)).Values;
                double[] expected = [.. pair.First.EnumerateArray().SelectMany(Doubles)];
                Assert.Equal(expected.Length, found.Length);
                for (var i = 0; i < found.Length; i++)
                    Assert.Equal(expected[i], (double)found[i], preparation.EqualizeHistogram ? 0 : 1e-4 * Math.Max(1, expected[i]));
            });
        }
    }

    /// <summary>From the file to the heatmap, with the oracle's toy model of two features in place of a network.</summary>
    [Fact]
    public void Heatmaps_of_the_toy_model_are_the_originals()
    {
        var oracle = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "heatmap_end_to_end.json"))).RootElement;
        var toy = oracle.GetProperty("toy_model");
        double[][] weights = [.. toy.GetProperty("W").EnumerateArray().Select(Doubles)];
        var bias = Doubles(toy.GetProperty("b"));
        foreach (var item in oracle.GetProperty("cases").EnumerateArray())
        {
            var stored = ImageReader.Read(Path.Combine(Folder, item.GetProperty("input").GetString()!));
            var size = Ints(item, "resized_shape");
            var frame = SweepFrame.Of(stored, new ImageSize(size[0], size[1]), item.GetProperty("patch").GetInt32(), item.GetProperty("stride").GetInt32());
            var box = Ints(item, "bbox_xywh");
            Assert.Equal(new PixelBox(box[0], box[1], box[2], box[3]), frame.Breast);
            Assert.Equal(Ints(item, "padded_shape"), new[] { frame.Image.Height, frame.Image.Width });
            Assert.Equal(Ints(item, "heatmap_shape")[..2], new[] { frame.Geometry.Rows, frame.Geometry.Columns });
            var preparation = new SweepPreparation
            {
                TargetScale = item.GetProperty("target_scale").ValueKind == JsonValueKind.Null ? null : item.GetProperty("target_scale").GetDouble(),
                EqualizeHistogram = item.GetProperty("equalize_hist").GetBoolean(),
                FeaturewiseMean = item.GetProperty("featurewise_mean").GetDouble(),
            };
            for (var row = 0; row < frame.Geometry.Rows; row++)
            {
                for (var column = 0; column < frame.Geometry.Columns; column++)
                {
                    var plane = preparation.Apply(frame.Cut(row, column)).Values;
                    var scores = Softmax(weights, bias, plane.Average(value => (double)value), plane.Max());
                    Assert.All(Doubles(item.GetProperty("heatmap")[row][column]).Paired(scores), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
                }
            }
        }
    }

    [Fact]
    public void Places_are_found_again_in_the_resized_image()
    {
        var pixels = new ushort[100 * 80];
        for (var row = 20; row < 80; row++)
            pixels.AsSpan(row * 80 + 10, 50).Fill(200);
        var frame = SweepFrame.Of(new GreyImage(100, 80, 8, pixels), new ImageSize(200, 160), 16, 4);
        var (x, y) = frame.Places.Centre(0, 0);
        // The first patch begins at (X, Y) of the frame; its middle is half a patch further, where the margin ends and the breast begins.
        Assert.Equal(frame.Breast.X + frame.Geometry.X, x);
        Assert.Equal(frame.Breast.Y + frame.Geometry.Y, y);
        Assert.InRange(x, 18, 23);
        Assert.InRange(y, 38, 43);
    }

    private static double[] Softmax(double[][] weights, double[] bias, double mean, double maximum)
    {
        double[] logits = [.. weights.Zip(bias, (row, b) => row[0] * mean + row[1] * maximum + b)];
        double[] powers = [.. logits.Select(logit => Math.Exp(logit - logits.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static double[] Doubles(JsonElement item) => [.. item.EnumerateArray().Select(value => value.GetDouble())];

    private static int[] Ints(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
