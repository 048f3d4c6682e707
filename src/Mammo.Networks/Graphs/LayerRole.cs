using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>Which part of the method a layer belongs to; decides what is frozen in which stage and where a patch network is cut.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LayerRole>))]
public enum LayerRole
{
    /// <summary>The patch network's body, up to its last feature map.</summary>
    Base,

    /// <summary>The patch network's own head: pooling, dropout, dense.</summary>
    PatchHead,

    /// <summary>The heatmap inside a whole-image network: pool, dense over channels (copied from the patch head), max pool.</summary>
    Heatmap,

    /// <summary>Layers put on top to make a whole-image network.</summary>
    Top,
}

/// <summary>What follows from a layer's role.</summary>
public static class LayerRoleExtensions
{
    /// <summary>
    /// True for what the first stage of training freezes. The original freezes by index, and so also the first convolution of a head behind a heatmap.
    /// </summary>
    public static bool IsFrozenFirst(this LayerRole role) => role is LayerRole.Base or LayerRole.Heatmap;
}
