using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Networks.Storage;

/// <summary>The whole-image models that were published with end2end-all-conv, known by their file names: what their cards must say is in no file.</summary>
public static class PublishedModels
{
    private const double RescaleFactor = 0.003891;

    private static readonly ImageSize Size = new(1152, 896);

    /// <summary>The published files.</summary>
    public static ImmutableArray<PublishedModel> All { get; } =
    [
        new("ddsm_resnet50_s10_[512-512-1024]x2.h5", "CBIS-DDSM", 52.18),
        new("ddsm_vgg16_s10_512x1.h5", "CBIS-DDSM", 52.18),
        new("ddsm_vgg16_s10_[512-512-1024]x2_hybrid.h5", "CBIS-DDSM", 52.18),
        new("ddsm_YaroslavNet_s10.h5", "CBIS-DDSM", 52.18),
        new("inbreast_vgg16_512x1.h5", "INbreast", 44.33),
        new("inbreast_vgg16_[512-512-1024]x2_hybrid.h5", "INbreast", 44.33),
    ];

    /// <summary>Fills a card when the file has a published name and the network fits it.</summary>
    /// <param name="card">What the file says.</param>
    /// <param name="path">The file.</param>
    /// <param name="graph">The network.</param>
    /// <param name="notes">Takes what was filled in, or why not.</param>
    internal static ModelCard Fill(ModelCard card, string path, LayerGraph graph, ICollection<string> notes)
    {
        var name = Path.GetFileName(path);
        if (All.FirstOrDefault(model => string.Equals(model.FileName, name, StringComparison.OrdinalIgnoreCase)) is not { } published)
            return card;
        var outputs = ShapeInference.Infer(graph)[graph.Outputs[0]];
        if (outputs != TensorShape.Of(2) || (card.ImageSize is { } size && size != Size))
        {
            notes.Add($"The file is named like a published model, but has outputs {outputs} and image size {card.ImageSize?.ToString() ?? "open"}; "
                + "its card was not filled in.");
            return card;
        }

        notes.Add($"The file name is that of a model published with end2end-all-conv ({published.Database}): classes neg and pos, image size {Size}, "
            + FormattableString.Invariant(
                $"rescale factor {RescaleFactor} (16 bit) and mean {published.FeaturewiseMean} were filled in. Its licence is not known."));
        return card with
        {
            Classes = ["neg", "pos"],
            ImageSize = Size,
            RescaleFactor = RescaleFactor,
            FeaturewiseMean = published.FeaturewiseMean,
            TrainedOn = published.Database,
            Lineage = [.. card.Lineage, "published by Li Shen with end2end-all-conv as " + published.FileName],
        };
    }
}

/// <summary>A published whole-image model.</summary>
/// <param name="FileName">Name of its file.</param>
/// <param name="Database">Images that it was trained on.</param>
/// <param name="FeaturewiseMean">Mean of its training images on the 0..255 scale.</param>
public sealed record PublishedModel(string FileName, string Database, double FeaturewiseMean);
