using System.Collections.Immutable;
using CsCheck;
using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Patches;

/// <summary>What holds for the default sampling whatever the image, the regions and the seed.</summary>
public sealed class DefaultSamplerTests
{
    private static readonly Gen<Roi> AnyRoi = Gen.Select(Gen.Int[20, 100], Gen.Int[30, 170], Gen.Int[0, 25], Gen.Bool, Gen.Bool)
        .Select((x, y, radius, isBox, isMalignant) =>
        new Roi(
            isBox ? new RoiBox(new PixelBox(x, y, radius + 1, radius + 3)) : new RoiCircle(x, y, radius))
        { Pathology = isMalignant ? "MALIGNANT" : "BENIGN" });

    private static readonly Gen<(GreyImage Image, ImmutableArray<Roi> Rois, PatchSetOptions Options)> Any = Gen.Select(
        Gen.UInt,
        AnyRoi.Array[0, 3],
        Gen.Select(Gen.Int[8, 40], Gen.Int[0, 6], Gen.Int[0, 8], Gen.Int[0, 5]),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Double[0.3, 0.95])).Select((seed, rois, sizes, flags) => (
            Breast(seed),
            ImmutableArray.CreateRange(rois.Select((roi, i) => roi with { Number = i + 1 })),
            new PatchSetOptions
            {
                Seed = seed,
                PatchSize = sizes.Item1,
                Abnormality = sizes.Item2,
                Background = sizes.Item3,
                HardNegative = Math.Min(sizes.Item4, sizes.Item3),
                SegmentBreast = flags.Item1,
                TargetHeight = flags.Item2 ? 150 : null,
                PositiveCutoff = flags.Item3,
            }));

    [Fact]
    public void Background_lies_mostly_on_tissue_and_on_no_region() => Any.Sample((image, rois, options) =>
    {
        var frame = new PatchFrame(image, options);
        var sample = DefaultSampler.Sample(frame, "name", rois, options);
        var placed = rois.Where(roi => IsInside(frame, roi)).Select(frame.Place).ToArray();
        Assert.All(sample.Places.Where(place => place.Class == "background"), place =>
        {
            Assert.All(placed, roi => Assert.Equal(0, roi.Counts.Overlap(place.Centre, options.PatchSize).Shared));
            var tissue = frame.Tissue!.Overlap(place.Centre, options.PatchSize);
            Assert.True(tissue.Shared * 2 >= tissue.Patch);
        });
    }, iter: 40);

    [Fact]
    public void Numbers_are_met_or_the_reason_is_told() => Any.Sample((image, rois, options) =>
    {
        var frame = new PatchFrame(image, options);
        var sample = DefaultSampler.Sample(frame, "name", rois, options);
        var background = sample.Places.Count(place => place.Class == "background");
        var onRegions = sample.Places.Length - background;
        Assert.InRange(background, 0, options.Background);
        Assert.InRange(sample.Places.Count(place => place.Source == PatchSource.HardNegative), 0, options.HardNegative);
        if (sample.Warnings.IsEmpty)
            Assert.Equal((options.Background, options.Abnormality * rois.Length), (background, onRegions));
        Assert.Equal(0, onRegions % Math.Max(options.Abnormality, 1));
    }, iter: 40);

    [Fact]
    public void Patches_on_a_region_overlap_it_and_are_centred_in_its_box() => Any.Sample((image, rois, options) =>
    {
        var frame = new PatchFrame(image, options);
        var sample = DefaultSampler.Sample(frame, "name", rois, options);
        foreach (var group in sample.Places.Where(place => place.Class != "background").GroupBy(place => place.Abnormality))
        {
            var placed = frame.Place(rois.Single(roi => roi.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) == group.Key));
            Assert.All(group, place =>
            {
                Assert.InRange(place.Centre.X, placed.Box.X, placed.Box.Right - 1);
                Assert.InRange(place.Centre.Y, placed.Box.Y, placed.Box.Bottom - 1);
                if (options.Abnormality > 1)
                    Assert.True(placed.Counts.Overlap(place.Centre, options.PatchSize).Exceeds(sample.Cutoff!.Value));
                Assert.Equal(placed.Roi.IsMalignant == true ? "malignant" : "benign", place.Class);
            });
        }
    }, iter: 40);

    [Fact]
    public void Patches_lie_in_the_frame_have_the_size_and_names_of_their_own() => Any.Sample((image, rois, options) =>
    {
        var frame = new PatchFrame(image, options);
        var sample = DefaultSampler.Sample(frame, "name", rois, options);
        Assert.All(sample.Places, place => Assert.Equal(options.PatchSize / 2 * 2, frame.Cut(place.Centre).Width));
        string[] names = [.. sample.Places.Select(place => place.Class + "/" + place.FileName("name"))];
        Assert.Equal(names.Length, names.Distinct().Count());
        foreach (var group in sample.Places.GroupBy(place => (place.Class, place.Abnormality)))
            Assert.Equal(Enumerable.Range(0, group.Count()), group.Select(place => place.Index));
    }, iter: 40);

    [Fact]
    public void The_same_seed_gives_the_same_places() => Any.Sample((image, rois, options) =>
    {
        var frame = new PatchFrame(image, options);
        var sample = DefaultSampler.Sample(frame, "name", rois, options);
        Assert.Equal(sample.Places, DefaultSampler.Sample(new PatchFrame(image, options), "name", rois, options).Places);
    }, iter: 40);

    [Fact]
    public void Two_abnormalities_of_one_shape_are_not_sampled_at_the_same_places()
    {
        var options = new PatchSetOptions { PatchSize = 32, Abnormality = 10, Background = 10, HardNegative = 0 };
        var frame = new PatchFrame(Breast(1), options);
        Roi[] rois = [.. Enumerable.Range(1, 2).Select(number => new Roi(new RoiCircle(60, 100, 12)) { Number = number, Pathology = "BENIGN" })];
        var places = DefaultSampler.Sample(frame, "name", rois, options).Places;
        Assert.NotEqual(
            places.Where(place => place.Abnormality == "1").Select(place => place.Centre),
            places.Where(place => place.Abnormality == "2").Select(place => place.Centre));
        var other = DefaultSampler.Sample(frame, "other", rois, options).Places;
        Assert.NotEqual(
            places.Where(place => place.Abnormality == "0").Select(place => place.Centre),
            other.Where(place => place.Abnormality == "0").Select(place => place.Centre));
    }

    [Fact]
    public void One_patch_lies_on_the_centre_of_the_region()
    {
        var options = new PatchSetOptions { PatchSize = 32, Abnormality = 1, Background = 1, HardNegative = 0, SegmentBreast = false };
        var frame = new PatchFrame(Breast(1), options);
        var place = DefaultSampler.Sample(frame, "name", [new Roi(new RoiCircle(60, 100, 12)) { Pathology = "BENIGN" }], options).Places[0];
        Assert.Equal(new PixelPoint(60, 100), frame.InImage(place.Centre));
    }

    [Fact]
    public void An_abnormality_without_a_place_bars_background_and_says_why()
    {
        var options = new PatchSetOptions { PatchSize = 16, Abnormality = 2, Background = 4, HardNegative = 0 };
        var frame = new PatchFrame(Breast(1), options);
        var sample = DefaultSampler.Sample(
            frame,
            "name",
            [new Roi(null as RoiShape) { Pathology = "MALIGNANT" }, new Roi(new RoiCircle(60, 100, 12)) { Number = 2, Pathology = "BENIGN" }],
            options);
        Assert.Equal(["benign", "benign"], sample.Places.Select(place => place.Class));
        Assert.Equal(2, sample.Warnings.Length);
        Assert.Contains("place is not known", sample.Warnings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_calcification_and_a_first_mass_have_names_of_their_own()
    {
        var options = new PatchSetOptions { PatchSize = 16, Abnormality = 2, Background = 0, HardNegative = 0 };
        var frame = new PatchFrame(Breast(1), options);
        Roi[] rois = [
            new Roi(new RoiCircle(40, 100, 12)) { Type = "calcification", Pathology = "BENIGN" },
            new Roi(new RoiCircle(60, 100, 12)) { Type = "mass", Pathology = "BENIGN" }];
        var names = DefaultSampler.Sample(frame, "name", rois, options).Places.Select(place => place.FileName("name"));
        Assert.Equal(["name_calcification1_0000.png", "name_calcification1_0001.png", "name_mass1_0000.png", "name_mass1_0001.png"], names);
    }

    [Fact]
    public void A_region_beside_the_breast_is_sampled_and_told()
    {
        var frame = new PatchFrame(Breast(1), new PatchSetOptions { PatchSize = 16, SegmentBreast = false });
        PatchSample Sample(
            RoiShape shape) => DefaultSampler.Sample(frame, "name", [new Roi(shape) { Pathology = "BENIGN" }],
            new PatchSetOptions { PatchSize = 16, Abnormality = 2, Background = 0, HardNegative = 0 });
        Assert.Empty(Sample(new RoiCircle(60, 90, 5)).Warnings);
        var beside = Sample(new RoiCircle(130, 20, 5));
        Assert.Contains("outside the breast", Assert.Single(beside.Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(2, beside.Places.Length);
    }

    /// <summary>A breast-like half ellipse with texture on a background that is not black.</summary>
    internal static GreyImage Breast(uint seed)
    {
        const int height = 200, width = 140;
        var random = new Random((int)(seed & int.MaxValue));
        var pixels = new ushort[height * width];
        for (var i = 0; i < pixels.Length; i++)
        {
            double x = i % width / 110.0, y = (i / width - 100) / 90.0;
            pixels[i] = (ushort)(x * x + y * y < 1 ? 20000 + 8000 * Math.Sin(i % width * 0.5) * Math.Cos(i / width * 0.3)
                + random.Next(9000) : random.Next(300));
        }

        return new GreyImage(height, width, 16, pixels);
    }

    private static bool IsInside(PatchFrame frame, Roi roi)
    {
        try
        {
            return frame.Place(roi) is not null;
        }
        catch (MammoException)
        {
            return false;
        }
    }
}
