using System.Globalization;

namespace Mammo.Evaluation;

/// <summary>How well predictions agree with known classes.</summary>
public sealed record MammoMeasurement
{
    private const int EnoughToJudgeOrder = 20;
    private const double LowestPlausibleAuc = 0.35;

    /// <summary>Images with a known class and a score.</summary>
    public required int Count { get; init; }

    /// <summary>Images left out because their class is unknown.</summary>
    public required int Unlabelled { get; init; }

    /// <summary>Images left out because the model has no output for their class, by that class.</summary>
    public NamedTable<int> WithoutOutput { get; init; } = NamedTable.None<int>();

    /// <summary>Images of the positive class (the last one).</summary>
    public required int Positives { get; init; }

    /// <summary>Mean of the classes' areas under the ROC curve, the original's criterion; NaN when a class has no or all images.</summary>
    public required double Auc { get; init; }

    /// <summary>95% interval (DeLong) of the area of the positive class (the last one); null for weighted images, or fewer than two of a kind.</summary>
    public required AucInterval? AucInterval { get; init; }

    /// <summary>One-vs-rest area of each class; NaN where it is undefined.</summary>
    public required NamedTable<double> ClassAuc { get; init; }

    /// <summary>Share of images whose most probable class is the true one, 0..1, weighted like the areas.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Images of each class.</summary>
    public required NamedTable<int> ClassCount { get; init; }

    /// <summary>What makes the numbers doubtful.</summary>
    public FindingList Warnings => new(Doubts());

    /// <inheritdoc/>
    public override string ToString() => string.Format(CultureInfo.CurrentCulture, "AUC {0:0.0000} ({1} images, {2} positive)", Auc, Count, Positives);

    private IEnumerable<Finding> Doubts()
    {
        if (WithoutOutput.Count > 0)
            yield return new Finding(
                ErrorIds.ModelClassMismatch,
                $"{WithoutOutput.Values.Sum()} images are left out because the model has no output for their classes ({WithoutOutput}).");
        if (double.IsNaN(Auc))
        {
            yield return new Finding(ErrorIds.ClassEmpty, $"The area under the ROC curve is undefined: the images are not of every class ({ClassCount}).");
        }
        else if (Auc < LowestPlausibleAuc && Count >= EnoughToJudgeOrder)
        {
            var classes = string.Join(", ", ClassCount.Keys);
            var evidence = string.Create(CultureInfo.CurrentCulture, $"The AUC of {Auc:0.000} is far below one half");
            yield return new Finding(
                ErrorIds.ClassOrderReversed, $"{evidence}: the order of the classes ({classes}) is probably reversed in the model or in the dataset.")
            {
                SuggestedFix = "Check -Class of Import-MammoModel and Import-MammoDataset.",
            };
        }

        if (AucInterval is { StandardError: 0 })
        {
            yield return new Finding(
                ErrorIds.IntervalWithoutWidth,
                $"The interval of the AUC has no width because the scores of {Count} images are perfectly separated, or all equal: they are too few to "
                    + "show how certain it is.");
        }
    }
}
