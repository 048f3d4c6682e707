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

    /// <summary>Multiply-adds in parts of those of the layers as they are defined (tiles at the border are counted whole), and megabytes of maps and scratch
    /// for two threads.</summary>
    [Theory]
    [InlineData("vgg16", 0.254, 0.234, 11)]
    [InlineData("vgg19", 0.254, 0.238, 11)]
    [InlineData("resnet50", 0.741, 0.724, 4)]
    [InlineData("inception_v3", 0.848, 0.837, 3)]
    [InlineData("xception", 1.051, 1.031, 9)]
    [InlineData("yaroslav", 0.329, 0.299, 5)]
    public void Of_a_film_stay_as_they_are(string architecture, double all, double skipped, double megabytes)
    {
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = architecture, WidthMultiplier = 1.0 / 4 }, 1);
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
