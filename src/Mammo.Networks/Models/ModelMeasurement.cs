using System.Collections.Immutable;
using Mammo.Evaluation;

namespace Mammo.Networks.Models;

/// <summary>How a model did on images that it was not trained on, as its card tells it.</summary>
/// <param name="MeasuredOn">Which images.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Positives">How many are of the positive class.</param>
/// <param name="Auc">Area under the ROC curve of the positive class (the last one), to which the interval belongs.</param>
/// <param name="Lower">Lower end of its 95% interval; null when there is none.</param>
/// <param name="Upper">Upper end of its 95% interval.</param>
public sealed record ModelMeasurement(string MeasuredOn, int Count, int Positives, double Auc, double? Lower, double? Upper)
{
    /// <summary>A measurement in a card's words.</summary>
    public static ModelMeasurement Of(MammoMeasurement measurement, string measuredOn)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        return new ModelMeasurement(measuredOn, measurement.Count, measurement.Positives, measurement.ClassAuc.Values.Last(), measurement.AucInterval?.Lower, measurement.AucInterval?.Upper);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"AUC {Auc:0.000}{(Lower is null ? "" : FormattableString.Invariant($" (95% interval {Lower:0.000} to {Upper:0.000})"))} on {MeasuredOn}, {Count} images, {Positives} positive");
}
