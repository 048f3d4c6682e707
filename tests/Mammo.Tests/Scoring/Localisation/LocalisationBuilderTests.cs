using System.Collections.Immutable;
using Mammo.Data.Datasets;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Rois;
using Mammo.Data.Sweeps;
using Mammo.Evaluation.Localisation;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Localisation;

namespace Mammo.Tests.Scoring.Localisation;

/// <summary>Marks of heatmaps against lesions. The maps have 4x4 positions on films of 128x128: the middle of row r, column c is at (32c + 15.5, 32r +
/// 15.5).</summary>
public sealed class LocalisationBuilderTests
{
    private static readonly RoiShape AtCorner = new RoiCircle(16, 16, 3);

    [Fact]
    public void Peaks_are_marks_and_plateaus_mark_once()
    {
        var map = Map("a.png", (0, 0, 0.9f), (3, 2, 0.8f), (3, 3, 0.8f), (2, 3, 0.7f), (0, 2, 0.05f));
        Assert.Equal([(0.9, 15.5, 15.5), (0.8, 79.5, 111.5)], LocalPeaks.Of(map, [1]).Select(peak => (Math.Round(peak.Value, 6), peak.X, peak.Y)));
        Assert.Empty(LocalPeaks.Of(Map("b.png"), [1]));
    }

    public static TheoryData<string, bool> Shapes => new()
    {
        { "circle", true },
        { "box", true },
        { "polygon", true },
        { "mask", true },
        { "far circle", false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_mark_hits_what_it_is_inside_of(string shape, bool hits)
    {
        RoiShape roi = shape switch
        {
            "circle" => AtCorner,
            "box" => new RoiBox(new PixelBox(10, 10, 20, 20)),
            "polygon" => new RoiPolygon([(10, 10), (30, 10), (10, 30)]),
            "mask" => new RoiMaskFile(Mask()),
            _ => new RoiCircle(100, 20, 9),
        };
        var result = Measure(new() { Classes = ["pos"] }, (Film("a.png", roi), Map("a.png", (0, 0, 0.9f), (3, 3, 0.4f))))!;
        Assert.Equal(hits ? 1 : 0, result.Result[LocalisationStatistic.PointingGame].Value);
        Assert.Equal((1, 1, 2), (result.Images, result.Lesions, result.Marks));
    }

    [Fact]
    public void The_tolerance_is_the_distance_to_the_nearest_pixel_of_the_lesion()
    {
        // The mark is at pixel (16, 16); the lesion's nearest pixel is (20, 19), 5 away.
        var film = (Film("a.png", new RoiBox(new PixelBox(20, 19, 5, 5))), Map("a.png", (0, 0, 0.9f)));
        Assert.Equal(0, Measure(new() { Tolerance = 4.9 }, film)!.Result[LocalisationStatistic.PointingGame].Value);
        Assert.Equal(1, Measure(new() { Tolerance = 5 }, film)!.Result[LocalisationStatistic.PointingGame].Value);
    }

    [Fact]
    public void A_turned_film_is_measured_where_it_is_stored()
    {
        var turned = Map("a.png", (0, 3, 0.9f)) with { Turn = new ImageTurn(false, true, false) };
        Assert.Equal(1, Measure(new(), (Film("a.png", AtCorner), turned))!.Result[LocalisationStatistic.PointingGame].Value);
    }

    /// <summary>Two films with a lesion, found at 0.9 and missed (its false mark 0.8), and a normal one with a mark at 0.5.</summary>
    [Fact]
    public void The_statistics_are_those_of_the_marks()
    {
        var result = Measure(
            new() { Evaluation = new() { Bootstrap = 100, Seed = 1 } },
            (Film("a.png", AtCorner) with { Patient = "A" }, Map("a.png", (0, 0, 0.9f), (3, 3, 0.4f))),
            (Film("b.png", AtCorner) with { Patient = "B" }, Map("b.png", (2, 2, 0.8f))),
            (Film("c.png") with { Patient = "C" }, Map("c.png", (1, 1, 0.5f))))!;
        var found = result.Result;
        Assert.Equal(0.5, found[LocalisationStatistic.PointingGame].Value);
        Assert.Equal(0.5, found[LocalisationStatistic.SensitivityAtTwo].Value);
        Assert.Equal(0.5, found[LocalisationStatistic.Jafroc].Value);
        Assert.Equal((3, 1, 2, (int?)3), (result.Images, result.NormalImages, result.Lesions, result.Patients));
        Assert.NotNull(found[LocalisationStatistic.PointingGame].Preferred);
        Assert.NotNull(found.FrocBand);
    }

    [Fact]
    public void Only_malignant_lesions_count_where_that_is_asked_for()
    {
        var film = Film("a.png", AtCorner) with
        { Rois = [new Roi(AtCorner) { Pathology = "BENIGN" }, new Roi(new RoiCircle(112, 112, 5)) { Pathology = "MALIGNANT" }] };
        var marks = Map("a.png", (0, 0, 0.9f), (3, 3, 0.4f));
        Assert.Equal((2, 1.0), (Measure(new(), (film, marks))!.Lesions, Measure(new(), (film, marks))!.Result[LocalisationStatistic.PointingGame].Value));
        var malignant = Measure(new() { Lesion = LesionKind.Malignant }, (film, marks))!;
        Assert.Equal((1, 0.0), (malignant.Lesions, malignant.Result[LocalisationStatistic.PointingGame].Value));
    }

    [Fact]
    public void Films_whose_lesions_are_not_known_are_left_out_and_named()
    {
        var result = Measure(
            new(),
            (Film("a.png", AtCorner), Map("a.png", (0, 0, 0.9f))),
            (Film("b.png", AtCorner) with { Rois = [] }, Map("b.png")),
            (Film("c.png") with { Rois = [new Roi(null)] }, Map("c.png")))!;
        Assert.Equal((1, 2), (result.Images, result.LeftOut));
        Assert.Equal([ErrorIds.LesionUnknown, ErrorIds.LesionUnknown], result.Warnings.Select(warning => warning.Id));
        Assert.Contains("b.png", result.Warnings.ToString(), StringComparison.Ordinal);
        Assert.Null(Measure(new(), (Film("b.png") with { Label = null }, Map("b.png"))));
    }

    [Fact]
    public void Without_lesions_or_normal_films_statistics_are_undefined()
    {
        var normal = Measure(new(), (Film("a.png"), Map("a.png", (0, 0, 0.9f))))!.Result;
        Assert.All(normal.Statistics.Values, estimate => Assert.Equal("there are no lesions", estimate.Undefined));
        Assert.Null(normal.Froc);
        var diseased = Measure(new(), (Film("a.png", AtCorner), Map("a.png", (0, 0, 0.9f))))!.Result;
        Assert.Equal("there are no images without lesions", diseased[LocalisationStatistic.Jafroc].Undefined);
        Assert.Equal(1, diseased[LocalisationStatistic.PointingGame].Value);
    }

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        var film = Film("a.png", AtCorner);
        var map = Map("a.png", (0, 0, 0.9f));
        Refused(ErrorIds.ScoreInvalid, (film, Map("a.png", (1, 1, float.NaN))));
        Refused(ErrorIds.LesionUnknown, (film, Map("b.png")));
        Refused(ErrorIds.PredictionsMixed, (film, map), (Film("b.png"), map));
        Refused(ErrorIds.PredictionsMixed, (film, map), (Film("b.png"), Map("b.png") with { Model = "other" }));
        Refused(ErrorIds.DatasetInvalid, (film, map), (film, map));
        Refused(ErrorIds.RoiEmpty, (Film("a.png", new RoiCircle(500, 500, 4)), map));
        Refused(ErrorIds.PatientMissing, (film with { Patient = "A" }, map), (Film("b.png"), Map("b.png")));
        Refused(ErrorIds.DataLeakage, (film with { Patient = "A" }, map with { Warning = ErrorIds.DataLeakage }));
        Assert.NotNull(Measure(new() { AllowLeakage = true }, (film, map with { Warning = ErrorIds.DataLeakage })));
        Assert.Equal(ErrorIds.ModelClassMismatch, Assert.Throws<MammoException>(() => Measure(new() { Classes = ["mass"] }, (film, map))).ErrorId);
        Assert.Equal(ErrorIds.EvaluationOptionInvalid, Assert.Throws<MammoException>(() => Measure(new() { Tolerance = double.NaN }, (film, map))).ErrorId);

        static void Refused(string id, params (MammoImage, MammoHeatmap)[] films) =>
            Assert.Equal(id, Assert.Throws<MammoException>(() => Measure(new(), films)).ErrorId);
    }

    private static MammoImage Film(string path, params RoiShape[] lesions) =>
        new(path) { Class = lesions.Length > 0 ? "pos" : "neg", Label = lesions.Length > 0 ? 1 : 0, Rois = [.. lesions.Select(shape => new Roi(shape))] };

    private static MammoHeatmap Map(string path, params (int Row, int Column, float Value)[] values)
    {
        var map = new float[4 * 4 * 2];
        for (var i = 0; i < 16; i++)
            (map[2 * i], map[(2 * i) + 1]) = (0.9f, 0.1f);
        foreach (var (row, column, value) in values)
            (map[2 * ((row * 4) + column)], map[(2 * ((row * 4) + column)) + 1]) = (1 - value, value);
        return new MammoHeatmap
        {
            Path = path,
            Model = "model",
            Kind = HeatmapKind.Forward,
            Classes = ["neg", "pos"],
            Values = ImmutableArray.Create(map),
            IsProbability = true,
            Geometry = new HeatmapGeometry(4, 4, 0, 0, 16, 16, 16, 16),
            ImageSize = new ImageSize(64, 64),
            StoredSize = new ImageSize(128, 128),
            Engine = "test",
        };
    }

    private static MammoLocalisation? Measure(LocalisationOptions options, params (MammoImage Image, MammoHeatmap Map)[] films)
    {
        var builder = new LocalisationBuilder(new MammoDataset("set", ["neg", "pos"], [.. films.Select(film => film.Image)]), options);
        foreach (var (_, map) in films)
            builder.Add(map);
        return builder.Measure(TestContext.Current.CancellationToken);
    }

    private static string Mask()
    {
        var path = Path.Combine(Shared.NewFolder(), "mask.png");
        var pixels = new ushort[128 * 128];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (ushort)(i % 128 < 30 && i / 128 < 30 ? 255 : 0);
        File.WriteAllBytes(path, PngWriter.Encode(new GreyImage(128, 128, 8, pixels)));
        return path;
    }
}
