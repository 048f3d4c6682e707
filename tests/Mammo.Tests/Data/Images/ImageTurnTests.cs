using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Images;

public sealed class ImageTurnTests
{
    public static TheoryData<ImageTurn> All => [.. Enumerable.Range(0, 8).Select(bits => new ImageTurn((bits & 4) != 0, (bits & 2) != 0, (bits & 1) != 0))];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_pixel_goes_where_its_place_says(ImageTurn turn)
    {
        var stored = new GreyImage(3, 5, 16, [.. Enumerable.Range(1, 15).Select(value => (ushort)value)]);
        var turned = turn.Apply(stored);
        Assert.Equal(turned.Size, turn.Apply(stored.Size));
        Assert.Equal(stored.Size, turn.Apply(turned.Size));
        for (var i = 0; i < turned.Pixels.Length; i++)
        {
            var (x, y) = turn.Stored(i % turned.Width, i / turned.Width, turned.Size);
            Assert.Equal(stored.Pixels[((int)y * stored.Width) + (int)x], turned.Pixels[i]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_region_is_turned_with_its_image(ImageTurn turn)
    {
        var (stored, box) = (new ImageSize(40, 60), new RoiBox(new PixelBox(5, 10, 20, 8)));
        var expected = turn.Apply(RoiRaster.Draw(box, stored, stored));
        var drawn = RoiRaster.Draw(box, turn.Apply(stored), turn.Apply(stored), turn: turn);
        Assert.Equal(expected.Pixels, drawn.Pixels);
        // Shrunk by two in each direction.
        Assert.Equal(10 * 4, RoiRaster.Draw(box, turn.Apply(stored), turn.Apply(new ImageSize(20, 30)), turn: turn).Count);
    }
}
