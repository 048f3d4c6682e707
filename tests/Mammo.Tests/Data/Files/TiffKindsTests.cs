using Mammo.Data.Files;
using Mammo.Tests.Support;

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

    // A thumbnail before the picture, marked in the old way or the new, or the picture below its thumbnail (SubIFD), as cameras and scanners write it.
    [Theory]
    [InlineData(254, 1, false)]
    [InlineData(255, 2, false)]
    [InlineData(254, 1, true)]
    public void A_thumbnail_is_not_taken_for_the_picture(int mark, int value, bool isBelow)
    {
        var thumbnail = TestTiff.Grey(2, 3, 8, [1, 2, 3, 4, 5, 6], (mark, value));
        var picture = TestTiff.Grey(3, 4, 16, [.. Enumerable.Range(0, 24).Select(i => (byte)i)]);
        var path = Path.Combine(Shared.NewFolder(), "film.tif");
        TestTiff.Write(path, isBelow ? [thumbnail with { Below = picture }] : [thumbnail, picture]);
        var read = ImageReader.Read(path);
        Assert.Equal((3, 4, 16, 256), (read.Height, read.Width, read.BitDepth, read.Pixels[0]));
        Assert.Equal(read.Size, ImageReader.Size(path));
        var info = ImageReader.ReadInfo(path);
        Assert.Equal((3, 4, 16), (info.Height, info.Width, info.BitDepth));
    }

    // A larger picture below one that is not marked; a palette without colours; a predictor without compression; signed numbers of 12 bits.
    [Theory]
    [InlineData("below", "several pages")]
    [InlineData("palette", "which colours")]
    [InlineData("predictor", "predictor")]
    [InlineData("signed", "signed")]
    public void What_would_be_misread_is_refused(string kind, string reason)
    {
        var small = TestTiff.Grey(2, 2, 8, [1, 2, 3, 4]);
        var picture = kind switch
        {
            "below" => small with { Below = TestTiff.Grey(3, 4, 8, new byte[12]) },
            "palette" => small with { Photometric = 3 },
            "predictor" => TestTiff.Grey(2, 2, 8, [1, 2, 3, 4], (317, 2)),
            _ => TestTiff.Grey(2, 2, 12, [1, 2, 3, 4, 5, 6], (339, 2)),
        };
        var path = Path.Combine(Shared.NewFolder(), "film.tif");
        TestTiff.Write(path, [picture]);
        var error = Assert.Throws<MammoException>(() => ImageReader.Read(path));
        Assert.Equal(ErrorIds.ImageUnreadable, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Grey_is_read_as_it_is_stored_whatever_is_beside_it(int extra)
    {
        var path = Path.Combine(Shared.NewFolder(), "film.tif");
        TestTiff.Write(path, [TestTiff.Grey(1, 3, 8, [10, 100, 20, 0, 30, 255], (338, extra)) with { Samples = 2 }]);
        Assert.Equal([10, 20, 30], ImageReader.Read(path).Pixels);
    }
}
