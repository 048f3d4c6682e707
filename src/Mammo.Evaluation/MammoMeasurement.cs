using System.Globalization;

namespace Mammo.Evaluation;

/// <summary>How well predictions agree with known classes.</summary>
public sealed record MammoMeasurement
{
    /// <summary>Images with a known class and a score.</summary>
    public required int Count { get; init; }

    /// <summary>Images left out because their class is unknown.</summary>
    public required int Unlabelled { get; init; }

    /// <summary>Images of the positive class (the last one).</summary>
    public required int Positives { get; init; }

    /// <summary>Mean of the classes' areas under the ROC curve, the original's criterion; NaN when a class has no or all images.</summary>
    public required double Auc { get; init; }

    /// <summary>95% interval (DeLong) of the area of the positive class (the last one); null for weighted images, or fewer than two of a kind.</summary>
    public required AucInterval? AucInterval { get; init; }

    /// <summary>One-vs-rest area of each class; NaN where it is undefined.</summary>
    public required ScoreTable ClassAuc { get; init; }

    /// <summary>Share of images whose most probable class is the true one, 0..1, weighted like the areas.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Images of each class.</summary>
    public required ScoreTable ClassCount { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Format(CultureInfo.CurrentCulture, "AUC {0:0.0000} ({1} images, {2} positive)", Auc, Count, Positives);
}
