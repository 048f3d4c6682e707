using System.Globalization;
using Mammo.Evaluation;
using Mammo.Evaluation.Localisation;

namespace Mammo.Reports;

/// <summary>Numbers and names as a reader sees them: invariant, so that a report is the same everywhere.</summary>
internal static class Words
{
    /// <summary>Three decimals.</summary>
    public static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A value with its preferred interval, or the reason why it is undefined.</summary>
    public static string Of(Estimate estimate) => estimate.Value is not { } value ? $"undefined ({estimate.Undefined})"
        : estimate.Preferred is { } interval ? $"{Number(value)} (95% interval {Of(interval)})"
        : Number(value);

    /// <summary>A value with the ends of its preferred interval, for legends.</summary>
    public static string Brief(Estimate estimate) => estimate.Value is not { } value ? $"undefined: {estimate.Undefined}"
        : estimate.Preferred is { } interval ? $"{Number(value)} ({Of(interval)})"
        : Number(value);

    /// <summary>The same with the reason where no interval is defined, for tables whose caption says that there are intervals.</summary>
    public static string Short(Estimate estimate) =>
        Brief(estimate) + (estimate is { Value: not null, WithoutInterval: { } reason } ? $" (interval undefined: {reason})" : "");

    /// <summary>The ends of an interval, or the reason why there is none.</summary>
    public static string Of(Interval interval) =>
        interval.Undefined is { } reason ? $"undefined ({reason})" : $"{Number(interval.Lower!.Value)} to {Number(interval.Upper!.Value)}";

    /// <summary>What a statistic is called.</summary>
    public static string Of(Statistic statistic) => statistic switch
    {
        Statistic.Auc => "AUC",
        Statistic.PartialAuc => "Partial AUC (false positive rate to 0.1, standardised)",
        Statistic.AveragePrecision => "Average precision",
        Statistic.ProbabilisticF1 => "Probabilistic F1",
        Statistic.BrierScore => "Brier score",
        Statistic.CalibrationError => "Expected calibration error",
        Statistic.CalibrationIntercept => "Calibration in the large (intercept)",
        Statistic.CalibrationSlope => "Calibration slope",
        Statistic.SpecificityAtSensitivity80 => "Specificity at 80% sensitivity",
        Statistic.SpecificityAtSensitivity90 => "Specificity at 90% sensitivity",
        Statistic.SpecificityAtSensitivity95 => "Specificity at 95% sensitivity",
        Statistic.SensitivityAtSpecificity80 => "Sensitivity at 80% specificity",
        Statistic.SensitivityAtSpecificity90 => "Sensitivity at 90% specificity",
        Statistic.SensitivityAtSpecificity95 => "Sensitivity at 95% specificity",
        Statistic.YoudenIndex => "Youden index",
        _ => throw new ArgumentOutOfRangeException(nameof(statistic)),
    };

    /// <summary>What a statistic is called.</summary>
    public static string Of(LocalisationStatistic statistic) => statistic switch
    {
        LocalisationStatistic.SensitivityAtHalf => "Lesions found with 0.5 false marks an image",
        LocalisationStatistic.SensitivityAtOne => "Lesions found with 1 false mark an image",
        LocalisationStatistic.SensitivityAtTwo => "Lesions found with 2 false marks an image",
        LocalisationStatistic.PointingGame => "Pointing game",
        LocalisationStatistic.Jafroc => "JAFROC figure of merit",
        LocalisationStatistic.WeightedJafroc => "JAFROC figure of merit, lesions weighted",
        LocalisationStatistic.JafrocAllImages => "JAFROC1 figure of merit (false marks of all images)",
        _ => throw new ArgumentOutOfRangeException(nameof(statistic)),
    };

    /// <summary>What a method is called.</summary>
    public static string Of(IntervalMethod method) => method switch
    {
        IntervalMethod.DeLongByPatientLogit => "DeLong by patient, logit scale",
        IntervalMethod.DeLongByPatient => "DeLong by patient",
        IntervalMethod.DeLong => "DeLong by image",
        IntervalMethod.BootstrapBca => "bootstrap by patient, BCa",
        IntervalMethod.BootstrapPercentile => "bootstrap by patient, percentiles",
        IntervalMethod.Wilson => "Wilson by image",
        IntervalMethod.ClopperPearson => "Clopper-Pearson by image",
        IntervalMethod.Logit => "logit scale, by image",
        IntervalMethod.Normal => "normal, by patient",
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };
}
