namespace Mammo.Scoring.Conversion;

/// <summary>How far a layer's output by Mammo's engine is from float64's, the errors of the layers before it included.</summary>
/// <param name="Name">Name of the layer; of several that are computed in one go, the last.</param>
/// <param name="Kind">Keras's word for its kind.</param>
/// <param name="Tile">Rows and columns of the tiles of Winograd's method, 4 for F(4×4) or 2 for F(2×2); 0 where it is not taken.</param>
/// <param name="MaxDifference">Greatest |float32 − float64| of a value; infinite where one is not a number.</param>
/// <param name="MeanDifference">Mean of |float32 − float64|.</param>
/// <param name="RootMeanSquare">Root mean square of the output, which the differences are parts of.</param>
public sealed record LayerAccuracy(string Name, string Kind, int Tile, double MaxDifference, double MeanDifference, double RootMeanSquare);
