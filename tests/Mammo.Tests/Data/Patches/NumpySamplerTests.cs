using System.Text.Json;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Numerics;
using Mammo.Data.Patches;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Patches;

public sealed class NumpySamplerTests
{
    private static readonly string Folder = Shared.Data("oracle", "image", "sampling");

    public static TheoryData<string> Pairs =>
        [.. Directory.GetFiles(Folder, "pair*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Places_and_names_are_the_originals(string name)
    {
        var (oracle, frame, roi, options) = Load(name);
        var sample = NumpySampler.Sample(frame, [roi], options);
        Assert.Empty(sample.Warnings);

        Assert.Equal(Points(oracle, "abn_xy"), sample.Places.Where(place => place.Class != "background").Select(place => place.Centre));
        Assert.Equal(Points(oracle, "blob_xy"), sample.Places.Where(place => place.Source == PatchSource.HardNegative).Select(place => place.Centre));
        Assert.Equal(
            Points(oracle, "bkg_xy"), sample.Places.Where(place => place.Source == PatchSource.Background).Select(place => place.Centre));
        Assert.All(oracle.GetProperty("files").EnumerateObject(), folder => Assert.Equal(
            folder.Value.EnumerateArray().Select(file => file.GetString()),
            sample.Places.Where(place => place.Class == folder.Name).Select(place => place.FileName("P_1_LEFT_CC")).Order(StringComparer.Ordinal)));
        if (options.Abnormality > 1)
            Assert.Equal(oracle.GetProperty("final_pos_cutoff").GetDouble(), sample.Cutoff!.Value, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Patches_have_the_originals_pixels(string name)
    {
        var (oracle, frame, roi, options) = Load(name);
        var sample = NumpySampler.Sample(frame, [roi], options);
        ComparePixels(oracle.GetProperty("abn_min_max_sum"), frame, sample.Places.Where(place => place.Class != "background"), options.PatchSize);
        ComparePixels(oracle.GetProperty("blob_min_max_sum"), frame, sample.Places.Where(place => place.Source == PatchSource.HardNegative), options.PatchSize);
        ComparePixels(
            oracle.GetProperty("bkg_min_max_sum"),
            frame,
            sample.Places.Where(place => place.Source == PatchSource.Background),
            options.PatchSize);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_frame_and_the_region_are_the_originals(string name)
    {
        var (oracle, frame, roi, options) = Load(name);
        var shape = oracle.GetProperty("padded_shape");
        Assert.Equal(new ImageSize(shape[0].GetInt32(), shape[1].GetInt32()), frame.Image.Size);
        var placed = frame.Place(roi);
        var box = oracle.GetProperty("roi_bbox_padded_xywh");
        Assert.Equal(new PixelBox(box[0].GetInt32(), box[1].GetInt32(), box[2].GetInt32(), box[3].GetInt32()), placed.Box);
        Assert.Equal(Point(oracle.GetProperty("roi_centroid_padded")), placed.Centre);
        Assert.Equal(oracle.GetProperty("roi_area").GetInt32(), placed.Counts.Total);
        foreach (var (points, overlaps) in new[] { ("abn_xy", "abn_overlap_roi_and_patch"), ("blob_xy", "blob_overlap"), ("bkg_xy", "bkg_overlap") })
        {
            Assert.All(Points(oracle, points).Paired(oracle.GetProperty(overlaps).EnumerateArray()), pair =>
            {
                var overlap = placed.Counts.Overlap(pair.First, options.PatchSize);
                Assert.Equal(pair.Second[0].GetDouble(), (double)overlap.Shared / overlap.Region, 1e-6);
                Assert.Equal(pair.Second[1].GetDouble(), (double)overlap.Shared / overlap.Patch, 1e-6);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Spots_and_their_order_are_the_originals(string name)
    {
        var (oracle, frame, _, options) = Load(name);
        var spots = BlobDetector.ForPatches(options.PatchSize).Detect(frame.Image);
        var expected = oracle.GetProperty("keypoints_in_detector_order").EnumerateArray().ToArray();
        Assert.Equal(expected.Length, spots.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i][0].GetDouble(), (double)spots[i].X, 0.01);
            Assert.Equal(expected[i][1].GetDouble(), (double)spots[i].Y, 0.01);
        }

        Assert.Equal(
            oracle.GetProperty("permutation_of_keypoints").EnumerateArray().Select(item => item.GetInt32()), new NumpyRandom(12345).Permutation(spots.Count));
    }

    private static void ComparePixels(JsonElement expected, PatchFrame frame, IEnumerable<PatchPlace> places, int patchSize)
    {
        var patches = places.Select(place => frame.Cut(place.Centre)).ToArray();
        Assert.Equal(expected.GetArrayLength(), patches.Length);
        Assert.All(expected.EnumerateArray().Paired(patches), pair =>
        {
            Assert.Equal((patchSize, patchSize), (pair.Second.Height, pair.Second.Width));
            Assert.InRange(pair.Second.Pixels.Min(), pair.First[0].GetInt32() - 1, pair.First[0].GetInt32() + 1);
            Assert.InRange(pair.Second.Pixels.Max(), pair.First[1].GetInt32() - 1, pair.First[1].GetInt32() + 1);
            var sum = pair.Second.Pixels.Sum(value => (long)value);
            Assert.InRange(sum, pair.First[2].GetInt64() - patchSize * patchSize, pair.First[2].GetInt64() + patchSize * patchSize);
        });
    }

    private static (JsonElement Oracle, PatchFrame Frame, Roi Roi, PatchSetOptions Options) Load(string name)
    {
        var oracle = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json"))).RootElement;
        var config = oracle.GetProperty("config");
        var target = config.GetProperty("target");
        var options = new PatchSetOptions
        {
            Compatibility = PatchCompatibility.Numpy12345,
            Labelling = PatchLabelling.TypeAndPathology,
            PatchSize = config.GetProperty("patch_size").GetInt32(),
            PositiveCutoff = config.GetProperty("pos_cutoff").GetDouble(),
            NegativeCutoff = config.GetProperty("neg_cutoff").GetDouble(),
            Background = config.GetProperty("nb_bkg").GetInt32(),
            Abnormality = config.GetProperty("nb_abn").GetInt32(),
            HardNegative = config.GetProperty("nb_hns").GetInt32(),
            SegmentBreast = oracle.GetProperty("segment_breast").GetBoolean(),
            TargetHeight = target[1].ValueKind == JsonValueKind.Null ? target[0].GetInt32() : null,
            Size = target[1].ValueKind == JsonValueKind.Null ? null : new ImageSize(target[0].GetInt32(), target[1].GetInt32()),
        };
        var roi = new Roi(new RoiMaskFile(Path.Combine(Folder, name + "_mask.png")))
        {
            Type = config.GetProperty("itype").GetString(),
            Pathology = config.GetProperty("pos").GetBoolean() ? "MALIGNANT" : "BENIGN",
        };
        return (oracle, new PatchFrame(ImageReader.Read(Path.Combine(Folder, name + "_img.png")), options), roi, options);
    }

    private static PixelPoint Point(JsonElement item) => new(item[0].GetInt32(), item[1].GetInt32());

    private static IEnumerable<PixelPoint> Points(JsonElement oracle, string name) => oracle.GetProperty(name).EnumerateArray().Select(Point);
}
