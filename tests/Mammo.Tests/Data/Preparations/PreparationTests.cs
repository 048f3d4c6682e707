using CsCheck;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Tests.Data.Preparations;

public sealed class PreparationTests
{
    private static readonly Gen<GreyImage> Images =
        from isDeep in Gen.Bool
        let bitDepth = isDeep ? 16 : 8
        from height in Gen.Int[1, 24]
        from width in Gen.Int[1, 24]
        from pixels in Gen.UShort[0, (ushort)(bitDepth == 8 ? 255 : 65535)].Array[height * width]
        select new GreyImage(height, width, bitDepth, pixels);

    private static readonly Gen<ImageSize> Sizes = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], (height, width) => new ImageSize(height, width));

    [Fact]
    public void Resize_to_the_same_size_changes_nothing() => Images.Sample(image => Assert.Same(image, CubicResize.Apply(image, image.Size)));

    [Fact]
    public void Resize_of_a_constant_is_that_constant() => Gen.Select(Images, Sizes).Sample((image, size) =>
    {
        var value = image.Pixels[0];
        var constant = new GreyImage(image.Height, image.Width, image.BitDepth, [.. Enumerable.Repeat(value, image.Pixels.Length)]);
        var resized = CubicResize.Apply(constant, size);
        Assert.Equal(size, resized.Size);
        Assert.Equal(image.BitDepth, resized.BitDepth);
        // 8-bit weights are rounded to 1/2048 one by one and need not add up to 1 exactly; 16-bit ones lose a few of 24 bits.
        Assert.All(resized.Pixels, pixel => Assert.InRange(pixel, value - 1, value + 1));
    });

    [Fact]
    public void Resize_commutes_with_transposition() => Gen.Select(Images, Sizes).Sample((image, size) =>
    {
        var direct = CubicResize.Apply(image, size);
        var around = Transpose(CubicResize.Apply(Transpose(image), new ImageSize(size.Width, size.Height)));
        Assert.Equal(direct.Size, around.Size);
        Assert.All(direct.Pixels.Paired(around.Pixels), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    });

    [Fact]
    public void Flips_undo_themselves_and_combine() => Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9])
        .SelectMany((height, width) => Gen.Float.Array[height * width].Select(values => (values, width))).Sample(plane =>
    {
        var (values, width) = plane;
        Assert.Equal(values, Horizontal(Horizontal(values, width), width));
        Assert.Equal(values, Vertical(Vertical(values, width), width));
        Assert.Equal(Both(values, width), Vertical(Horizontal(values, width), width));
    });

    [Fact]
    public void Flips_are_what_their_names_say()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        Assert.Equal([3, 2, 1, 6, 5, 4], Horizontal(values, 3));
        Assert.Equal([4, 5, 6, 1, 2, 3], Vertical(values, 3));
        Assert.Equal([6, 5, 4, 3, 2, 1], Both(values, 3));
        Assert.Equal([1, 2, 3, 4, 5, 6], values);
    }

    [Fact]
    public void Auto_level_reaches_both_ends_and_keeps_the_order() => Images.Sample(image =>
    {
        var leveled = AutoLevel.Apply(image);
        var (minimum, maximum) = image.Range();
        Assert.Equal(minimum == maximum ? (minimum, maximum) : (0, image.HighestValue), leveled.Range());
        var pairs = image.Pixels.Zip(leveled.Pixels).OrderBy(pair => pair.First).ToArray();
        Assert.All(pairs.Zip(pairs.Skip(1)), pair => Assert.True(pair.First.Second <= pair.Second.Second));
        // ImageMagick: (pixel - minimum) / (maximum - minimum) of the full range, to the nearest.
        Assert.All(
            pairs,
            pair => Assert.True(
                minimum == maximum || Math.Abs(((pair.First - minimum) * (double)image.HighestValue / (maximum - minimum)) - pair.Second) <= 0.5 + 1e-9));
    });

    [Fact]
    public void Equalisation_needs_values_that_fit()
    {
        var image = new GreyImage(1, 3, 16, [0, 300, 65535]);
        var error = Assert.Throws<MammoException>(() => new Preparation { EqualizeHistogram = true }.Apply(image));
        Assert.Equal(ErrorIds.EqualizeRange, error.ErrorId);
        // 300 wraps to 44 and 65535 to 255.
        Assert.Equal([0f, 128f, 255f], new Preparation { EqualizeHistogram = true, WrapAsUint8 = true }.Apply(image).Plane.Values);
        Assert.Equal(255, new Preparation { EqualizeHistogram = true, RescaleFactor = 255 / 65535.0 }.Apply(image).ScaledMaximum, 1e-4);
    }

    [Fact]
    public void Maximum_and_mean_are_those_of_the_scaled_values()
    {
        var image = new GreyImage(2, 2, 16, [1000, 2000, 3000, 4000]) { WasColour = true };
        var prepared = new Preparation { RescaleFactor = 0.01, FeaturewiseMean = 5, Size = new ImageSize(2, 2) }.Apply(image);
        Assert.Equal(40, prepared.ScaledMaximum, 1e-5);
        Assert.Equal(25, prepared.ScaledMean, 1e-5);
        Assert.Equal(prepared.ScaledMean - 5, prepared.Plane.Values.Average(), 1e-5);
    }

    [Fact]
    public void Target_height_wins_and_without_either_the_size_stays()
    {
        var image = new GreyImage(100, 7, 8, new ushort[700]);
        Assert.Equal((100, 7), Shape(new Preparation(), image));
        Assert.Equal((50, 3), Shape(new Preparation { TargetHeight = 50, Size = new ImageSize(9, 9) }, image));
        Assert.Equal((9, 9), Shape(new Preparation { Size = new ImageSize(9, 9) }, image));
        Assert.Equal((5, 1), Shape(new Preparation { TargetHeight = 5 }, image));
    }

    [Fact]
    public void Auto_level_comes_before_the_factor()
    {
        var image = new GreyImage(1, 3, 16, [100, 150, 200]);
        Assert.Equal(
            [0f, 127.5f, 255f],
            new Preparation { AutoLevel = true, RescaleFactor = 255 / 65535.0 }.Apply(image).Plane.Values,
            (expected, actual) => Math.Abs(expected - actual) < 0.003);
        Assert.Equal([100, 150, 200], image.Pixels.Select(pixel => (int)pixel));
    }

    [Fact]
    public void Eight_bit_reading_drops_the_low_byte()
    {
        var image = new GreyImage(1, 3, 16, [255, 256, 65535]);
        Assert.Equal([0, 1, 255], image.ToEightBit().Pixels.Select(pixel => (int)pixel));
    }

    private static float[] Horizontal(float[] values, int width) => Framing.Flip(values, width, horizontal: true, vertical: false);

    private static float[] Vertical(float[] values, int width) => Framing.Flip(values, width, horizontal: false, vertical: true);

    private static float[] Both(float[] values, int width) => Framing.Flip(values, width, horizontal: true, vertical: true);

    private static (int, int) Shape(Preparation preparation, GreyImage image) =>
        preparation.Apply(image) is var prepared ? (prepared.Plane.Height, prepared.Plane.Width) : default;

    private static GreyImage Transpose(GreyImage image) => new(image.Width, image.Height, image.BitDepth,
        [.. Enumerable.Range(0, image.Pixels.Length).Select(i => image.Pixels[(i % image.Height * image.Width) + (i / image.Height)])]);
}
