using Mammo.Data.Datasets;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Heatmaps;

/// <summary>What became of one image: a heatmap, or the reason why there is none; and what was noticed for the first time in this run.</summary>
/// <param name="Image">The image.</param>
/// <param name="Heatmap">Its heatmap; null after a failure.</param>
/// <param name="Failure">Why there is none; null otherwise.</param>
/// <param name="NewWarnings">Warnings that no earlier image of the run had.</param>
public sealed record HeatmapResult(MammoImage Image, MammoHeatmap? Heatmap, MammoException? Failure, IReadOnlyList<Finding> NewWarnings);
