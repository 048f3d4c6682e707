namespace Mammo.Networks.Graphs;

/// <summary>What follows from a layer's role.</summary>
public static class LayerRoleExtensions
{
    /// <summary>True for what the first stage of training freezes. The original freezes by index, and so also the first convolution of a head behind a heatmap.</summary>
    public static bool IsFrozenFirst(this LayerRole role) => role is LayerRole.Base or LayerRole.Heatmap;
}
