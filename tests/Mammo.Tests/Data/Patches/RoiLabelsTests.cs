using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Data.Rois;
using Mammo.Data.Sweeps;
using Mammo.PowerShell.Common;

namespace Mammo.Tests.Data.Patches;

public sealed class RoiLabelsTests
{
    private static readonly ImageSize Size = new(128, 128);

    // Patches of 32 at a stride of 16: middles at 16, 32, ... 112.
    private static readonly HeatmapGeometry Geometry = new(7, 7, 0, 0, 16, 16, 32, 32);

    private readonly string _folder = Shared.NewFolder();

    [Fact]
    public void Positions_on_a_region_have_its_label_their_neighbours_none_the_others_are_background()
    {
        // The film is stored in twice the size of the network's image: the circle lies at (64, 48) there, radius 4.
        var labels = new RoiLabels(Geometry, Size, background: 0).Of(Film(new RoiCircle(127.5, 95.5, 8)), draw: null);
        for (var row = 0; row < 7; row++)
        {
            for (var column = 0; column < 7; column++)
            {
                var (x, y) = Geometry.Centre(row, column);
                var distance = Math.Max(Math.Abs(x - 64), Math.Abs(y - 48));
                Assert.Equal(distance == 0 ? (sbyte)1 : distance <= 16 ? RoiLabels.None : (sbyte)0, labels[(row * 7) + column]);
            }
        }
    }

    [Fact]
    public void Labels_move_with_the_pixels()
    {
        var draw = new AugmentationDraw(null, [3], FlipHorizontal: true, FlipVertical: false);
        var film = Film(new RoiCircle(63.5, 95.5, 8));
        var labels = new RoiLabels(Geometry, Size, background: 0);
        var straight = labels.Of(film, draw: null);
        sbyte[] mirrored = [.. straight.Chunk(7).SelectMany(row => row.Reverse())];
        Assert.Contains((sbyte)1, straight);
        Assert.Equal(mirrored, labels.Of(film, draw));
    }

    /// <summary>The picture is moved up by half: what stands below is the mirrored region, a smear, or nothing.</summary>
    [Fact]
    public void What_is_mirrored_beyond_the_edge_is_labelled_too()
    {
        var draw = new AugmentationDraw(new AffineMap(1, 0, 0, 1, 64, 0), [], FlipHorizontal: false, FlipVertical: false);
        var film = Film(new RoiCircle(127.5, 223.5, 8));
        Assert.Equal([2, 4], Rows(AugmentationFill.Reflect));
        Assert.Equal([2], Rows(AugmentationFill.Nearest));
        Assert.Equal([2], Rows(AugmentationFill.Constant));

        int[] Rows(AugmentationFill fill) =>
            [.. new RoiLabels(Geometry, Size, background: 0) { Fill = fill }.Of(film, draw).Chunk(7).Index().Where(row => row.Item.Contains((sbyte)1))
                .Select(row => row.Index)];
    }

    [Fact]
    public void Background_films_are_background_and_films_without_a_place_have_no_labels()
    {
        var labels = new RoiLabels(Geometry, Size, background: 0);
        Assert.All(labels.Of(Film() with { Label = 0 }, draw: null), label => Assert.Equal(0, label));
        Assert.All(labels.Of(Film(), draw: null), label => Assert.Equal(RoiLabels.None, label));
    }

    private MammoImage Film(params RoiShape[] shapes)
    {
        var path = Path.Combine(_folder, "film.png");
        PngWriter.Write(path, new GreyImage(256, 256, 8, new ushort[256 * 256]));
        return new MammoImage(path) { Class = "pos", Label = 1, Rois = [.. shapes.Select(shape => new Roi(shape))] };
    }
}
