namespace Mammo.Torch.Training;

/// <summary>By what the best epoch is told.</summary>
public enum BestCriterion
{
    /// <summary>Mean over the classes of the one-vs-rest AUC on the validation set; 0 when a class is missing there. Whole-image training.</summary>
    Auc,

    /// <summary>Accuracy on the validation set. Patch training.</summary>
    Accuracy,
}
