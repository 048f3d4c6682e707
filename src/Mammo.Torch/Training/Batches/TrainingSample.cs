namespace Mammo.Torch.Training.Batches;

/// <summary>One image as the network gets it.</summary>
/// <param name="Channels">Planes of height × width values, row by row; equal channels may be the same array.</param>
/// <param name="Label">Index of the class.</param>
/// <param name="Weight">The sample's own weight; 1 unless the dataset says otherwise.</param>
/// <param name="Source">Where it comes from, for messages.</param>
internal sealed record TrainingSample(float[][] Channels, int Label, double Weight, string Source)
{
    /// <summary>Labels of the positions of the heatmap, row by row; null when they are not trained.</summary>
    public sbyte[]? RoiLabels { get; init; }
}
