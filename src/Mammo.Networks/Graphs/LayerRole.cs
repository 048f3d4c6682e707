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
