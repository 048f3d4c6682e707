namespace Mammo.PowerShell.Reports;

/// <summary>What Export-MammoPlot draws.</summary>
public enum PlotKind
{
    /// <summary>Sensitivity against false positive rate.</summary>
    Roc,

    /// <summary>Precision against recall.</summary>
    PrecisionRecall,

    /// <summary>Share of positives against mean score.</summary>
    Calibration,

    /// <summary>Net benefit against the threshold.</summary>
    DecisionCurve,

    /// <summary>Share of lesions found against false marks an image.</summary>
    Froc,

    /// <summary>Losses over the epochs of a training.</summary>
    History,

    /// <summary>Shares of each class's samples by score.</summary>
    Histogram,
}
