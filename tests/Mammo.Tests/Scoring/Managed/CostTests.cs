using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Managed;

namespace Mammo.Tests.Scoring.Managed;

/// <summary>What a fixed film costs, counted: a network that became slower is seen on any machine, however busy.</summary>
public sealed class CostTests
{
    private static readonly ImageSize Size = new(384, 288);

    /// <summary>
    /// Multiply-adds in parts of those of the layers as they are defined (tiles at the border are counted whole, pixels that patches share as often as they are
    /// computed, rows that a pool's areas share once), and megabytes of maps and scratch for two threads. All maps of a chain are there at a time, which counts
    /// most where depthwise convolutions are.
    /// </summary>
    [Theory]
    [InlineData("vgg16", 0.256, 0.233, 37)]
    [InlineData("vgg19", 0.256, 0.237, 37)]
    [InlineData("resnet50", 0.774, 0.766, 13)]
    [InlineData("inception_v3", 0.936, 0.902, 9)]
    [InlineData("xception", 1.092, 1.06, 36)]
    [InlineData("yaroslav", 0.496, 0.417, 24)]
    [InlineData("resnet_small", 0.791, 0.712, 4)]
    public void Of_a_film_stay_as_they_are(string architecture, double all, double skipped, double megabytes)
    {
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = architecture, WidthMultiplier = 3.0 / 4 }, 1);
        var film = ImageReader.Read(Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00041_LEFT_CC.png"));
        var plane = new Preparation { Size = Size, RescaleFactor = 255.0 / 65535, FeaturewiseMean = 52 }.Apply(film).Plane;
        var defined = ComputeCost.MultiplyAdds(model.Graph, Size);
        var found = new[] { false, true }.Select(skips =>
        {
            using var engine = new ManagedEngine(model.Graph, model.Weights, new ManagedOptions { Threads = 2, Lanes = 4, SkipBackground = skips });
            var sum = 0L;
            engine.Observe = (step, pass) => sum += step is TileStep tiles
                ? tiles.MultiplyAddsOfTile * (pass.WorkOf(step)?.Tiles.Length ?? tiles.Grid.Count) : 0;
            engine.Run(new PlaneBatch(Size.Height, Size.Width, [plane.Values]), TestContext.Current.CancellationToken);
            return (Share: (double)sum / defined, Megabytes: engine.MemoryLength * sizeof(float) / 1e6);
        }).ToArray();
        Assert.Equal((all, skipped, megabytes), (Math.Round(found[0].Share, 3), Math.Round(found[1].Share, 3), Math.Round(found[1].Megabytes)));
    }
}
