using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>A network without weights: named layers in topological order. Immutable; operations over it are functions elsewhere.</summary>
public sealed class LayerGraph
{
    private readonly FrozenDictionary<string, Layer> _byName;

    /// <summary>Checks names and order and makes the graph.</summary>
    /// <param name="name">The network's name (<c>vgg16</c>, <c>model_2</c>).</param>
    /// <param name="layers">Layers in topological order.</param>
    /// <param name="outputs">Names of the layers whose outputs the network returns.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelGraphInvalid"/>: a name twice or with control characters, a number of inputs that its kind does not take, an input that is
    /// unknown or comes later, no input or output, an option out of its range.
    /// </exception>
    [JsonConstructor]
    public LayerGraph(string name, ImmutableArray<Layer> layers, ImmutableArray<string> outputs)
    {
        Name = name ?? throw Invalid("The network has no name.");
        Layers = layers.IsDefault ? [] : layers;
        Outputs = outputs.IsDefault ? [] : outputs;
        if (Layers.Any(layer => layer is null or { Name: null } or { Kind: null } or { Inputs.IsDefault: true } || layer.Inputs.Contains(null!)))
            throw Invalid($"A layer of network '{name}' lacks its name, kind or inputs.");
        Check();
        _byName = Layers.ToFrozenDictionary(layer => layer.Name, StringComparer.Ordinal);
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>All layers in topological order.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>Names of the output layers.</summary>
    public ImmutableArray<string> Outputs { get; }

    /// <summary>Names of the input layers, in order.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Inputs => [.. Layers.Where(layer => layer.Kind is LayerKind.Input).Select(layer => layer.Name)];

    /// <summary>The layer of that name.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: there is none.</exception>
    public Layer this[string layerName] => _byName.TryGetValue(layerName, out var layer)
        ? layer
        : throw Invalid($"Network '{Name}' has no layer '{layerName}'.", layerName);

    /// <summary>True when a layer of that name exists.</summary>
    public bool Contains(string layerName) => _byName.ContainsKey(layerName);

    private static MammoException Invalid(string message, string? target = null) => new(ErrorIds.ModelGraphInvalid, message, target: target);

    private void Check()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in Layers)
        {
            if (!Printable.Is(layer.Name))
                throw Invalid($"The name '{layer.Name}' of a layer holds control characters.", layer.Name);
            if (!KindRules.Takes(layer.Kind, layer.Inputs.Length))
                throw Invalid(
                    $"Layer '{layer.Name}' of network '{Name}' has {layer.Inputs.Length} inputs, which its kind {layer.Kind.KerasName} cannot have.",
                    layer.Name);
            if (KindRules.Complaint(layer.Kind) is { } complaint)
                throw Invalid($"Layer '{layer.Name}' ({layer.Kind.KerasName}) of network '{Name}' is invalid: {complaint}.", layer.Name);
            foreach (var input in layer.Inputs.Append(layer.SharedWith).OfType<string>())
            {
                if (!seen.Contains(input))
                    throw Invalid($"Layer '{layer.Name}' of network '{Name}' refers to '{input}', which does not come before it.", layer.Name);
            }

            if (layer.SharedWith is { } owner && Layers.First(other => other.Name == owner) is { } first
                && (first.SharedWith is not null || first.Kind.GetType() != layer.Kind.GetType()))
                throw Invalid($"Layer '{layer.Name}' of network '{Name}' cannot share the weights of '{owner}'.", layer.Name);
            if (!seen.Add(layer.Name))
                throw Invalid($"Network '{Name}' has two layers named '{layer.Name}'.", layer.Name);
        }

        if (Outputs.IsEmpty || !Outputs.All(seen.Contains))
            throw Invalid($"Network '{Name}' needs at least one output, and each must be one of its layers; it names [{string.Join(", ", Outputs)}].");
    }
}
