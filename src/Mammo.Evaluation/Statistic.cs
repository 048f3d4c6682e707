namespace Mammo.Evaluation;

/// <summary>What is computed from scored samples. All of them need samples of both classes; those of probabilities need scores of 0..1.</summary>
public enum Statistic
{
    /// <summary>Area under the ROC curve.</summary>
    Auc,

    /// <summary>
    /// Area under the ROC curve up to a false positive rate of 0.1, standardised to 0.5 for chance (McClish, Medical Decision Making 9:190, 1989).
    /// </summary>
    PartialAuc,

    /// <summary>Average precision, without interpolation.</summary>
    AveragePrecision,

    /// <summary>F1 with probabilities in the place of decisions (Yacouby and Axman, Eval4NLP 2020).</summary>
    ProbabilisticF1,

    /// <summary>Mean squared distance of probability and class (Brier, Monthly Weather Review 78:1, 1950).</summary>
    BrierScore,

    /// <summary>Expected calibration error over 10 bins of equal width.</summary>
    CalibrationError,

    /// <summary>
    /// Calibration in the large: the intercept of a logistic recalibration of slope 1; 0 is perfect, above 0 means that probabilities are too low.
    /// </summary>
    CalibrationIntercept,

    /// <summary>Slope of a logistic recalibration; 1 is perfect, below 1 means that probabilities are too extreme (Cox, Biometrika 45:562, 1958).</summary>
    CalibrationSlope,

    /// <summary>Highest specificity at a sensitivity of at least 0.8.</summary>
    SpecificityAtSensitivity80,

    /// <summary>Highest specificity at a sensitivity of at least 0.9.</summary>
    SpecificityAtSensitivity90,

    /// <summary>Highest specificity at a sensitivity of at least 0.95.</summary>
    SpecificityAtSensitivity95,

    /// <summary>Highest sensitivity at a specificity of at least 0.8.</summary>
    SensitivityAtSpecificity80,

    /// <summary>Highest sensitivity at a specificity of at least 0.9.</summary>
    SensitivityAtSpecificity90,

    /// <summary>Highest sensitivity at a specificity of at least 0.95.</summary>
    SensitivityAtSpecificity95,

    /// <summary>Largest sensitivity + specificity − 1 (Youden, Cancer 3:32, 1950).</summary>
    YoudenIndex,
}
