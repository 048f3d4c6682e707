using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Sweeps;

namespace Mammo.Scoring.Heatmaps;

/// <summary>An image made ready for its heatmap.</summary>
/// <param name="Film">What the image says of itself.</param>
/// <param name="Prepared">The whole image as the network's card wants it.</param>
/// <param name="Places">Where the heatmap's positions lie in it.</param>
/// <param name="Frame">The patches of a sweep; null for a forward heatmap.</param>
internal sealed record HeatmapInput(FilmFacts Film, PreparedImage Prepared, HeatmapGeometry Places, SweepFrame? Frame);
