namespace Mammo.Networks.Architectures;

/// <summary>What follows the heatmap of a whole-image network.</summary>
public enum HeatmapPooling
{
    /// <summary>A max pool over windows, and a head behind it: the original's.</summary>
    Max,

    /// <summary>The mean of the class probabilities at the few positions where the background is least probable, and nothing behind it: the classes are the patch classifier's.</summary>
    TopK,
}
