using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>From the JSON in <c>model_config</c> to a <see cref="KerasModelConfig"/>.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="notes">Takes remarks on what is dropped.</param>
/// <param name="isKeras3">The file is one of Keras 3.</param>
internal sealed class KerasConfigReader(string path, ICollection<string> notes, bool isKeras3)
{
    // A network with a thousand layers takes about a megabyte; sixteen models inside each other take 70 levels.
    private const int LongestJson = 1 << 26;
    private const int DeepestJson = 128;
    private const int MostLayers = 10_000;

    private readonly KerasKinds _kinds = new(notes);
    private int _layers;

    /// <summary>Reads the description of a model.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelFileInvalid"/>: not a Keras model; <see cref="ErrorIds.ModelLayerUnsupported"/>: a layer that cannot be run.
    /// </exception>
    public KerasModelConfig Read(string json)
    {
        if (json.Length > LongestJson)
            throw Invalid($"its model_config is {json.Length} characters long");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DeepestJson });
            var root = document.RootElement;
            return Model(KerasJson.Text(root, "class_name"), KerasJson.Member(root, "config"), prefix: "")
                ?? throw Invalid("its model_config does not describe a Model or Sequential");
        }
        catch (JsonException failure)
        {
            throw Invalid($"its model_config is not valid JSON ({failure.Message})");
        }
    }

    private KerasModelConfig? Model(string? className, JsonElement? config, string prefix) => (className, config) switch
    {
        ("Model" or "Functional", { ValueKind: JsonValueKind.Object } functional) => Functional(functional, prefix),
        ("Sequential", { } sequential) => Sequential(sequential, prefix),
        _ => null,
    };

    private KerasModelConfig Functional(JsonElement config, string prefix)
    {
        var layers = Items(config, "layers").Select(layer => Layer(layer, prefix, called: true)).ToImmutableArray();
        return new KerasModelConfig(KerasJson.Text(config, "name") ?? "model", layers, Tensors("input_layers"), Tensors("output_layers"));

        // Keras 3 may write a single one without a list around it.
        ImmutableArray<KerasTensor> Tensors(string name) => Items(config, name) is [{ ValueKind: JsonValueKind.String }, ..]
            ? [Tensor(config.GetProperty(name), name)]
            : [.. Items(config, name).Select(item => Tensor(item, name))];
    }

    /// <summary>A chain: Keras 2.0 to 2.2.2 write the bare list of layers, later ones an object.</summary>
    private KerasModelConfig Sequential(JsonElement config, string prefix)
    {
        var items = config.ValueKind == JsonValueKind.Array ? [.. config.EnumerateArray()] : Items(config, "layers");
        if (items.Count == 0)
            throw Invalid("a Sequential model in it has no layers");
        var chain = items.Select(item => Layer(item, prefix, called: false)).ToList();
        if (chain[0].Kind is not LayerKind.Input)
            chain.Insert(0, new KerasLayerConfig(chain[0].Name + "_input", [[]]) { Kind = new LayerKind.Input(FirstShape(chain[0], items[0], config)) });
        for (var index = 1; index < chain.Count; index++)
            chain[index] = chain[index] with { Calls = [[Output(chain[index - 1])]] };
        return new KerasModelConfig(KerasJson.Text(config, "name") ?? "sequential", [.. chain], [Output(chain[0])], [Output(chain[^1])]);

        static KerasTensor Output(KerasLayerConfig layer) => new(layer.Name, 0, 0);
    }

    private TensorShape FirstShape(KerasLayerConfig layer, JsonElement item, JsonElement sequential)
    {
        if (layer.Model is { } model)
            return InputShape(model) ?? throw Invalid($"the model '{layer.Name}' in it has no input");
        var options = new KerasOptions(path, layer.Name, KerasJson.Text(item, "class_name") ?? "", KerasJson.Member(item, "config") ?? default);
        return KerasKinds.InputShape(options, "batch_input_shape")
            ?? KerasKinds.InputShape(options, "batch_shape")
            ?? (sequential.ValueKind == JsonValueKind.Object ? KerasKinds.InputShape(options with { Config = sequential }, "build_input_shape") : null)
            ?? throw options.Unsupported("it stands first in its model and does not say the shape of its input");
    }

    private static TensorShape? InputShape(KerasModelConfig model) =>
        model.Layers.FirstOrDefault(layer => !model.Inputs.IsEmpty && layer.Name == model.Inputs[0].Layer)?.Kind is LayerKind.Input input ? input.Shape : null;

    private KerasLayerConfig Layer(JsonElement item, string prefix, bool called)
    {
        if (++_layers > MostLayers)
            throw Invalid($"it describes more than {MostLayers} layers");
        var className = KerasJson.Text(item, "class_name");
        var config = KerasJson.Member(item, "config") ?? throw Invalid("a layer in its model_config has no config");
        var name = KerasJson.Text(item, "name") ?? KerasJson.Text(config, "name") ?? (className == "Sequential" ? "sequential" : null);
        if (string.IsNullOrEmpty(name) || className is null)
            throw Invalid($"a layer in its model_config has no usable name or kind ('{name}', '{className}')");
        var options = new KerasOptions(path, prefix + name, className, config) { IsKeras3 = isKeras3 };
        var operation = called ? KerasOperation.Of(item, options) : null;
        CheckOrigin(item, options, isOperation: operation is not null);
        if (operation is not null)
            return new KerasLayerConfig(name, [[.. operation.Inputs.Select(input => Operand(input, options))]]) { Kind = operation.Kind };
        var model = Model(className, config, prefix + name + "/");
        if (model is null && config.ValueKind != JsonValueKind.Object)
            throw Invalid($"layer '{name}' has no options");
        var layer = new KerasLayerConfig(name, []) { ClassName = className, Model = model };
        if (model is null)
        {
            layer = layer with
            {
                Kind = _kinds.Read(options),
                IsTrainable = options.Flag("trainable", missing: true),
                ChannelAxis = KerasKinds.ChannelAxis(options),
                SecondScale = className == "CustomScaleLayer" ? options.Number("scale") : null,
                KeepsPlane = className is "GlobalAveragePooling2D" or "GlobalMaxPooling2D" && options.Flag("keepdims", missing: false),
            };
        }

        return called ? layer with { Calls = Calls(item, options, layer) } : layer with { Calls = [[]] };
    }

    private ImmutableArray<ImmutableArray<KerasTensor>> Calls(JsonElement item, KerasOptions options, KerasLayerConfig layer)
    {
        if (layer.Kind is LayerKind.Input)
            return [[]];
        var calls = Items(item, "inbound_nodes");
        if (calls.Count == 0)
            throw options.Unsupported("nothing is put into it");
        return [.. calls.Select(call => Call(call, options))];
    }

    /// <summary>
    /// Keras 3 says where a class comes from: its operations (<c>keras.src.ops.numpy</c>) and a user's own classes may have the names of layers.
    /// </summary>
    private static void CheckOrigin(JsonElement item, KerasOptions options, bool isOperation)
    {
        if (KerasJson.Text(item, "registered_name") is { } registered && registered.Contains('>', StringComparison.Ordinal)
            && !registered.StartsWith("keras", StringComparison.OrdinalIgnoreCase))
            throw options.Unsupported($"it is of a class that was registered as '{registered}'");
        if (KerasJson.Text(item, "module") is not { } module)
            return;
        var parts = module.Split('.');
        var isKeras = parts[0] is "keras" or "tf_keras" || module.StartsWith("tensorflow.python.keras", StringComparison.Ordinal);
        if (!isKeras || (parts.Contains("ops") && !isOperation))
            throw options.Unsupported($"it is of the module '{module}', and only Keras's own layers are known");
    }

    private ImmutableArray<KerasTensor> Call(JsonElement call, KerasOptions options)
    {
        if (call.ValueKind == JsonValueKind.Object && KerasJson.List(call, "args") is { } arguments)
            return CallOfKeras3(call, arguments, options);
        if (call.ValueKind != JsonValueKind.Array || call.GetArrayLength() == 0)
            throw options.Unsupported("its inputs are written in a form of another Keras version");
        var inputs = ImmutableArray.CreateBuilder<KerasTensor>();
        foreach (var input in call.EnumerateArray())
        {
            inputs.Add(Tensor(input, options.Layer));
            if (input.GetArrayLength() > 3 && input[3].ValueKind == JsonValueKind.Object)
                CheckArguments(input[3], options);
        }

        return inputs.ToImmutable();
    }

    /// <summary>Positional arguments, of which the tensors are one or a list, and named ones.</summary>
    private ImmutableArray<KerasTensor> CallOfKeras3(JsonElement call, IReadOnlyList<JsonElement> arguments, KerasOptions options)
    {
        if (KerasJson.Member(call, "kwargs") is { ValueKind: JsonValueKind.Object } named)
            CheckArguments(named, options);
        if (arguments.Count == 0 || arguments.Skip(1).Any(argument => argument.ValueKind is not JsonValueKind.Null))
            throw options.Unsupported("it is called with other arguments than its inputs");
        IReadOnlyList<JsonElement> tensors = arguments[0].ValueKind == JsonValueKind.Array ? [.. arguments[0].EnumerateArray()] : [arguments[0]];
        return [.. tensors.Select(tensor => Source(tensor, options))];
    }

    private KerasTensor Operand(JsonElement operand, KerasOptions options) =>
        operand.ValueKind == JsonValueKind.Array ? Tensor(operand, options.Layer) : Source(operand, options);

    private KerasTensor Source(JsonElement tensor, KerasOptions options) => KerasJson.Text(tensor, "class_name") == "__keras_tensor__"
        && KerasJson.Member(KerasJson.Member(tensor, "config") ?? default, "keras_history") is { } history
        ? Tensor(history, options.Layer)
        : throw options.Unsupported("one of its inputs is not the output of a layer");

    /// <summary>
    /// Arguments of a call beside the tensors: only "not in training", which is how we run anyway. Random layers of Keras 3 have "in training" as the default
    /// that is written, and Keras puts its own answer in place of it.
    /// </summary>
    private static void CheckArguments(JsonElement arguments, KerasOptions options)
    {
        foreach (var argument in arguments.EnumerateObject())
        {
            var isTraining = argument.Name == "training" && (argument.Value.ValueKind == JsonValueKind.False
                || (argument.Value.ValueKind == JsonValueKind.True && KerasKinds.IsTrainingOnly(options.ClassName)));
            if (argument.Value.ValueKind != JsonValueKind.Null && !isTraining)
                throw options.Unsupported($"it is called with the argument '{argument.Name}'");
        }
    }

    private KerasTensor Tensor(JsonElement item, string where)
    {
        if (item.ValueKind == JsonValueKind.Array && item.GetArrayLength() >= 3 && item[0].ValueKind == JsonValueKind.String
            && KerasJson.Whole(item[1]) is { } call && KerasJson.Whole(item[2]) is { } output)
            return new KerasTensor(item[0].GetString()!, call, output);
        throw Invalid($"a connection of '{where}' in its model_config is not of the form [layer, node, tensor]");
    }

    private IReadOnlyList<JsonElement> Items(JsonElement owner, string name) =>
        KerasJson.List(owner, name) ?? throw Invalid($"its model_config lacks the list '{name}'");

    private MammoException Invalid(string why) => new(
        ErrorIds.ModelFileInvalid, $"'{path}' is not a model of Keras: {why}.", "Save the model again with Keras's model.save.", path);
}

/// <summary>Careful steps into JSON of unknown shape.</summary>
internal static class KerasJson
{
    /// <summary>A member of an object; null when it is no object or lacks it.</summary>
    public static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) ? member : null;

    /// <summary>A text member of an object; null when it is anything else.</summary>
    public static string? Text(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A list member of an object; null when it is anything else.</summary>
    public static IReadOnlyList<JsonElement>? List(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : null;

    /// <summary>A whole number; null when it is anything else.</summary>
    public static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) ? whole : null;
}
