using System.Text.Json;
using Mammo.Data.Images;
using Mammo.Data.Segmentation;

namespace Mammo.Tests.Data.Segmentation;

public sealed class OriginalSegmentationTests
{
    private static readonly string Folder = Shared.Data("oracle", "image", "segment");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Box_and_mask_are_the_originals(string name)
    {
        var image = TestImage.Read(Folder, name + "_input.png");
        foreach (var expected in Json(name).GetProperty("segment").EnumerateArray())
        {
            var region = OriginalSegmentation.Segment(image, expected.GetProperty("low_int_threshold").GetDouble());
            var box = expected.GetProperty("bbox_xywh");
            Assert.Equal(new PixelBox(box[0].GetInt32(), box[1].GetInt32(), box[2].GetInt32(), box[3].GetInt32()), region.Box);
            Assert.Equal(region.Box, region.Mask.Box());
            Assert.Equal(expected.GetProperty("mask_pixels").GetInt32(), region.Mask.Count);
            Assert.Equal(TestImage.ReadMask(Folder, expected.GetProperty("mask_file").GetString()!).Pixels, region.Mask.Pixels);
            Assert.Equal(expected.GetProperty("output_sum").GetInt64(), region.Crop(image).Pixels.Sum(value => (long)value));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_contour_has_the_originals_area_and_company(string name)
    {
        var image = TestImage.Read(Folder, name + "_input.png");
        foreach (var expected in Json(name).GetProperty("segment").EnumerateArray())
        {
            var threshold = expected.GetProperty("threshold_on_8bit").GetInt32();
            float maximum = image.Pixels.Max();
            var binary = new Mask(image.Height, image.Width, Array.ConvertAll(image.Pixels, value => (int)(value / maximum * 255f) > threshold));
            Assert.Equal(expected.GetProperty("n_contours").GetInt32(), ContourTracer.Trace(binary).Count());
            Assert.Equal(expected.GetProperty("contour_area").GetDouble(), ContourTracer.Largest(binary)!.Area);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_cropped_picture_is_the_originals(string name)
    {
        var image = TestImage.Read(Folder, name + "_input.png");
        var expected = TestImage.Read(Folder, name + "_cropped.png");
        var cropped = OriginalSegmentation.Segment(image).Crop(image);
        Assert.Equal((expected.Height, expected.Width, expected.BitDepth), (cropped.Height, cropped.Width, cropped.BitDepth));
        Assert.Equal(expected.Pixels, cropped.Pixels);
    }

    [Fact]
    public void A_black_image_is_an_error_that_says_so()
    {
        var failure = Assert.Throws<MammoException>(() => OriginalSegmentation.Segment(new GreyImage(4, 5, 16, new ushort[20])));
        Assert.Equal(ErrorIds.BreastNotFound, failure.ErrorId);
    }

    private static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json"))).RootElement;
}
