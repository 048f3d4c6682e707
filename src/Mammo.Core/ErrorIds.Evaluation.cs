namespace Mammo;

/// <content>Ids of measuring, comparing, deciding and reporting.</content>
public static partial class ErrorIds
{
    /// <summary>Predictions shall be grouped by a property that none of them has.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string GroupMissing = "Mammo.GroupMissing";

    /// <summary>Two runs that are compared differ in more than their models, or in nothing.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string RunsDiffer = "Mammo.RunsDiffer";

    /// <summary>A threshold or calibration was chosen for another model, other options or another unit than what it shall be applied to.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string ThresholdForeign = "Mammo.ThresholdForeign";
}
