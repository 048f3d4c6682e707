using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Models;

/// <summary>The network of an ensemble: its parts' networks side by side on one input, and the mean of their outputs.</summary>
/// <remarks>
/// Being one network, it is run, measured, written and checked like any other: engines keep no more feature maps than the largest part's, and background is
/// skipped in every part.
/// </remarks>
internal static class EnsembleGraph
{
    /// <summary>Name of the layer that takes the mean.</summary>
    public const string Mean = "mean";

    private const string CommonInput = "input";

    /// <summary>Joins networks of one input and one output each; the inputs must be of one shape.</summary>
    /// <param name="parts">Names of the parts and their networks.</param>
    public static LayerGraph Of(IReadOnlyList<(string Name, LayerGraph Graph)> parts)
    {
        var first = parts[0].Graph[parts[0].Graph.Inputs[0]];
        var input = InputName([.. parts.Select(part => part.Graph)]);
        var layers = parts.SelectMany(part => part.Graph.Layers.Where(layer => layer.Kind is not LayerKind.Input).Select(layer => layer with
        {
            Name = In(part.Name, layer.Name),
            Inputs = [.. layer.Inputs.Select(source => source == part.Graph.Inputs[0] ? input : In(part.Name, source))],
            SharedWith = layer.SharedWith is null ? null : In(part.Name, layer.SharedWith),
        }));
        var mean = new Layer(Mean, new LayerKind.Average(), [.. parts.Select(part => In(part.Name, part.Graph.Outputs[0]))]) { Role = LayerRole.Top };
        return new LayerGraph("ensemble", [first with { Name = input }, .. layers, mean], [Mean]);
    }

    /// <summary>The network of one part, as it was before it was joined.</summary>
    /// <param name="graph">The ensemble's network.</param>
    /// <param name="part">The part.</param>
    public static LayerGraph Part(LayerGraph graph, ModelPart part)
    {
        var input = graph[graph.Inputs[0]];
        var layers = graph.Layers.Where(layer => IsOf(part.Name, layer.Name)).Select(layer => layer with
        {
            Name = Out(part.Name, layer.Name),
            Inputs = [.. layer.Inputs.Select(source => source == input.Name ? source : Out(part.Name, source))],
            SharedWith = layer.SharedWith is null ? null : Out(part.Name, layer.SharedWith),
        });
        var output = graph[graph.Outputs[0]].Inputs.Single(name => IsOf(part.Name, name));
        return new LayerGraph(part.Network, [input, .. layers], [Out(part.Name, output)]);
    }

    /// <summary>Names of a part's weights in the ensemble.</summary>
    public static IEnumerable<KeyValuePair<string, Weight>> Joined(string part, IEnumerable<KeyValuePair<string, Weight>> weights) =>
        weights.Select(pair => KeyValuePair.Create(In(part, pair.Key), pair.Value));

    /// <summary>Weights of a part under the names that they have in its network alone.</summary>
    public static IEnumerable<KeyValuePair<string, Weight>> Weights(string part, IEnumerable<KeyValuePair<string, Weight>> weights) =>
        weights.Where(pair => IsOf(part, pair.Key)).Select(pair => KeyValuePair.Create(Out(part, pair.Key), pair.Value));

    /// <summary>What keeps a network from being the ensemble of the parts that a card names; null when nothing does.</summary>
    public static string? Complaint(LayerGraph graph, ImmutableArray<ModelPart> parts)
    {
        if (parts.Length < 2)
            return "it has one part, and an ensemble has two or more";
        if (NameComplaint(parts.Select(part => part.Name)) is { } wrong)
            return wrong;
        if (graph.Inputs is not [var input] || graph.Outputs is not [var output] || graph[output] is not { Kind: LayerKind.Average } mean)
            return "its network is not the mean of networks on one input";
        if (parts.FirstOrDefault(part => mean.Inputs.Count(name => IsOf(part.Name, name)) != 1) is { } missing)
            return $"the mean of its network does not have the part '{missing.Name}' once";
        if (mean.Inputs.Length != parts.Length)
            return $"its network is the mean of {mean.Inputs.Length} outputs, and the card names {parts.Length} parts";
        var owners = parts.Select(part => part.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var layer in graph.Layers.Where(layer => layer.Name != input && layer.Name != output))
        {
            var owner = Owner(layer.Name);
            if (!owners.Contains(owner))
                return $"layer '{layer.Name}' is of none of its parts";
            if (layer.Inputs.Append(layer.SharedWith).OfType<string>().FirstOrDefault(name => name != input && !IsOf(owner, name)) is { } foreign)
                return $"layer '{layer.Name}' of one part takes '{foreign}' of another";
        }

        return null;
    }

    /// <summary>What is wrong with names of parts; null when nothing is.</summary>
    public static string? NameComplaint(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Contains('/', StringComparison.Ordinal) || !Printable.Is(name))
                return $"'{Printable.Of(name ?? "")}' cannot be the name of a part: a name has letters and no slash";
            if (!seen.Add(name))
                return $"two of its parts are named '{name}'";
        }

        return null;
    }

    private static string InputName(IReadOnlyList<LayerGraph> graphs)
    {
        var own = graphs[0].Inputs[0];
        if (!own.Contains('/', StringComparison.Ordinal) && own != Mean && graphs.All(graph => graph.Inputs[0] == own))
            return own;

        // No part may have another layer of that name, so that each can be taken out again.
        var name = CommonInput;
        while (graphs.Any(graph => graph.Contains(name) && graph.Inputs[0] != name))
            name += "_";
        return name;
    }

    private static string In(string part, string name) => $"{part}/{name}";

    private static string Out(string part, string name) => name[(part.Length + 1)..];

    private static bool IsOf(string part, string name) =>
        name.Length > part.Length + 1 && name[part.Length] == '/' && name.StartsWith(part, StringComparison.Ordinal);

    private static string Owner(string name) => name.IndexOf('/', StringComparison.Ordinal) is var end and > 0 ? name[..end] : name;
}
