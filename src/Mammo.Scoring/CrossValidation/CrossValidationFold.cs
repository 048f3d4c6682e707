namespace Mammo.Scoring.CrossValidation;

/// <summary>A fold of a seed, as the script that trains receives it.</summary>
/// <param name="Seed">The seed; for the training too.</param>
/// <param name="Fold">Number of the fold that is tested, from 1.</param>
/// <param name="Folder">A folder of its own for what the training keeps; it is there.</param>
/// <param name="SplitHash">Hash of the folds.</param>
public sealed record CrossValidationFold(int Seed, int Fold, string Folder, string SplitHash)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"seed {Seed}, fold {Fold}");
}
