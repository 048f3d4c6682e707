namespace Mammo.Torch.Training;

/// <summary>The epoch whose weights are kept: strictly the highest score, so that the first of equals stays; kept across stages as in the original.</summary>
/// <param name="Score">Highest mean AUC, or validation accuracy; -1 before the first epoch.</param>
/// <param name="Epoch">1-based epoch that had it; 0 before the first.</param>
internal sealed record BestEpoch(double Score = -1, int Epoch = 0)
{
    /// <summary>The state after one more epoch; a new object exactly when that epoch is the best.</summary>
    public BestEpoch After(int epoch, double score) => score > Score ? new BestEpoch(score, epoch) : this;
}

/// <summary>Keras 2.0.8's early stopping on the validation loss: stops at the (patience + 1)-th epoch in a row that is no improvement.</summary>
/// <param name="Patience">Epochs without improvement that are tolerated.</param>
/// <param name="Best">Lowest validation loss of the stage.</param>
/// <param name="Wait">Epochs since then.</param>
/// <param name="ShouldStop">The stage ends here.</param>
internal sealed record EarlyStopping(int Patience, double Best = double.PositiveInfinity, int Wait = 0, bool ShouldStop = false)
{
    /// <summary>The state after one more epoch; a NaN is no improvement.</summary>
    public EarlyStopping After(double validationLoss) => validationLoss < Best
        ? this with { Best = validationLoss, Wait = 0 }
        : this with { Wait = Wait + 1, ShouldStop = ShouldStop || Wait >= Patience };

    /// <summary>The state at the start of a stage.</summary>
    public EarlyStopping Restarted() => new(Patience);
}

/// <summary>
/// Keras 2.0.8's ReduceLROnPlateau on the validation loss. Its wait starts again from 1, not 0, after a reduction, so that later ones come a bad epoch
/// earlier than the first.
/// </summary>
/// <param name="Patience">Bad epochs before the first reduction, not counting the one that brings it.</param>
/// <param name="LearningRate">The rate now.</param>
/// <param name="Cooldown">Epochs after a reduction in which bad ones do not count.</param>
/// <param name="Best">Lowest validation loss of the stage that was lower by more than 0.0001 than the one before.</param>
/// <param name="Wait">Bad epochs so far.</param>
/// <param name="CooldownLeft">Epochs of cooldown left.</param>
internal sealed record ReduceLearningRateOnPlateau(
    int Patience, double LearningRate, int Cooldown = 0, double Best = double.PositiveInfinity, int Wait = 0, int CooldownLeft = 0)
{
    private const double Factor = 0.5;
    private const double Epsilon = 1e-4;

    /// <summary>The state after one more epoch.</summary>
    public ReduceLearningRateOnPlateau After(double validationLoss)
    {
        var cooled = CooldownLeft > 0 ? this with { CooldownLeft = CooldownLeft - 1, Wait = 0 } : this;
        if (validationLoss < cooled.Best - Epsilon)
            return cooled with { Best = validationLoss, Wait = 0 };
        if (cooled.CooldownLeft > 0)
            return cooled;
        return cooled.Wait >= Patience
            ? cooled with { LearningRate = cooled.LearningRate * Factor, CooldownLeft = Cooldown, Wait = 1 }
            : cooled with { Wait = cooled.Wait + 1 };
    }

    /// <summary>The state at the start of a stage.</summary>
    public ReduceLearningRateOnPlateau Restarted(double learningRate) => new(Patience, learningRate, Cooldown);
}
