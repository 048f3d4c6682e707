using System.Globalization;
using Mammo.Evaluation.Measurement;

namespace Mammo.Scoring.CrossValidation;

/// <summary>What the folds of one seed gave together. Research use only.</summary>
public sealed record CrossValidationResult
{
    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Hash of the folds.</summary>
    public required string SplitHash { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>Number of folds that are finished.</summary>
    public required int Finished { get; init; }

    /// <summary>AUC of each finished fold by itself; a fold without both classes is not in it.</summary>
    public required NamedTable<double> FoldAuc { get; init; }

    /// <summary>
    /// The scores of all folds measured together, each image by the model that was not trained on its patient; null until all folds are finished.
    /// </summary>
    public MammoMeasurement? Measurement { get; init; }

    /// <summary>The file with every score of all seeds.</summary>
    public required string ScorePath { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"seed {Seed}: {(Measurement is null ? $"{Finished} of {Folds} folds" : $"{Measurement.AucEstimate}")}");
}
