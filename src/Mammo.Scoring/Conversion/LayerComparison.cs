namespace Mammo.Scoring.Conversion;

/// <summary>The weights of one layer in the file and in the converted model.</summary>
/// <param name="Name">Path name of the layer.</param>
/// <param name="Kind">Keras's word for its kind.</param>
/// <param name="Parameters">Number of values.</param>
/// <param name="MaxDifference">Greatest |file − stored|; infinite when a value of one is not a number, or missing.</param>
public sealed record LayerComparison(string Name, string Kind, long Parameters, double MaxDifference);
