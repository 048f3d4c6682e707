using System.Text.Json;
using CsCheck;
using Mammo.Data.Augmentation;
using Mammo.Data.Images;
using Mammo.Data.Numerics;

namespace Mammo.Tests.Data.Augmentation;

public sealed class AugmentationTests
{
    private static readonly JsonElement KerasSide = Json("augment", "augment.json");
    private static readonly JsonElement ImageSide = Json("image", "augment", "augment.json");

    public static TheoryData<int> KerasCases => [.. Enumerable.Range(0, KerasSide.GetProperty("cases").GetArrayLength())];

    public static TheoryData<int> ImageCases => [.. Enumerable.Range(0, ImageSide.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(KerasCases))]
    public void Transforms_are_Keras_2_0_8s(int index)
    {
        var expected = KerasSide.GetProperty("cases")[index];
        var input = NpyFile.Read(Shared.Data("oracle", "augment", expected.GetProperty("input").GetString()!));
        var output = NpyFile.Read(Shared.Data("oracle", "augment", expected.GetProperty("output").GetString()!));
        var (size, channels) = (new ImageSize(input.Shape[0], input.Shape[1]), input.Shape[2]);
        var options = Options(expected);
        var draw = AugmentationDraw.Draw(options, size, channels, new NumpyRandom(expected.GetProperty("numpy_seed").GetUInt32()));

        AssertMap(expected.GetProperty("affine_matrix_3x3"), draw.Map);
        AssertShiftsAndFlips(expected.GetProperty("draws"), options, draw);
        AssertPlanes(Split(output.Floats, channels), Augmenter.Apply(Split(input.Floats, channels), size, draw, options), 1e-4);
    }

    [Theory]
    [MemberData(nameof(ImageCases))]
    public void The_scripts_transform_of_a_grey_image_is_the_originals(int index)
    {
        var expected = ImageSide.GetProperty("cases")[index];
        var shape = expected.GetProperty("shape").EnumerateArray().Select(item => item.GetInt32()).ToArray();
        var (size, plane) = (new ImageSize(shape[0], shape[1]), Values(expected.GetProperty("input_channel0")));
        var draw = AugmentationDraw.Draw(AugmentationOptions.Original, size, shape[2], new NumpyRandom(expected.GetProperty("numpy_seed").GetUInt32()));

        Assert.Equal(expected.GetProperty("flip_horizontal").GetBoolean(), draw.FlipHorizontal);
        Assert.Equal(expected.GetProperty("flip_vertical").GetBoolean(), draw.FlipVertical);
        var planes = Augmenter.Apply([.. Enumerable.Repeat(plane, shape[2])], size, draw, AugmentationOptions.Original);
        AssertPlanes([.. expected.GetProperty("transformed").EnumerateArray().Select(Values)], planes, 1e-3);
    }

    [Fact]
    public void Without_ranges_nothing_changes_and_nothing_is_drawn()
    {
        var random = new NumpyRandom(1);
        var draw = AugmentationDraw.Draw(new AugmentationOptions(), new ImageSize(2, 3), 3, random);
        Assert.Equal(new NumpyRandom(1).NextUInt32(), random.NextUInt32());
        float[] plane = [1, 2, 3, 4, 5, 6];
        Assert.Equal(plane, Augmenter.Apply([plane], new ImageSize(2, 3), draw, new AugmentationOptions())[0]);
    }

    [Fact]
    public void Smooth_keeps_a_grey_image_grey_and_within_its_range() =>
        (from seed in Gen.UInt
         from height in Gen.Int[1, 12]
         from width in Gen.Int[1, 12]
         from values in Gen.Float[0, 255].Array[
            height * width]
         select (seed, height, width, values))
        .Sample(image =>
        {
            var (options, size) = (AugmentationOptions.Original with { Smooth = true }, new ImageSize(image.height, image.width));
            var draw = AugmentationDraw.Draw(options, size, 3, new NumpyRandom(image.seed));
            var planes = Augmenter.Apply([image.values, image.values, image.values], size, draw, options);
            Assert.Equal(planes[0], planes[1]);
            Assert.Equal(planes[0], planes[2]);
            Assert.All(planes[0], value => Assert.InRange(value, image.values.Min(), image.values.Max()));
        });

    [Fact]
    public void Smooth_interpolates_a_ramp_exactly()
    {
        const int Size = 9;
        var ramp = Enumerable.Range(0, Size * Size).Select(i => (float)(2 * (i / Size) + 3 * (i % Size))).ToArray();
        var draw = new AugmentationDraw(AffineMap.Shift(0.25, -0.5), [], false, false);
        var shifted = Augmenter.Apply([ramp], new ImageSize(Size, Size), draw, new AugmentationOptions { Smooth = true })[0];
        Assert.Equal(2 * 4.25f + 3 * 3.5f, shifted[4 * Size + 4], 1e-5f);
        Assert.Equal(2 * 8f + 3 * 3.5f, shifted[8 * Size + 4], 1e-5f);
    }

    private static AugmentationOptions Options(JsonElement expected)
    {
        var options = expected.GetProperty("options");
        var zoom = options.TryGetProperty("zoom_range", out var range) ? (range[0].GetDouble(), range[1].GetDouble()) : (1, 1);
        return new AugmentationOptions
        {
            RotationRange = Number("rotation_range"),
            HeightShiftRange = Number("height_shift_range"),
            WidthShiftRange = Number("width_shift_range"),
            ShearRange = Number("shear_range"),
            ZoomMinimum = zoom.Item1,
            ZoomMaximum = zoom.Item2,
            ChannelShiftRange = Number("channel_shift_range"),
            HorizontalFlip = options.TryGetProperty("horizontal_flip", out var horizontal) && horizontal.GetBoolean(),
            VerticalFlip = options.TryGetProperty("vertical_flip", out var vertical) && vertical.GetBoolean(),
            Fill = Enum.Parse<AugmentationFill>(expected.GetProperty("fill_mode").GetString()!, ignoreCase: true),
            FillValue = expected.GetProperty("cval").GetDouble(),
        };

        double Number(string name) => options.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
    }

    private static void AssertMap(JsonElement expected, AffineMap? map)
    {
        if (expected.ValueKind == JsonValueKind.Null)
        {
            Assert.Null(map);
            return;
        }

        var actual = Assert.NotNull(map);
        double[] rows = [actual.RowByRow, actual.RowByColumn, actual.RowOffset, actual.ColumnByRow, actual.ColumnByColumn, actual.ColumnOffset];
        Assert.All(
            rows.Paired(expected.EnumerateArray().SelectMany(row => row.EnumerateArray()).Take(6)),
            pair => Assert.Equal(pair.Second.GetDouble(), pair.First, 1e-12));
    }

    private static void AssertShiftsAndFlips(JsonElement draws, AugmentationOptions options, AugmentationDraw draw)
    {
        var shifts = draws.EnumerateArray().Where(item => item[1].GetArrayLength() == 2 && item[1][1].GetDouble() == options.ChannelShiftRange)
            .Select(item => item[2].GetDouble());
        var flips = draws.EnumerateArray().Where(item => item[0].GetString() == "random").Select(item => item[2].GetDouble() < 0.5);
        Assert.Equal(options.ChannelShiftRange == 0 ? [] : shifts, draw.ChannelShifts);
        Assert.Equal(flips, options.HorizontalFlip ? [draw.FlipHorizontal, draw.FlipVertical] : []);
    }

    private static void AssertPlanes(float[][] expected, float[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Paired(actual), pair => Assert.All(pair.First.Paired(pair.Second), values => Assert.Equal(values.First, values.Second, tolerance)));
    }

    private static float[][] Split(float[] interleaved, int channels) =>
        [.. Enumerable.Range(0, channels).Select(channel => interleaved.Where((_, index) => index % channels == channel).ToArray())];

    private static float[] Values(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetSingle())];

    private static JsonElement Json(params string[] parts) => JsonDocument.Parse(File.ReadAllBytes(Shared.Data(["oracle", .. parts]))).RootElement;
}
