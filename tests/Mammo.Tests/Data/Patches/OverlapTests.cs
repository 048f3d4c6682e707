using System.Globalization;
using System.Text.Json;
using Mammo.Data.Images;
using Mammo.Data.Rois;

namespace Mammo.Tests.Data.Patches;

public sealed class OverlapTests
{
    private static readonly string Folder = Shared.Data("oracle", "image", "overlap");

    [Fact]
    public void Overlap_tests_decide_as_the_original()
    {
        var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "cases.json"))).RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.NotEmpty(cases);
        foreach (var group in cases.GroupBy(item => item.GetProperty("mask").GetString()!))
        {
            var counts = new MaskCounts(TestImage.ReadMask(Folder, group.Key));
            foreach (var item in group)
            {
                var overlap = counts.Overlap(new PixelPoint(Int(item, "x"), Int(item, "y")), Int(item, "patch"));
                Assert.Equal(new PatchOverlap(Int(item, "inter_area"), Int(item, "roi_area"), Int(item, "patch_area")), overlap);
                Assert.All(item.GetProperty("decision_by_cutoff").EnumerateObject(), decision =>
                    Assert.Equal(decision.Value.GetBoolean(), overlap.Exceeds(double.Parse(decision.Name, CultureInfo.InvariantCulture))));
            }
        }
    }

    private static int Int(JsonElement item, string name) => item.GetProperty(name).GetInt32();
}
