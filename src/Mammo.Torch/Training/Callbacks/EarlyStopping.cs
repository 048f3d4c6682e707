namespace Mammo.Torch.Training.Callbacks;

/// <summary>Keras 2.0.8's early stopping on the validation loss: stops at the (patience + 1)-th epoch in a row that is no improvement.</summary>
/// <param name="Patience">Epochs without improvement that are borne.</param>
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
