using System.Text.Json;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Tests.Data.Images;

/// <summary>oracle/image/resize: OpenCV's cubic resize on integers, histogram equalisation, the whole preparation.</summary>
public sealed class ResizeOracleTests
{
    private static readonly JsonElement Oracle = OracleJson.Read("image", "resize", "resize.json");

    public static TheoryData<string> Inputs => [.. Oracle.GetProperty("cases").EnumerateArray().Select(test => test.GetProperty("input").GetString()!)];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Cubic_resize_equals_OpenCV(string input)
    {
        var test = Oracle.GetProperty("cases").EnumerateArray().Single(candidate => candidate.GetProperty("input").GetString() == input);
        var size = test.GetProperty("target_size").Size();
        var image = ImageReader.Read(PathOf(input));
        Assert.Equal(test.GetProperty("bits").GetInt32(), image.BitDepth);
        Assert.Equal(test.GetProperty("src").Size(), image.Size);
        Assert.Equal(test.GetProperty("input_values").Grid(), image.Pixels.Select(pixel => (int)pixel));

        AssertEqual(test.GetProperty("output").Grid(), CubicResize.Apply(image, size), image.BitDepth);
        AssertEqual(test.GetProperty("gs_255_output").Grid(), CubicResize.Apply(image.ToEightBit(), size), 8);
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Scaled_sums_equal_the_original(string input)
    {
        var test = Oracle.GetProperty("cases").EnumerateArray().Single(candidate => candidate.GetProperty("input").GetString() == input);
        var size = test.GetProperty("target_size").Size();
        var scaled = new Preparation { Size = size, TargetScale = 255 }.Apply(ImageReader.Read(PathOf(input)));
        var rescaled = new Preparation { Size = size, RescaleFactor = 0.003891 }.Apply(ImageReader.Read(PathOf(input)));

        Assert.Equal(test.GetProperty("target_scale_255_max").GetDouble(), scaled.ScaledMaximum, 1e-4);
        AssertRelative(test.GetProperty("target_scale_255_sum").GetDouble(), scaled.Plane.Values.Sum(value => (double)value));
        AssertRelative(test.GetProperty("rescale_0_003891_sum").GetDouble(), rescaled.Plane.Values.Sum(value => (double)value));
    }

    [Fact]
    public void Width_follows_the_target_height()
    {
        foreach (var test in Oracle.GetProperty("target_height_cases").EnumerateArray())
        {
            var image = ImageReader.Read(PathOf(test.GetProperty("input").GetString()!));
            var expected = ImageReader.Read(PathOf(test.GetProperty("output").GetString()!));
            var plane = new Preparation { TargetHeight = test.GetProperty("target_height").GetInt32() }.Apply(image).Plane;
            Assert.Equal(test.GetProperty("out_shape").Size(), new ImageSize(plane.Height, plane.Width));
            Assert.Equal(expected.Pixels.Select(pixel => (double)pixel), plane.Values.Select(value => (double)value));
        }
    }

    [Fact]
    public void Equalisation_equals_OpenCV()
    {
        var cases = OracleJson.Read("image", "resize", "equalize_hist.json").GetProperty("cases");
        Assert.NotEqual(0, cases.GetArrayLength());
        foreach (var test in cases.EnumerateArray())
        {
            var expected = test.GetProperty("output").Grid();
            if (test.TryGetProperty("input_float", out var wrapping))
            {
                float[] values = [.. wrapping.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetSingle())];
                Assert.Equal(ErrorIds.EqualizeRange, Assert.Throws<MammoException>(() => EqualizeHistogram.Apply(values)).ErrorId);
                EqualizeHistogram.Apply(values, wrapAsUint8: true);
                Assert.Equal(expected, values.Select(value => (int)value));
                continue;
            }

            byte[] pixels = [.. test.GetProperty("input").Grid().Select(value => (byte)value)];
            EqualizeHistogram.Apply(pixels);
            Assert.Equal(expected, pixels.Select(value => (int)value));
        }
    }

    [Fact]
    public void Whole_preparation_equals_the_original()
    {
        var oracle = OracleJson.Read("image", "resize", "prepare_for_net.json");
        foreach (var test in oracle.GetProperty("cases").EnumerateArray())
        {
            var preparation = test.GetProperty("options").Preparation() with { Size = test.GetProperty("target_size").Size() };
            var plane = preparation.Apply(ImageReader.Read(PathOf(oracle.GetProperty("input").GetString()!))).Plane;
            double[] expected = [.. test.GetProperty("channel0").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetDouble())];
            Assert.Equal(expected, plane.Values.Select(value => (double)value), (e, a) => Math.Abs(e - a) <= (preparation.EqualizeHistogram ? 1.001 : 1e-2));
        }
    }

    private static string PathOf(string file) => Shared.Data("oracle", "image", "resize", file);

    private static void AssertRelative(double expected, double actual) =>
        Assert.InRange(actual, expected - (1e-4 * Math.Abs(expected)) - 1e-9, expected + (1e-4 * Math.Abs(expected)) + 1e-9);

    private static void AssertEqual(int[] expected, GreyImage actual, int bitDepth)
    {
        Assert.Equal(bitDepth, actual.BitDepth);
        Assert.Equal(expected.Length, actual.Pixels.Length);
        // The oracle allows 16-bit pixels to be off by one; the order of OpenCV's sums makes them equal.
        Assert.Equal(expected, actual.Pixels.Select(pixel => (int)pixel));
    }
}
