using Mammo.Networks.Models;

namespace Mammo.Scoring.Conversion;

/// <summary>Outputs that the model is known to give, and how to get them from the converted one.</summary>
/// <param name="Values">The known outputs.</param>
/// <param name="Run">Runs the model on the inputs that they belong to and returns as many outputs in the same order.</param>
public sealed record ExpectedOutputs(IReadOnlyList<double> Values, Func<MammoModel, IReadOnlyList<double>> Run);
