using System.Collections.Immutable;
using CsCheck;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;
using Mammo.Scoring.DicomResults;
using Mammo.Scoring.Heatmaps;
using static Mammo.Tests.Scoring.DicomResults.StudyFixture;

namespace Mammo.Tests.Scoring.DicomResults;

public sealed class SuspiciousRegionTests
{
    public static TheoryData<bool, bool, bool> Turns =>
        [.. from transposed in new[] { false, true } from mirrored in new[] { false, true }
            from upsideDown in new[] { false, true }
            select (transposed, mirrored, upsideDown)];

    [Fact]
    public void A_single_position_is_a_diamond_around_its_middle()
    {
        // From 0.9 to 0.1 over ten stored pixels, half is reached after five.
        var region = Assert.Single(Regions(Heatmap("a.dcm", default, (2, 1, 0.9f))));
        Assert.Equal(0.9f, (float)region.Value);
        Assert.Equal([15f, 20f, 20f, 25f, 15f, 30f, 10f, 25f, 15f, 20f], Rotated(region.Points, (15, 20)), (one, other) => Math.Abs(one - other) < 1e-3);
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void Regions_of_a_turned_image_lie_where_its_positions_do(bool isTransposed, bool isMirrored, bool isUpsideDown)
    {
        var turn = new ImageTurn(isTransposed, isMirrored, isUpsideDown);
        var heatmap = Heatmap("a.dcm", turn, (1, 2, 0.9f));
        var place = heatmap.Place(1, 2);
        var points = Assert.Single(Regions(heatmap)).Points;
        Assert.Equal((place.X + 0.5, place.Y + 0.5), (Middle(points, 0), Middle(points, 1)));
        Assert.InRange(place.X, 0, Width - 1);
        Assert.InRange(place.Y, 0, Height - 1);
    }

    [Fact]
    public void Parts_that_touch_by_a_corner_are_two_and_the_highest_comes_first()
    {
        var heatmap = Heatmap("a.dcm", default, (1, 1, 0.7f), (2, 2, 0.9f), (4, 0, 0.6f));
        Assert.Equal([0.9f, 0.7f, 0.6f], Regions(heatmap).Select(region => (float)region.Value));
        Assert.Equal([0.9f, 0.7f], Regions(heatmap, limit: 2).Select(region => (float)region.Value));
        Assert.Equal(2, Regions(heatmap, level: 0.65).Length);
        Assert.Empty(Regions(heatmap, level: 0.95));
        Assert.Empty(Regions(Heatmap("a.dcm", default)));
    }

    [Fact]
    public void A_map_that_is_high_everywhere_but_not_the_same_is_outlined_by_the_image()
    {
        var all = Enumerable.Range(0, 24).Select(i => (i / 4, i % 4, 0.8f + (i / 1000f))).ToArray();
        var points = Assert.Single(Regions(Heatmap("a.dcm", default, all))).Points;
        Assert.Equal((0f, (float)Width, 0f, (float)Height), (
            points.Where((_, i) => i % 2 == 0).Min(), points.Where((_, i) => i % 2 == 0).Max(),
            points.Where((_, i) => i % 2 == 1).Min(), points.Where((_, i) => i % 2 == 1).Max()));
    }

    [Fact]
    public void A_value_that_is_no_number_is_refused() =>
        Assert.Equal(ErrorIds.ScoreInvalid, Assert.Throws<MammoException>(() => Regions(Heatmap("a.dcm", default, (0, 0, float.NaN)))).ErrorId);

    [Fact]
    public void Any_maps_regions_are_closed_short_lie_in_the_image_and_hold_their_highest_position() =>
        Gen.Select(Gen.Int[1, 25], Gen.Int[1, 25], Gen.Bool, Gen.Double[0.2, 0.9])
            .SelectMany((rows, columns, isTransposed, level) =>
                Gen.Float[0, 1].Array[rows * columns].Select(values => (rows, columns, isTransposed, level, values)))
            .Sample(
                sample =>
                {
                    var heatmap = Random(sample.rows, sample.columns, new ImageTurn(sample.isTransposed, true, false), sample.values);
                    foreach (var region in SuspiciousRegion.Of(heatmap, 0, sample.level, 100))
                    {
                        var points = region.Points;
                        Assert.InRange(points.Length, 8, 2 * 501);
                        Assert.Equal((points[0], points[1]), (points[^2], points[^1]));
                        for (var i = 0; i < points.Length; i += 2)
                        {
                            Assert.InRange(points[i], 0, 300);
                            Assert.InRange(points[i + 1], 0, 200);
                        }

                        // Several positions may have the highest value.
                        Assert.Contains(Enumerable.Range(0, sample.values.Length).Where(i => sample.values[i] == (float)region.Value), i =>
                        {
                            var place = heatmap.Place(i / sample.columns, i % sample.columns);
                            return Holds(points, place.X + 0.5, place.Y + 0.5) || Distance(points, place.X + 0.5, place.Y + 0.5) < 0.3;
                        });
                    }
                },
                iter: 100);

    [Fact]
    public void A_huge_map_gives_few_points_in_little_time()
    {
        const int Side = 400;
        // A spiral-like comb, whose outline is as long as can be.
        var values = new float[Side * Side];
        for (var i = 0; i < values.Length; i++)
            values[i] = (i % Side % 2 == 0 || i / Side == 0) ? 0.9f : 0.1f;
        var region = Assert.Single(SuspiciousRegion.Of(Random(Side, Side, default, values), 0, 0.5, 10));
        Assert.InRange(region.Points.Length, 8, 2 * 501);
    }

    private static ImmutableArray<SuspiciousRegion> Regions(MammoHeatmap heatmap, double level = 0.5, int limit = 10) =>
        SuspiciousRegion.Of(heatmap, 1, level, limit);

    private static MammoHeatmap Random(int rows, int columns, ImageTurn turn, float[] values)
    {
        var turned = turn.Apply(new ImageSize(200, 300));
        return Heatmap("a.dcm", default) with
        {
            Classes = ["malignant"],
            Values = ImmutableArray.Create(values),
            Geometry = new HeatmapGeometry(rows, columns, 0, 0, 8, 8, 8, 8),
            ImageSize = new ImageSize(8 * rows, 8 * columns),
            StoredSize = new ImageSize(200, 300),
            Turn = turn,
        };
    }

    private static double Middle(ImmutableArray<float> points, int first)
    {
        var values = points.Where((_, i) => i % 2 == first).Distinct().ToArray();
        return Math.Round((values.Min() + values.Max()) / 2.0, 4);
    }

    // The same line from the point that is named on, in the direction in which its columns grow.
    private static IEnumerable<float> Rotated(ImmutableArray<float> points, (float X, float Y) first)
    {
        List<(float X, float Y)> corners = [.. points.Chunk(2).Select(pair => (pair[0], pair[1])).SkipLast(1)];
        var start = corners.FindIndex(corner => Math.Abs(corner.X - first.X) + Math.Abs(corner.Y - first.Y) < 1e-3);
        corners = [.. corners[start..], .. corners[..start]];
        if (corners[1].X < corners[0].X)
            corners = [corners[0], .. corners[1..].AsEnumerable().Reverse()];
        return corners.Append(corners[0]).SelectMany(corner => new[] { corner.X, corner.Y });
    }

    private static bool Holds(ImmutableArray<float> points, double x, double y)
    {
        var holds = false;
        for (var i = 0; i + 3 < points.Length; i += 2)
        {
            var (x1, y1, x2, y2) = (points[i], points[i + 1], points[i + 2], points[i + 3]);
            if (y1 > y != y2 > y && x < x1 + ((y - y1) / (y2 - y1) * (x2 - x1)))
                holds = !holds;
        }

        return holds;
    }

    private static double Distance(ImmutableArray<float> points, double x, double y) => Enumerable.Range(0, (points.Length / 2) - 1).Min(i =>
    {
        var (x1, y1, x2, y2) = (points[2 * i], points[(2 * i) + 1], points[(2 * i) + 2], points[(2 * i) + 3]);
        double across = x2 - x1, down = y2 - y1;
        var length = (across * across) + (down * down);
        var share = length == 0 ? 0 : Math.Clamp((((x - x1) * across) + ((y - y1) * down)) / length, 0, 1);
        return Math.Sqrt(Math.Pow(x - x1 - (share * across), 2) + Math.Pow(y - y1 - (share * down), 2));
    });
}
