namespace Mammo;

/// <content>Ids of measuring, comparing, deciding and reporting.</content>
public static partial class ErrorIds
{
    /// <summary>This system has no fonts, so that a picture would lack its text.</summary>
    [Kind(ErrorKind.NotInstalled)]
    public const string FontMissing = "Mammo.FontMissing";

    /// <summary>Calibrated scores are asked for, and a model's card has no calibration.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string CalibrationMissing = "Mammo.CalibrationMissing";

    /// <summary>A combination of views cannot be used: another format, or a hash that does not fit.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string CombinationFileInvalid = "Mammo.CombinationFileInvalid";

    /// <summary>A combination of views was fitted on another model, other options, other classes or another unit than what it shall be applied to.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string CombinationForeign = "Mammo.CombinationForeign";

    /// <summary>No combination of views can be fitted on exams: one class only, or no difference between them.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string CombinationImpossible = "Mammo.CombinationImpossible";

    /// <summary>A folder holds a cross-validation of other data, another training script or other options.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string CrossValidationMismatch = "Mammo.CrossValidationMismatch";

    /// <summary>The training script of a cross-validation failed for a fold, or wrote no model.</summary>
    [Kind(ErrorKind.InvalidOperation)]
    public const string FoldNotTrained = "Mammo.FoldNotTrained";

    /// <summary>Predictions shall be grouped by a property that none of them has.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string GroupMissing = "Mammo.GroupMissing";

    /// <summary>A plot cannot be drawn: its statistic is undefined, or it is not made of what was given.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string PlotImpossible = "Mammo.PlotImpossible";

    /// <summary>No threshold keeps promised predictive values, or an operating point is undefined.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string PromiseImpossible = "Mammo.PromiseImpossible";

    /// <summary>Two runs that are compared differ in more than their models, or in nothing.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string RunsDiffer = "Mammo.RunsDiffer";

    /// <summary>A threshold or calibration was chosen for another model, other options or another unit than what it shall be applied to.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ThresholdForeign = "Mammo.ThresholdForeign";

    /// <summary>A decision is to be written down, and the threshold that it was made by is not known.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ThresholdUnknown = "Mammo.ThresholdUnknown";

    /// <summary>An exam has several images of one view of a breast.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ViewRepeated = "Mammo.ViewRepeated";

    /// <summary>Images of one breast of an exam have different classes.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string ViewsContradict = "Mammo.ViewsContradict";
}
