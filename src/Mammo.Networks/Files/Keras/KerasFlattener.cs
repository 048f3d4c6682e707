using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// From models within models to one <see cref="LayerGraph"/>: inner layers get path names (<c>model_1/conv2d_1</c>), inner inputs vanish, and the second and
/// later
/// calls of a layer become nodes of their own (<c>conv2d_1:1</c>, <c>conv2d_1:2</c>) that share the weights of the first.
/// </summary>
/// <param name="path">The file, for messages.</param>
internal sealed class KerasFlattener(string path)
{
    // Models that are called twice within models that are called twice grow without end.
    private const int MostLayers = 20_000;

    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, KerasLayerConfig> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);

    /// <summary>Flattens a model.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelFileInvalid"/>: connections that lead nowhere or round in circles.</exception>
    public LayerGraph Flatten(KerasModelConfig model)
    {
        if (model.Inputs.Distinct().Count() != model.Inputs.Length)
            throw Invalid("it names one of its inputs twice");
        var inputs = model.Inputs.Select(input => Layer(model, input.Layer)).ToList();
        foreach (var input in inputs)
            Emit(input.Name, input.Kind is LayerKind.Input ? input.Kind : throw Invalid($"its input '{input.Name}' is not an InputLayer"), []);
        var outputs = Expand(model, "", [.. inputs.Select(input => input.Name)]);
        return new LayerGraph(model.Name, [.. _layers], outputs);
    }

    /// <summary>Adds one call of a model to the graph and returns the names of the layers that make its outputs.</summary>
    private ImmutableArray<string> Expand(KerasModelConfig model, string prefix, ImmutableArray<string> inputs)
    {
        if (inputs.Length != model.Inputs.Length)
            throw Invalid($"the model '{prefix}' takes {model.Inputs.Length} inputs and is given {inputs.Length}");
        var made = new Dictionary<KerasTensor, string>();
        foreach (var (input, source) in model.Inputs.Zip(inputs))
            made[input] = source;
        foreach (var (layer, call, tensors) in KerasCallOrder.Of(model, Invalid))
        {
            if (layer.Kind is LayerKind.Input)
                continue;
            var (name, sources) = (prefix + layer.Name, tensors.Select(Made).ToImmutableArray());
            ImmutableArray<string> results = layer.Model is { } inner ? Expand(inner, name + "/", sources) : [Call(name, layer, sources)];
            for (var output = 0; output < results.Length; output++)
                made[new KerasTensor(layer.Name, call, output)] = results[output];
        }

        return [.. model.Outputs.Select(Made)];

        string Made(KerasTensor tensor) => made.TryGetValue(tensor, out var source)
            ? source
            : throw Invalid($"output {tensor.Output} of call {tensor.Call} of '{prefix}{tensor.Layer}' is used but does not exist");
    }

    private string Call(string name, KerasLayerConfig layer, ImmutableArray<string> sources)
    {
        // A layer's own name may hold a slash, as those of a nested model's layers do here.
        if (!_owners.TryAdd(name, layer) && !ReferenceEquals(_owners[name], layer))
            throw Invalid($"two layers have the path name '{name}'");
        if (layer.SecondScale is { } scale)
        {
            return sources.Length == 2
                ? Emit(name, layer.Kind!, [sources[0], Emit(name + ":scaled", new LayerKind.Rescaling([scale], [0]), [sources[1]])])
                : throw Invalid($"layer '{name}' cannot take {sources.Length} inputs");
        }

        return layer.KeepsPlane
            ? Emit(name, new LayerKind.Reshape([1, 1, -1]), [Emit(name + ":pooled", layer.Kind!, sources)])
            : Emit(name, layer.Kind!, sources);
    }

    private string Emit(string name, LayerKind kind, ImmutableArray<string> inputs)
    {
        if (_layers.Count >= MostLayers)
            throw Invalid($"its models within models unfold to more than {MostLayers} layers");
        var isMerge = kind is LayerKind.Add or LayerKind.Average or LayerKind.Maximum or LayerKind.Multiply or LayerKind.Concatenate;
        if (kind is not LayerKind.Input && (isMerge ? inputs.Length < 2 : inputs.Length != 1))
            throw Invalid($"layer '{name}' ({kind.KerasName}) cannot take {inputs.Length} inputs");
        var call = _calls.GetValueOrDefault(name);
        _calls[name] = call + 1;
        var unique = call == 0 ? name : FormattableString.Invariant($"{name}:{call}");
        _layers.Add(new Layer(unique, kind, inputs) { SharedWith = call == 0 ? null : name });
        return unique;
    }

    private KerasLayerConfig Layer(KerasModelConfig model, string name) =>
        model.Layers.FirstOrDefault(layer => layer.Name == name) ?? throw Invalid($"its input '{name}' is not one of its layers");

    private MammoException Invalid(string why) => new(
        ErrorIds.ModelFileInvalid, $"'{path}' describes a network that is invalid: {why}.", "Save the model again with Keras's model.save.", path);
}
