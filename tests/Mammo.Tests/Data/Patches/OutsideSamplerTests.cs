using System.Collections.Immutable;
using CsCheck;
using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Patches;

/// <summary>Background outside the breast and on its edge, whatever the film, the lesions, the share and the seed.</summary>
public sealed class OutsideSamplerTests
{
    private static readonly Gen<(GreyImage Film, ImmutableArray<Roi> Rois, PatchSetOptions Options)> Any = Gen.Select(
        Gen.UInt,
        Gen.Select(Gen.Int[20, 100], Gen.Int[30, 170], Gen.Int[2, 25]).Array[0, 2],
        Gen.Select(Gen.Int[8, 32], Gen.Int[1, 12], Gen.Double[0.05, 1]),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool)).Select((seed, circles, sizes, flags) => (
            Film(seed, hasLabel: flags.Item1, isNegative: flags.Item2),
            ImmutableArray.CreateRange(circles.Select((circle, i) =>
                new Roi(new RoiCircle(circle.Item1, circle.Item2, circle.Item3)) { Number = i + 1, Pathology = "BENIGN" })),
            new PatchSetOptions
            {
                Seed = seed,
                PatchSize = sizes.Item1,
                Abnormality = 1,
                Background = sizes.Item2,
                HardNegative = 0,
                BackgroundOutside = sizes.Item3,
                SegmentBreast = flags.Item3,
            }));

    [Fact]
    public void Half_lies_where_no_tissue_is_and_half_on_the_edge_and_none_on_a_lesion() => Any.Sample((film, rois, options) =>
    {
        var (frame, sample) = Sample(film, rois, options);
        var (outside, edge) = (Of(sample, PatchSource.Outside), Of(sample, PatchSource.Edge));
        Assert.All(outside, place => Assert.Equal(0, frame.Tissue!.Overlap(place.Centre, options.PatchSize).Shared));
        Assert.All(edge, place =>
        {
            var tissue = frame.Tissue!.Overlap(place.Centre, options.PatchSize);
            Assert.InRange(tissue.Shared / (double)tissue.Patch, 0.05, 0.4999);
        });
        Assert.All(outside.Concat(edge), place => Assert.All(rois, roi =>
            Assert.Equal(0, frame.Place(roi).Counts.Overlap(place.Centre, options.PatchSize).Shared)));
        var wanted = (int)Math.Ceiling(Math.Round(options.BackgroundOutside * options.Background, 6));
        Assert.InRange(outside.Length, 0, (wanted + 1) / 2);
        Assert.InRange(edge.Length, 0, (wanted + 1) / 2);
        if (sample.Warnings.All(warning => warning.Id == ErrorIds.ImageInverted))
            Assert.Equal((wanted, options.Background), (outside.Length + edge.Length, sample.Places.Count(place => place.Class == "background")));
    }, iter: 60);

    [Fact]
    public void The_same_seed_gives_the_same_places_and_the_ordinary_ones_are_those_without_the_share() => Any.Sample((film, rois, options) =>
    {
        var places = Sample(film, rois, options).Sample.Places;
        Assert.Equal(places, Sample(film, rois, options).Sample.Places);
        var without = Sample(film, rois, options with { BackgroundOutside = 0 }).Sample.Places;
        var ordinary = places.Where(place => place.Source is not (PatchSource.Outside or PatchSource.Edge)).ToArray();
        Assert.Equal(without.Take(ordinary.Length), ordinary);
        Assert.DoesNotContain(without, place => place.Source is PatchSource.Outside or PatchSource.Edge);
    }, iter: 40);

    [Fact]
    public void Half_of_the_places_outside_hold_some_of_a_label_where_there_is_one()
    {
        var options = new PatchSetOptions
        {
            PatchSize = 16,
            Abnormality = 0,
            Background = 80,
            HardNegative = 0,
            BackgroundOutside = 1,
            SegmentBreast = false,
        };
        var (frame, sample) = Sample(Film(3, hasLabel: true), [], options);
        var onLabel = Of(sample, PatchSource.Outside).Count(place =>
            frame.Objects!.Overlap(place.Centre, 16) is var overlap && overlap.Shared >= 0.05 * overlap.Patch);
        Assert.InRange(onLabel, 20, 30);
        Assert.Equal((40, 40), (Of(sample, PatchSource.Outside).Length, Of(sample, PatchSource.Edge).Length));
        Assert.Empty(sample.Warnings);
        Assert.Equal(40, Of(Sample(Film(3, hasLabel: false), [], options).Sample, PatchSource.Outside).Length);
    }

    [Fact]
    public void A_film_full_of_tissue_gives_fewer_and_says_so()
    {
        var random = new Random(1);
        ushort[] pixels = [.. Enumerable.Range(0, 200 * 140).Select(i => (ushort)(i % 140 < 138 ? 20_000 + random.Next(9000) : random.Next(300)))];
        var (_, sample) = Sample(new GreyImage(200, 140, 16, pixels), [], new PatchSetOptions
        {
            PatchSize = 32,
            Abnormality = 0,
            Background = 10,
            HardNegative = 0,
            BackgroundOutside = 0.4,
            SegmentBreast = false,
        });
        Assert.Empty(Of(sample, PatchSource.Outside));
        Assert.Equal(6, Of(sample, PatchSource.Background).Length);
        Assert.Contains(sample.Warnings, warning => warning.Id == ErrorIds.PatchesFewer
            && warning.Message.StartsWith("Only 0 of 2 background patches outside the breast", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.2, 8, 2)]
    [InlineData(0.2, 10, 2)]
    [InlineData(0.1, 30, 3)]
    [InlineData(0.07, 100, 7)]
    [InlineData(0.2, 2, 1)]
    [InlineData(0, 8, 0)]
    [InlineData(1, 9, 9)]
    [InlineData(0.5, 0, 0)]
    public void The_share_is_rounded_up(double share, int background, int count) => Assert.Equal(count, PatchSetOptions.OutsideCountOf(background, share));

    [Fact]
    public void Shares_that_cannot_be_are_errors()
    {
        AssertRefused(new PatchSetOptions { BackgroundOutside = -0.1 }, "between 0 and 1");
        AssertRefused(new PatchSetOptions { BackgroundOutside = double.NaN }, "between 0 and 1");
        AssertRefused(new PatchSetOptions { BackgroundOutside = 0.2, Compatibility = PatchCompatibility.Numpy12345 }, "original's way");
        AssertRefused(new PatchSetOptions { BackgroundOutside = 0.6 }, "15 hard negatives and 18 patches outside");

        static void AssertRefused(PatchSetOptions options, string why)
        {
            var error = Assert.Throws<MammoException>(options.Check);
            Assert.Equal(ErrorIds.PatchOptionInvalid, error.ErrorId);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    private static (PatchFrame Frame, PatchSample Sample) Sample(GreyImage film, ImmutableArray<Roi> rois, PatchSetOptions options)
    {
        var frame = new PatchFrame(film, options);
        return (frame, DefaultSampler.Sample(frame, "name", [.. rois.Where(roi => roi.Shape is not null)], options));
    }

    private static ImmutableArray<PatchPlace> Of(PatchSample sample, PatchSource source) => [.. sample.Places.Where(place => place.Source == source)];

    /// <summary>The breast of <see cref="DefaultSamplerTests"/> with a label in the film's upper right corner.</summary>
    private static GreyImage Film(uint seed, bool hasLabel, bool isNegative = false)
    {
        var film = DefaultSamplerTests.Breast(seed);
        var pixels = (ushort[])film.Pixels.Clone();
        for (var y = 6; hasLabel && y < 26; y++)
            pixels.AsSpan((y * film.Width) + 110, 22).Fill(60_000);
        return film.With(isNegative ? Array.ConvertAll(pixels, pixel => (ushort)(ushort.MaxValue - pixel)) : pixels);
    }
}
