using Mammo.Data.Files;

namespace Mammo.Tests.Data.Files;

/// <summary>Valid TIFF files that libvips reads wrongly or not at all; the expected pixels lie beside them.</summary>
public sealed class TiffKindsTests
{
    [Theory]
    [InlineData("grey16_alpha_separate", "grey16")]
    [InlineData("grey8_alpha_separate_rows10", "grey8")]
    [InlineData("grey8_white_alpha_separate", "grey8")]
    [InlineData("mask1bit_separate", "mask1bit")]
    [InlineData("mask1bit_white_separate", "mask1bit")]
    [InlineData("grey4bit_separate", "grey4bit")]
    [InlineData("packed12", "values", "")]
    public void Pixels_are_those_of_the_file(string name, string expected, string suffix = ".expected")
    {
        var wanted = ImageReader.Read(Shared.Data("tiff", $"{expected}{suffix}.png"));
        var path = Shared.Data("tiff", $"{name}.tif");
        var read = ImageReader.Read(path);
        Assert.Equal((wanted.Size, wanted.BitDepth, false), (read.Size, read.BitDepth, read.WasColour));
        Assert.Equal(wanted.Pixels, read.Pixels);
        Assert.Equal(wanted.Size, ImageReader.Size(path));
    }

    [Theory]
    [InlineData("tiled_separate_one_sample")]
    [InlineData("datetime_without_nul")]
    [InlineData("thumbnail_as_second_page")]
    public void What_other_readers_read_is_read(string name)
    {
        var read = ImageReader.Read(Shared.Data("tiff", $"{name}.tif"));
        Assert.True(read.Range().Maximum > read.Range().Minimum);
    }

    [Theory]
    [InlineData("ycbcr444_grey", "YCbCr")]
    [InlineData("packed12_imagemagick", "12 bits")]
    public void What_is_not_read_is_refused_by_name(string name, string reason)
    {
        var error = Assert.Throws<MammoException>(() => ImageReader.Read(Shared.Data("tiff", $"{name}.tif")));
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
