namespace Mammo.Scoring.Heatmaps;

/// <summary>How the class probabilities at many places of an image are made.</summary>
public enum HeatmapKind
{
    /// <summary>The whole image goes through the network once, and the patch classifier's output layer is put at every position of its feature map.</summary>
    Forward,

    /// <summary>The breast is cut into overlapping patches, and the patch classifier sees each of them alone, as in its training.</summary>
    Sweep,
}
