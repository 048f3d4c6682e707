using System.Globalization;

namespace Mammo.Scoring.Heatmaps;

/// <summary>Where a heatmap is highest for a class; of equal positions the first, row by row.</summary>
/// <param name="Path">Full path of the image.</param>
/// <param name="Class">The class.</param>
/// <param name="Value">The class's value there.</param>
/// <param name="Row">Row of the heatmap.</param>
/// <param name="Column">Column of the heatmap.</param>
/// <param name="X">Column of the position's middle in stored pixels.</param>
/// <param name="Y">Row of the position's middle in stored pixels.</param>
public sealed record HeatmapPeak(string Path, string Class, float Value, int Row, int Column, double X, double Y)
{
    /// <inheritdoc/>
    public override string ToString() => string.Format(CultureInfo.CurrentCulture, "{0} {1:0.000} at {2}", Class, Value, new HeatmapPlace(X, Y));
}
