using System.Collections;
using System.Management.Automation;
using Mammo.Evaluation;
using Mammo.Evaluation.Comparison;
using Mammo.Evaluation.Measurement;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Predictions;

/// <summary>Compares two runs on the same images: the difference of every statistic with its interval, and tests that pair the images.</summary>
[Cmdlet(VerbsData.Compare, "MammoPrediction")]
[OutputType(typeof(PredictionComparison))]
public sealed class CompareMammoPredictionCommand : PredictionCommand
{
    private PredictionCollector? _first;
    private PredictionCollector? _second;

    /// <summary>Predictions of the first run, as Invoke-MammoPredict, Import-Csv, ConvertFrom-Json or Import-Clixml give them.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [NotEmpty]
    public PSObject[] ReferenceObject { get; set; } = [];

    /// <summary>Predictions of the second run, whose differences from the first are measured.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [NotEmpty]
    public PSObject[] DifferenceObject { get; set; } = [];

    /// <summary>Replicates of the paired bootstrap by patient, which gives every difference an interval and a test; 0 for none, 2000 are usual.</summary>
    [Parameter]
    [InRange(0, 1_000_000)]
    public int Bootstrap { get; set; }

    /// <summary>Seed of the bootstrap.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Thresholds of both runs, or one for both, at which sensitivity and specificity are compared by McNemar's test.</summary>
    [Parameter]
    [NotEmpty]
    public double[] Threshold { get; set; } = [];

    /// <summary>Measurements of validation images by the first and by the second model, whose thresholds are taken.</summary>
    [Parameter]
    [NotEmpty]
    public MammoMeasurement[] ThresholdFrom { get; set; } = [];

    /// <summary>Which of the measurements' thresholds is taken: Youden, or one for a sensitivity or specificity.</summary>
    [Parameter]
    [OperatingPointName]
    [ArgumentCompleter(typeof(OperatingPointCompleter))]
    public string OperatingPoint { get; set; } = "Youden";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Require(ThresholdsChecked);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var second = _second ??= CollectorOf(DifferenceObject[0], ReferenceObject[0]);
        _first ??= CollectorOf(ReferenceObject[0], DifferenceObject[0]);
        foreach (var item in DifferenceObject)
            Require(() => Added(second, item), item);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var (first, second) = (_first ?? Collector(), _second ?? Collector());
        foreach (var item in ReferenceObject)
            Require(() => Added(first, item), item);
        Finding?[] matched = [Require(first.Finish), Require(second.Finish)];
        foreach (var finding in matched.OfType<Finding>().DistinctBy(finding => finding.Message))
            WriteFinding(finding);
        var options = UnitOptions with { Evaluation = new EvaluationOptions { Bootstrap = Bootstrap, Seed = Seed } };
        var comparison = Require(() => PredictionComparison.Of(
            first.Builder, second.Builder, options, Thresholds(first, second, options), StopToken));
        foreach (var warning in comparison.Warnings)
            WriteFinding(warning);
        WriteObject(comparison);
        base.EndProcessing();
    }

    // Often one run is Mammo's and the other another program's: a name of -Column is for the run that has such a column, and for both where none has.
    private PredictionCollector CollectorOf(PSObject item, PSObject other)
    {
        if (Column is null)
            return Collector();
        var own = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry pair in Column)
        {
            if (PredictionRow.Find(item, $"{pair.Value}").IsThere || !PredictionRow.Find(other, $"{pair.Value}").IsThere)
                own.Add(pair.Key, pair.Value);
        }

        return new PredictionCollector(own, ClassMap, []);
    }

    // A prediction that is left out of one run alone would make the two test sets differ.
    private static bool Added(PredictionCollector collector, PSObject item)
    {
        collector.Add(item);
        return true;
    }

    private bool ThresholdsChecked()
    {
        if (Threshold.Length > 0 && ThresholdFrom.Length > 0)
            throw Invalid("-Threshold and -ThresholdFrom exclude each other.", "Give one of them.");
        if (Threshold.Length > 2)
            throw Invalid($"{Threshold.Length} thresholds are too many for two runs.", "Give one for both, or one for each.");
        if (ThresholdFrom.Length is not 0 and not 2)
            throw Invalid(
                $"-ThresholdFrom has {ThresholdFrom.Length} measurements, and there are two runs.",
                "Give one of validation images by the first model and one by the second.");
        if (Array.Exists(Threshold, value => !double.IsFinite(value)))
            throw Invalid("A threshold is no number.", "Give scores, such as 0.35.");
        return true;

        static MammoException Invalid(string what, string fix) => new(ErrorIds.EvaluationOptionInvalid, what, fix);
    }

    private (double First, double Second)? Thresholds(PredictionCollector first, PredictionCollector second, MeasurementOptions options) =>
        ThresholdFrom is [var one, var other] ? (Chosen(one, first.Builder, options), Chosen(other, second.Builder, options))
        : Threshold.Length > 0 ? (Threshold[0], Threshold[^1])
        : null;

    private double Chosen(MammoMeasurement validation, MeasurementBuilder builder, MeasurementOptions options)
    {
        var name = $"validation: {OperatingPoint}";
        return FrozenThresholds.From(validation, builder.Inference, options)
            .First(threshold => threshold.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }
}
