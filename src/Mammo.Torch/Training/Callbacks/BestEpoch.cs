namespace Mammo.Torch.Training.Callbacks;

/// <summary>The epoch whose weights are kept: strictly the highest score, so that the first of equals stays; kept across stages as in the original.</summary>
/// <param name="Score">Highest mean AUC, or validation accuracy; -1 before the first epoch.</param>
/// <param name="Epoch">1-based epoch that had it; 0 before the first.</param>
internal sealed record BestEpoch(double Score = -1, int Epoch = 0)
{
    /// <summary>The state after one more epoch; a new object exactly when that epoch is the best.</summary>
    public BestEpoch After(int epoch, double score) => score > Score ? new BestEpoch(score, epoch) : this;
}
