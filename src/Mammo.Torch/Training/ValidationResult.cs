using System.Collections.Immutable;

namespace Mammo.Torch.Training;

/// <summary>How a network does on the validation set, in inference mode.</summary>
/// <param name="CrossEntropy">Loss without the weight penalty.</param>
/// <param name="Accuracy">Share of samples classified rightly.</param>
/// <param name="ClassAuc">AUC of each class; empty when undefined.</param>
internal sealed record ValidationResult(double CrossEntropy, double Accuracy, ImmutableArray<double> ClassAuc)
{
    /// <summary>Mean over the classes; 0 when undefined, as in the original.</summary>
    public double Auc => ClassAuc.IsEmpty ? 0 : ClassAuc.Average();
}
