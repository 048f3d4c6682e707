using System.Collections.Immutable;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Heatmaps;

/// <summary>One of the ways to a heatmap, with its model.</summary>
internal interface IHeatmapMethod : IDisposable
{
    /// <summary>How whole images are prepared.</summary>
    ModelPreparation Preparation { get; }

    /// <summary>What runs the network.</summary>
    IEngine Engine { get; }

    /// <summary>Class names in the order of the values.</summary>
    ImmutableArray<string> Classes { get; }

    /// <summary>The values are probabilities.</summary>
    bool IsProbability { get; }

    /// <summary>What was decided about the heatmap, for people.</summary>
    IEnumerable<string> Decisions { get; }

    /// <summary>Prepares an image; called from several threads at once.</summary>
    HeatmapInput Prepare(GreyImage stored);

    /// <summary>Rows × columns × classes values of each image.</summary>
    float[][] Run(IReadOnlyList<HeatmapInput> inputs, CancellationToken cancellation);
}

/// <summary>An image made ready for its heatmap.</summary>
/// <param name="Film">What the image says of itself.</param>
/// <param name="Prepared">The whole image as the network's card wants it.</param>
/// <param name="Places">Where the heatmap's positions lie in it.</param>
/// <param name="Frame">The patches of a sweep; null for a forward heatmap.</param>
internal sealed record HeatmapInput(FilmFacts Film, PreparedImage Prepared, HeatmapGeometry Places, SweepFrame? Frame);
