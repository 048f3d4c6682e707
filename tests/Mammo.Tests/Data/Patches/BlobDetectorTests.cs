using System.Text.Json;
using Mammo.Data.Images;
using Mammo.Data.Patches;

namespace Mammo.Tests.Data.Patches;

public sealed class BlobDetectorTests
{
    private static readonly string Folder = Shared.Data("oracle", "image", "sampling");

    [Fact]
    public void Key_points_are_OpenCVs()
    {
        var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "blobs.json"))).RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.NotEmpty(cases);
        foreach (var item in cases)
        {
            var image = TestImage.Read(Folder, item.GetProperty("image").GetString()!);
            var detector = new BlobDetector(
                item.GetProperty("min_area").GetDouble(),
                item.GetProperty("roi_size")[0].GetDouble() * item.GetProperty("roi_size")[1].GetDouble(),
                item.GetProperty("min_threshold").GetInt32(),
                item.GetProperty("max_threshold").GetInt32(),
                item.GetProperty("step").GetInt32());
            var found = detector.DetectBytes(image.Height, image.Width, Array.ConvertAll(image.Pixels, value => (byte)value));
            var expected = item.GetProperty("keypoints_x_y_size").EnumerateArray().ToArray();
            Assert.Equal(expected.Length, found.Count);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i][0].GetDouble(), (double)found[i].X, 1e-4);
                Assert.Equal(expected[i][1].GetDouble(), (double)found[i].Y, 1e-4);
                Assert.Equal(expected[i][2].GetDouble(), (double)found[i].Size, 1e-3);
            }
        }
    }

    [Fact]
    public void A_black_image_has_no_spots() => Assert.Empty(BlobDetector.ForPatches(8).Detect(new GreyImage(9, 9, 8, new ushort[81])));
}
