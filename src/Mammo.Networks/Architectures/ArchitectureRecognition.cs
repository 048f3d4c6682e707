using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Which of the known architectures a network from a file is, by its layers.</summary>
public static class ArchitectureRecognition
{
    // A base that was cut lacks a few of the last layers; cut in the wrong place, InceptionV3 lacks the other branches of its last block.
    private const double LargestMissingShare = 0.2;

    private static readonly Lazy<ImmutableArray<(string Name, ImmutableArray<Layer> Body)>> Bodies = new(() =>
        [.. ArchitectureCatalog.All.Select(
            architecture => (architecture.Name, Body(PatchNetwork.Build(new PatchOptions { Architecture = architecture.Name }))))]);

    /// <summary>
    /// The name for the card: the body's (<c>vgg16</c>, with a remark when its widths are others), and the head's for a whole-image network (<c>vgg16 +
    /// 512x1</c>);
    /// null when the body is not known.
    /// </summary>
    /// <param name="graph">The network, with roles.</param>
    public static string? NameOf(LayerGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var body = Body(graph);
        var found = Bodies.Value
            .Where(known => body.Length <= known.Body.Length && body.Length >= known.Body.Length * (1 - LargestMissingShare))
            .OrderBy(known => known.Body.Length)
            .Select(known => (known.Name, Widths: Match(body, known.Body)))
            .FirstOrDefault(known => known.Widths is not null);
        if (found.Name is null)
            return null;
        var name = found.Widths is true ? found.Name : found.Name + " (other widths)";
        return graph.Layers.Any(layer => layer.Role is LayerRole.Top or LayerRole.Heatmap)
            ? $"{name} + {HeadRecognition.NameOf(graph) ?? "another head"}"
            : name;
    }

    private static ImmutableArray<Layer> Body(LayerGraph graph) =>
        [.. graph.Layers.Where(layer => layer.Role == LayerRole.Base && layer.Kind is not LayerKind.Input)];

    /// <summary>
    /// Whether the layers are, in order, those of the known body with some left out; the filter counts show if it is as wide. Null when they are not.
    /// </summary>
    private static bool? Match(ImmutableArray<Layer> body, ImmutableArray<Layer> known)
    {
        var (next, hasWidths) = (0, true);
        foreach (var layer in body)
        {
            while (next < known.Length && Form(known[next].Kind) != Form(layer.Kind))
                next++;
            if (next == known.Length)
                return null;
            hasWidths &= Filters(known[next].Kind) == Filters(layer.Kind);
            next++;
        }

        return hasWidths;
    }

    /// <summary>The kind without what training changes and what a narrow network has otherwise.</summary>
    private static LayerKind Form(LayerKind kind) => kind switch
    {
        LayerKind.Conv2D conv => conv with { Filters = 0, L2 = 0 },
        LayerKind.SeparableConv2D conv => conv with { Filters = 0 },
        LayerKind.Concatenate => new LayerKind.Concatenate(-1),
        _ => kind,
    };

    private static int Filters(LayerKind kind) => kind switch
    {
        LayerKind.Conv2D conv => conv.Filters,
        LayerKind.SeparableConv2D conv => conv.Filters,
        _ => 0,
    };
}
