using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Heatmaps;

namespace Mammo.Tests.Scoring.Heatmaps;

/// <summary>Small models and images for heatmaps.</summary>
internal static class HeatmapRuns
{
    public static readonly string Portrait = Shared.Data("oracle", "images", "img00_u16_288x224.png");

    public static readonly string Square = Shared.Data("oracle", "images", "img03_u8_224x224.png");

    /// <summary>A patch classifier of three classes; 32 pixels a cell.</summary>
    public static MammoModel Patch() =>
        ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1.0 / 16, Classes = ["background", "ben", "mal"] }, 1);

    public static PredictorOptions Images(EngineKind engine = EngineKind.Torch, double rescaleFactor = 255.0 / 65535, ImageSize? size = null) =>
        new() { Engine = engine, Preparation = new() { ImageSize = size, RescaleFactor = rescaleFactor, FeaturewiseMean = 52 } };

    public static List<HeatmapResult> Run(MammoModel model, HeatmapOptions options, params string[] images)
    {
        using var maker = new HeatmapMaker(model, options);
        return [.. images.Select(path => new MammoImage(path)).SelectMany(maker.Add).Concat(maker.Finish())];
    }

    public static MammoHeatmap One(MammoModel model, HeatmapOptions options, string image)
    {
        var result = Assert.Single(Run(model, options, image));
        Assert.Null(result.Failure);
        return result.Heatmap!;
    }
}
