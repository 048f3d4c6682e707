using Mammo.Data.Datasets;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Rois;
using Mammo.PowerShell.Common;
using Mammo.Tests.Data.Patches;

namespace Mammo.Tests.Data.Examination;

public sealed class DatasetCheckTests
{
    private static readonly Preparation Model = new() { RescaleFactor = 255.0 / 65535, FeaturewiseMean = 90, Size = new ImageSize(200, 140) };

    [Fact]
    public void Good_sets_have_no_findings()
    {
        var root = Shared.NewFolder();
        var report = new DatasetCheck { Preparation = Model }.Run([Set(root, "train", 0, 10), Set(root, "test", 10, 10)]);
        Assert.Empty(report.Findings);
        Assert.Equal(["train", "test"], report.Sets.Select(set => set.Name));
        Assert.All(report.Sets, set => Assert.Equal((10, 10, 0, 5, 5), (set.Count, set.Patients, set.Unreadable, set.Classes["neg"], set.Classes["pos"])));
        Assert.All(report.Sets, set => Assert.Equal([new ImageSize(200, 140)], set.Sizes));
        Assert.All(report.Sets, set => Assert.InRange(set.Mean, 85, 105));
    }

    [Fact]
    public void Shared_patients_and_pictures_are_told()
    {
        var root = Shared.NewFolder();
        var (train, test) = (Set(root, "train", 0, 10), Set(root, "test", 10, 10));
        var copy = Path.Combine(root, "copy.bmp.png");
        // Another file with the same pixels: one more bit of depth would be another image, another compression is not.
        PngWriter.Write(copy, ImageReader.Read(train.Images[3].Path));
        File.AppendAllText(copy, "trailing");
        test = test with
        {
            Images = [
            .. test.Images.Skip(1), test.Images[0] with { Patient = "P2" }, new MammoImage(copy) { Patient = "P99", Class = "neg", Label = 0 }]
        };
        var findings = new DatasetCheck { Preparation = Model }.Run([train, test]).Findings;
        Assert.Contains(findings, finding => finding.Id == ErrorIds.DataLeakage && finding.Patient == "P2");
        Assert.Contains(findings, finding => finding.Id == ErrorIds.DataLeakage && finding.Message.Contains("copy.bmp.png", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Id == ErrorIds.RowsContradict);
        Assert.Equal(3, findings.Length);
    }

    [Fact]
    public void Everything_else_that_is_wrong_is_told_and_the_rest_goes_on()
    {
        var root = Shared.NewFolder();
        MammoImage Image(string name, GreyImage image, params Roi[] rois)
        {
            PngWriter.Write(Path.Combine(root, name), image);
            return new MammoImage(Path.Combine(root, name)) { Patient = name, Class = "neg", Label = 0, Rois = [.. rois] };
        }

        var breast = DefaultSamplerTests.Breast(1);
        var mask = Image("mask.png", new GreyImage(100, 90, 8, [.. Enumerable.Repeat((ushort)1, 9000)])).Path;
        MammoImage[] images =
        [
            Image("good.png", breast, new Roi(new RoiCircle(60, 90, 9))),
            Image("black.png", new GreyImage(9, 9, 16, new ushort[81])),
            Image("negative.png", new GreyImage(200, 140, 16, Array.ConvertAll(breast.Pixels, value => (ushort)(65535 - value)))),
            Image("byte.png", new GreyImage(200, 140, 8, Array.ConvertAll(breast.Pixels, value => (ushort)(value >> 8)))),
            Image("wide.png", SmoothResize.Apply(breast, new ImageSize(100, 300))),
            Image("rois.png", DefaultSamplerTests.Breast(2), new Roi(new RoiMaskFile(mask)),
                new Roi(null as RoiShape) { Number = 2 }, new Roi(new RoiCircle(900, 90, 9)) { Number = 3 },
                new Roi(new RoiMaskFile(mask + "x")) { Number = 4 }),
            new MammoImage(Path.Combine(root, "none.png")) { Patient = "none", Class = "neg", Label = 0 },
            new MammoImage(Image("twice.png", breast).Path),
        ];
        var report = new DatasetCheck { Preparation = Model }.Run([new MammoDataset("set", ["neg", "pos"], [.. images])]);
        var ids = report.Findings.GroupBy(finding => finding.Id).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(
            new Dictionary<string, int>
            {
                [ErrorIds.BitDepthMismatch] = 1,
                [ErrorIds.BitDepthMixed] = 1,
                [ErrorIds.ClassEmpty] = 1,
                [ErrorIds.DatasetInvalid] = 1,
                [ErrorIds.FileNotFound] = 2,
                [ErrorIds.ImageConstant] = 1,
                [ErrorIds.ImageInverted] = 1,
                [ErrorIds.ImageSizeDiffers] = 1,
                [ErrorIds.ImageTwice] = 1,
                [ErrorIds.MaximumNot255] = 4,
                [ErrorIds.MinimumNot0] = 1,
                [ErrorIds.PatientMissing] = 1,
                [ErrorIds.RoiEmpty] = 2,
                [ErrorIds.RoiMaskMismatch] = 1,
                [ErrorIds.RowsContradict] = 1,
            }.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            ids.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Contains(report.Findings, finding => finding.Id == ErrorIds.BitDepthMismatch && finding.Subject!.EndsWith("byte.png", StringComparison.Ordinal));
        // The drawn breasts reach little more than half of the range: all 16-bit ones but the black image and the negative.
        Assert.Equal(
            ["good.png", "rois.png", "twice.png", "wide.png"],
            report.Findings.Where(finding => finding.Id == ErrorIds.MaximumNot255).Select(finding => Path.GetFileName(finding.Subject!)).Order());
        Assert.Equal((8, 1), (report.Sets[0].Count, report.Sets[0].Unreadable));
    }

    [Fact]
    public void A_mean_far_from_the_models_is_told()
    {
        var report = new DatasetCheck { Preparation = Model with { FeaturewiseMean = 20 } }.Run([Set(Shared.NewFolder(), "train", 0, 10)]);
        Assert.Equal(ErrorIds.MeanFarFromData, Assert.Single(report.Findings).Id);
    }

    private static MammoDataset Set(string root, string name, int first, int count) => new(name, ["neg", "pos"], [.. Enumerable.Range(first, count).Select(i =>
    {
        var path = Path.Combine(root, $"{name}{i}.png");
        var breast = DefaultSamplerTests.Breast((uint)i);
        PngWriter.Write(path, AutoLevel.Apply(breast));
        return new MammoImage(path) { Patient = $"P{i}", Class = i % 2 == 0 ? "neg" : "pos", Label = i % 2 };
    })]);
}
