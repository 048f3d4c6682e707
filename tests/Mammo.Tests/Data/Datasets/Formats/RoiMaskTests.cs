using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Datasets.Formats;

public sealed class RoiMaskTests
{
    private static readonly ImageSize Film = new(192, 150);

    /// <summary>The same ellipse saved as a PNG, as a JPEG of quality 75, and larger by 1.15: box 30..50, 83..97.</summary>
    [Theory]
    [InlineData("mask.png", 193, null)]
    [InlineData("mask75.jpg", 193, ErrorIds.RoiMaskGrey)]
    [InlineData("mask-same-proportions.png", 0, null)]
    public void A_mask_is_halved_where_it_is_grey_and_scaled_where_it_is_larger(string name, int pixels, string? told)
    {
        var findings = new List<Finding>();
        var mask = RoiRaster.Draw(new RoiMaskFile(Shared.Data("masks", name)), Film, Film, findings);
        Assert.Equal(told is null ? [] : [told], findings.Select(finding => finding.Id));
        if (pixels > 0)
            Assert.Equal(pixels, mask.Count);
        var box = mask.Box()!.Value;
        Assert.InRange(box.X, 29, 31);
        Assert.InRange(box.Y, 82, 84);
        Assert.InRange(box.Right, 50, 52);
        Assert.InRange(box.Bottom, 97, 99);
    }

    [Fact]
    public void A_mask_of_other_proportions_is_refused()
    {
        var error = Assert.Throws<MammoException>(() => RoiRaster.Draw(new RoiMaskFile(Shared.Data("masks", "mask-other-proportions.png")), Film, Film));
        Assert.Equal(ErrorIds.RoiMaskMismatch, error.ErrorId);
    }

    [Theory]
    [InlineData(0, 1, 2, 2)]
    [InlineData(0, 255, 255, 3)]
    public void Two_values_need_no_threshold(ushort low, ushort middle, ushort high, int count)
    {
        var path = Path.Combine(Shared.NewFolder(), "mask.png");
        PngWriter.Write(path, new GreyImage(2, 2, 8, [low, middle, high, high]));
        Assert.Equal(count, RoiRaster.Draw(new RoiMaskFile(path), new ImageSize(2, 2), new ImageSize(2, 2)).Count);
    }

    /// <summary>An inverted mask, or one whose file has no black.</summary>
    [Theory]
    [InlineData(100, true)]
    [InlineData(51, true)]
    [InlineData(50, false)]
    [InlineData(1, false)]
    public void A_mask_of_most_of_the_film_is_told(int bright, bool isTold)
    {
        var path = Path.Combine(Shared.NewFolder(), "mask.png");
        PngWriter.Write(path, new GreyImage(10, 10, 8, [.. Enumerable.Range(0, 100).Select(i => (ushort)(i < bright ? 255 : 0))]));
        var findings = new List<Finding>();
        RoiRaster.Draw(new RoiMaskFile(path), new ImageSize(10, 10), new ImageSize(10, 10), findings);
        Assert.Equal(isTold ? [ErrorIds.RoiMaskLarge] : [], findings.Select(finding => finding.Id));
    }
}
