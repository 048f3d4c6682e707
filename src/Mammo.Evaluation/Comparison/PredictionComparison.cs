using System.Collections.Immutable;
using Mammo.Evaluation.Measurement;

namespace Mammo.Evaluation.Comparison;

/// <summary>Two runs on the same images, compared: is the second one better?</summary>
public sealed record PredictionComparison
{
    private readonly ImmutableArray<Finding> _findings;

    private PredictionComparison(ModelComparison comparison, UnitScore? aggregate, MeasurementBuilder first, MeasurementBuilder second)
    {
        (Comparison, Aggregate, First, Second) = (comparison, aggregate, first.Inference, second.Inference);
        (SplitHash, Fingerprint) = (first.SplitHash, first.Fingerprint);
        _findings = [.. first.Findings.Concat(second.Findings).DistinctBy(finding => finding.Message)];
    }

    /// <summary>What one sample is.</summary>
    public EvaluationUnit Unit => Comparison.Unit;

    /// <summary>How the scores of a breast's or patient's images became one; null for images.</summary>
    public UnitScore? Aggregate { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Comparison.Count;

    /// <summary>Samples of the positive class.</summary>
    public int Positives => Comparison.Positives;

    /// <summary>Number of images from which the samples were made.</summary>
    public int Images => Comparison.Images;

    /// <summary>Number of breasts; null when sides are not known.</summary>
    public int? Breasts => Comparison.Breasts;

    /// <summary>Number of patients; null when they are not known.</summary>
    public int? Patients => Comparison.Patients;

    /// <summary>The areas under the ROC curve, their difference and its tests.</summary>
    public StatisticDifference Auc => Comparison[Statistic.Auc];

    /// <summary>Every statistic of both runs with its difference, second minus first.</summary>
    public ImmutableArray<StatisticDifference> Differences => Comparison.Differences;

    /// <summary>McNemar's tests of sensitivity and specificity; empty without thresholds.</summary>
    public ImmutableArray<McNemar> Decisions => Comparison.Decisions;

    /// <summary>The options in which the runs differ, models and weights among them.</summary>
    public ImmutableArray<OptionDifference> OptionDifferences => [.. InferenceOptions.Differences(First, Second)];

    /// <summary>How the first run was made; empty when unknown.</summary>
    public string First { get; }

    /// <summary>How the second run was made; empty when unknown.</summary>
    public string Second { get; }

    /// <summary>Hashes of the splits that the images' datasets are parts of; empty when they were not split, or it is not known.</summary>
    public string SplitHash { get; }

    /// <summary>SHA-256 of the images' file names, classes and patients in order: what both runs were compared on.</summary>
    public string Fingerprint { get; }

    /// <summary>What makes the comparison doubtful.</summary>
    public FindingList Warnings => new(Doubts());

    private ModelComparison Comparison { get; }

    /// <summary>Compares two runs.</summary>
    /// <param name="first">Predictions of the first run.</param>
    /// <param name="second">Those of the second.</param>
    /// <param name="options">Unit, bootstrap and seed; the rest has no effect.</param>
    /// <param name="thresholds">The threshold of each run; null for no comparison of decisions.</param>
    /// <param name="cancellation">Ends a bootstrap.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.TestSetsDiffer"/>: they are not of the same images, classes and patients; those of
    /// <see cref="MeasurementBuilder.Measure(MeasurementOptions?, CancellationToken)"/>.
    /// </exception>
    public static PredictionComparison Of(
        MeasurementBuilder first,
        MeasurementBuilder second,
        MeasurementOptions options,
        (double First, double Second)? thresholds = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(options);
        if (!string.Equals(first.PositiveClass, second.PositiveClass, StringComparison.OrdinalIgnoreCase))
        {
            throw new MammoException(
                ErrorIds.TestSetsDiffer,
                $"The positive class is '{first.PositiveClass}' in the first run and '{second.PositiveClass}' in the second.",
                "Give both runs the same classes in the same order.");
        }

        var pair = PairedSet.Of(first.ToImages(options), second.ToImages(options)).By(options.Unit, options.Aggregate);
        return new PredictionComparison(
            ModelComparison.Of(pair, thresholds, options.Evaluation, cancellation),
            options.Unit == EvaluationUnit.Image ? null : options.Aggregate,
            first,
            second);
    }

    /// <inheritdoc/>
    public override string ToString() => $"AUC {Auc}";

    private IEnumerable<Finding> Doubts()
    {
        foreach (var finding in _findings)
            yield return finding;
        OptionDifference[] others =
        [
            .. OptionDifferences.Where(difference => difference is { First: not null, Second: not null })
                .Where(difference => difference.Name is not (InferenceOptions.Model or InferenceOptions.Weights)),
        ];
        if (others.Length > 0)
        {
            var names = string.Join("; ", others.Select(difference => difference.ToString()));
            yield return new Finding(
                ErrorIds.RunsDiffer, $"The runs differ in how images were scored ({names}): the difference is not of the models alone.")
            {
                SuggestedFix = "Score both with the same options, unless each model has its own size and preparation.",
            };
        }

        if (First.Length > 0 && First == Second)
            yield return new Finding(ErrorIds.RunsDiffer, "Both runs were made by the same model with the same options.");
        if (Patients is null)
        {
            yield return new Finding(
                ErrorIds.PatientMissing, "Patients are not known, so every image counts as a patient of its own and p-values are too small.");
        }
    }
}
