using System.Collections.Immutable;
using System.Globalization;
using Mammo.Evaluation.Roc;

namespace Mammo.Evaluation.Measurement;

/// <summary>How well predictions agree with known classes.</summary>
public sealed record MammoMeasurement
{
    private const int EnoughToJudgeOrder = 20;
    private const double LowestPlausibleAuc = 0.35;

    /// <summary>The part of the predictions that was measured; null for all of them.</summary>
    public MeasurementGroup? Group { get; init; }

    /// <summary>What one sample is: an image, a breast or a patient.</summary>
    public EvaluationUnit Unit => Evaluation.Unit;

    /// <summary>How the scores of a breast's or patient's images became one; null for images.</summary>
    public UnitScore? Aggregate { get; init; }

    /// <summary>Samples with a known class and a score.</summary>
    public required int Count { get; init; }

    /// <summary>Images left out because their class is unknown.</summary>
    public required int Unlabelled { get; init; }

    /// <summary>Images left out because the model has no output for their class, by that class.</summary>
    public NamedTable<int> WithoutOutput { get; init; } = NamedTable.None<int>();

    /// <summary>Images left out because they have no score, by name, with the reason where it is known.</summary>
    public ImmutableArray<string> Unscored { get; init; } = [];

    /// <summary>Names of images that are there more than once; each counts as often.</summary>
    public ImmutableArray<string> Repeated { get; init; } = [];

    /// <summary>Samples of the positive class (the last one).</summary>
    public required int Positives { get; init; }

    /// <summary>Mean of the classes' areas under the ROC curve, the original's criterion; NaN when a class has no or all images.</summary>
    public required double Auc { get; init; }

    /// <summary>
    /// 95% interval (DeLong) of the area of the positive class (the last one), which counts samples as independent; null for weighted samples, or fewer than
    /// two of a kind. Of patients with several images each <see cref="AucEstimate"/> has the better one.
    /// </summary>
    public required AucInterval? AucInterval { get; init; }

    /// <summary>One-vs-rest area of each class; NaN where it is undefined.</summary>
    public required NamedTable<double> ClassAuc { get; init; }

    /// <summary>Share of images whose most probable class is the true one, 0..1, weighted like the areas.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Samples of each class.</summary>
    public required NamedTable<int> ClassCount { get; init; }

    /// <summary>Number of images from which the samples were made.</summary>
    public int Images => Evaluation.Images;

    /// <summary>Number of breasts; null when sides are not known.</summary>
    public int? Breasts => Evaluation.Breasts;

    /// <summary>Number of patients; null when they are not known.</summary>
    public int? Patients => Evaluation.Patients;

    /// <summary>Images whose patient is not known beside others whose patient is: then every image counts as a patient of its own.</summary>
    public int PatientsUnknown { get; init; }

    /// <summary>The area of the positive class (the last one) with the interval to read: by patient where patients are known.</summary>
    public Estimate AucEstimate => Evaluation[Statistic.Auc];

    /// <summary>Every statistic of the positive class with its intervals, operating points and curves.</summary>
    public required EvaluationResult Evaluation { get; init; }

    /// <summary>Hashes of the splits that the images' datasets are parts of; empty when they were not split, or it is not known.</summary>
    public string SplitHash { get; init; } = "";

    /// <summary>SHA-256 of the images' file names, classes and patients in order: what was measured.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>How the predictions were made: models, weights, preparation, flips, engine. Empty when it is not known.</summary>
    public string Inference { get; init; } = "";

    /// <summary>What makes the numbers doubtful.</summary>
    public FindingList Warnings => new(Doubts());

    /// <inheritdoc/>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "AUC {0:0.0000} ({1} {3}, {2} positive)", Auc, Count, Positives, Units);

    private string Units => Unit == EvaluationUnit.Breast ? "breasts" : Unit == EvaluationUnit.Patient ? "patients" : "images";

    private string Prefix => Group is null ? "" : $"{Group}: ";

    private IEnumerable<Finding> Doubts()
    {
        foreach (var finding in SampleFindings.Of(Unscored, Repeated))
            yield return finding;
        if (WithoutOutput.Count > 0)
            yield return new Finding(
                ErrorIds.ModelClassMismatch,
                $"{WithoutOutput.Values.Sum()} images are left out because the model has no output for their classes ({WithoutOutput}).");
        if (PatientsUnknown > 0)
            yield return new Finding(
                ErrorIds.PatientMissing,
                $"{Prefix}The patients of {PatientsUnknown} images are not known, so every image counts as a patient of its own and the intervals are too "
                + "narrow.")
            {
                SuggestedFix = "Fill in the patient of every image.",
            };
        if (Inference.Contains(" | ", StringComparison.Ordinal) && Group is null)
            yield return new Finding(ErrorIds.PredictionsMixed, "The predictions were made in several ways; Inference names them.");
        if (double.IsNaN(Auc))
        {
            yield return new Finding(
                ErrorIds.ClassEmpty, $"{Prefix}The area under the ROC curve is undefined: the {Units} are not of every class ({ClassCount}).");
        }
        else if (Auc < LowestPlausibleAuc && Count >= EnoughToJudgeOrder)
        {
            var classes = string.Join(", ", ClassCount.Keys);
            var evidence = string.Create(CultureInfo.CurrentCulture, $"{Prefix}The AUC of {Auc:0.000} is far below one half");
            yield return new Finding(
                ErrorIds.ClassOrderReversed, $"{evidence}: the order of the classes ({classes}) is probably reversed in the model or in the dataset.")
            {
                SuggestedFix = "Check -Class of Import-MammoModel and Import-MammoDataset.",
            };
        }

        if (AucEstimate.WithoutInterval is { } reason && reason != Reasons.Weighted)
        {
            yield return new Finding(
                ErrorIds.IntervalWithoutWidth, $"{Prefix}The interval of the AUC of {Count} {Units} is undefined: {reason}.");
        }
    }
}

/// <summary>The predictions that share a value of a property.</summary>
/// <param name="Property">Name of the property.</param>
/// <param name="Value">Its value.</param>
public sealed record MeasurementGroup(string Property, string Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Property} {Value}";
}
