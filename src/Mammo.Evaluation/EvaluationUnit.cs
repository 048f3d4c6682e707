namespace Mammo.Evaluation;

/// <summary>What one sample of a statistic is.</summary>
public enum EvaluationUnit
{
    /// <summary>An image.</summary>
    Image,

    /// <summary>A breast: the images of one side of one patient.</summary>
    Breast,

    /// <summary>A patient.</summary>
    Patient,
}

/// <summary>How the scores of several images become one.</summary>
public enum UnitScore
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The highest of them.</summary>
    Max,
}
