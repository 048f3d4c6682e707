using System.Collections.Immutable;

namespace Mammo.Evaluation.Localisation;

/// <summary>
/// Free-response ROC curve: share of lesions that are found against false marks an image, for each threshold of the marks (Bunch and others, SPIE 127:124,
/// 1977).
/// </summary>
/// <param name="Thresholds">Distinct scores of marks in descending order, after +∞, at which there are none.</param>
/// <param name="FalsePositivesPerImage">False marks at or above each threshold, over all images, those with lesions too.</param>
/// <param name="Sensitivity">Share of lesions with a mark at or above each threshold.</param>
public sealed record FrocCurve(ImmutableArray<double> Thresholds, ImmutableArray<double> FalsePositivesPerImage, ImmutableArray<double> Sensitivity)
{
    /// <summary>The curve of a set; null when it has no lesions.</summary>
    public static FrocCurve? Of(LocalisedSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.LesionCount == 0)
            return null;
        var (counts, ranking) = (set.Froc.Counts, set.Froc.Ranking);
        // Lesions without a mark rank last: they are no point of the curve.
        var points = ranking.Ends.Length + (double.IsNegativeInfinity(ranking.Lowest) ? 0 : 1);
        return new FrocCurve(
            [double.PositiveInfinity, .. ranking.Ends.Take(points - 1).Select(end => ranking.ScoreAt(end - 1))],
            [.. counts.False.Take(points).Select(marks => marks / set.ImageCount)],
            [.. counts.True.Take(points).Select(found => found / set.LesionCount)]);
    }
}
