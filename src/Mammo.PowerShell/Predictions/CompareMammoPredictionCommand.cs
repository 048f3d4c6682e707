using System.Collections;
using System.Management.Automation;
using Mammo.Evaluation;
using Mammo.Evaluation.Comparison;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>Compares two runs on the same images: the difference of every statistic with its interval, and tests that pair the images.</summary>
[Cmdlet(VerbsData.Compare, "MammoPrediction")]
[OutputType(typeof(PredictionComparison))]
public sealed class CompareMammoPredictionCommand : MammoCmdlet
{
    private PredictionCollector _first = null!;
    private PredictionCollector _second = null!;

    /// <summary>Predictions of the first run, as Invoke-MammoPredict, Import-Csv, ConvertFrom-Json or Import-Clixml give them.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public PSObject[] ReferenceObject { get; set; } = [];

    /// <summary>Predictions of the second run, whose differences from the first are measured.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [NotEmpty]
    public PSObject[] DifferenceObject { get; set; } = [];

    /// <summary>What one sample is: Image, Breast (the images of one side of a patient) or Patient. Intervals and tests are by patient in any case.</summary>
    [Parameter]
    public EvaluationUnit By { get; set; }

    /// <summary>How the scores of a breast's or patient's images become one: their Mean, or the Max.</summary>
    [Parameter]
    public UnitScore Aggregate { get; set; }

    /// <summary>Replicates of the paired bootstrap by patient, which gives every difference an interval and a test; 0 for none, 2000 are usual.</summary>
    [Parameter]
    [InRange(0, 1_000_000)]
    public int Bootstrap { get; set; }

    /// <summary>Seed of the bootstrap.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Thresholds of both runs, or one for both, at which sensitivity and specificity are compared by McNemar's test.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    public double[] Threshold { get; set; } = [];

    /// <summary>Measurements of validation images by the first and by the second model, whose thresholds are taken.</summary>
    [Parameter]
    [ValidateCount(2, 2)]
    public MammoMeasurement[] ThresholdFrom { get; set; } = [];

    /// <summary>Which of the measurements' thresholds is taken: Youden, or one for a sensitivity or specificity.</summary>
    [Parameter]
    [OneOf("Youden", "sensitivity 0.80", "sensitivity 0.90", "sensitivity 0.95", "specificity 0.80", "specificity 0.90", "specificity 0.95")]
    [ArgumentCompleter(typeof(OperatingPointCompleter))]
    public string OperatingPoint { get; set; } = "Youden";

    /// <summary>Names of the records' columns where they differ: @{ path = 'file'; label = 'truth'; score = 'p'; patient = 'id' }.</summary>
    [Parameter]
    [NotNull]
    public Hashtable? Column { get; set; }

    /// <summary>Which class of the records belongs to which of the scores, where the names differ: @{ MALIGNANT = 'pos'; BENIGN = 'neg' }.</summary>
    [Parameter]
    [NotNull]
    public Hashtable? ClassMap { get; set; }

    /// <summary>Compare on patients too on whose images a model was trained.</summary>
    [Parameter]
    public SwitchParameter AllowLeakage { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => (_first, _second) = (new(Column, ClassMap, []), new(Column, ClassMap, []));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in DifferenceObject)
            Require(() => Added(_second, item), item);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var item in ReferenceObject)
            Require(() => Added(_first, item), item);
        Finding?[] found = [Require(_first.Finish), Require(_second.Finish), _first.Builder.UnscoredFinding, _second.Builder.UnscoredFinding];
        foreach (var finding in found.OfType<Finding>().DistinctBy(finding => finding.Message))
            WriteFinding(finding);
        var options = new MeasurementOptions
        {
            Unit = By,
            Aggregate = Aggregate,
            AllowLeakage = AllowLeakage,
            Evaluation = new EvaluationOptions { Bootstrap = Bootstrap, Seed = Seed },
        };
        var comparison = Require(() => PredictionComparison.Of(_first.Builder, _second.Builder, options, Thresholds(options), StopToken));
        foreach (var warning in comparison.Warnings)
            WriteFinding(warning);
        WriteObject(comparison);
        base.EndProcessing();
    }

    // A prediction that is left out of one run alone would make the two test sets differ.
    private static bool Added(PredictionCollector collector, PSObject item)
    {
        collector.Add(item);
        return true;
    }

    private (double First, double Second)? Thresholds(MeasurementOptions options)
    {
        if (Threshold.Length > 0 && ThresholdFrom.Length > 0)
            throw new MammoException(ErrorIds.EvaluationOptionInvalid, "-Threshold and -ThresholdFrom exclude each other.", "Give one of them.");
        if (ThresholdFrom is [var first, var second])
            return (Chosen(first, _first.Builder, options), Chosen(second, _second.Builder, options));
        if (Array.Exists(Threshold, value => !double.IsFinite(value)))
            throw new MammoException(ErrorIds.EvaluationOptionInvalid, "A threshold is no number.", "Give scores, such as 0.35.");
        return Threshold.Length > 0 ? (Threshold[0], Threshold[^1]) : null;
    }

    private double Chosen(MammoMeasurement validation, MeasurementBuilder builder, MeasurementOptions options)
    {
        var name = $"validation: {OperatingPoint}";
        return FrozenThresholds.From(validation, builder.Inference, options)
            .First(threshold => threshold.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }
}
