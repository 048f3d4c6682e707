using System.Text.Json;
using System.Text.Json.Nodes;
using PureHDF;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>Makes small files as Keras writes them, with whatever is to be tried changed.</summary>
internal sealed class KerasBuilt
{
    private readonly List<JsonObject> _layers = [];
    private readonly List<string> _layerNames = [];
    private readonly H5Group _groups = [];

    /// <summary>Options of the writer: length of fixed strings (0 for variable length).</summary>
    public int StringLength { get; init; }

    public string Name { get; init; } = "model_1";

    public string? Backend { get; init; } = "tensorflow";

    public string Version { get; init; } = "2.1.6";

    /// <summary>Replaces the whole model_config; empty leaves it out.</summary>
    public string? Config { get; set; }

    /// <summary>Adds a layer after the one before it.</summary>
    public KerasBuilt Add(string className, string name, object? options = null, params (string Name, object Data)[] weights)
    {
        var config = JsonSerializer.SerializeToNode(options ?? new { })!.AsObject();
        config["name"] = name;
        var inputs = className == "InputLayer" ? new JsonArray()
            : [new JsonArray(new JsonArray(_layerNames[^1], _layers[^1]["class_name"]!.ToString() == "Model" ? 1 : 0, 0, new JsonObject()))];
        _layers.Add(new JsonObject { ["class_name"] = className, ["config"] = config, ["name"] = name, ["inbound_nodes"] = inputs });
        return Weights(name, weights);
    }

    public KerasBuilt Input(params int?[] shape) => Add("InputLayer", "input_1", new { batch_input_shape = shape.Prepend(null) });

    /// <summary>Adds a nested model that another of these describes, with its weights in one group.</summary>
    public KerasBuilt Nested(KerasBuilt inner, params (string Name, object Data)[] weights)
    {
        _layers.Add(new JsonObject
        {
            ["class_name"] = "Model",
            ["config"] = inner.ConfigNode(),
            ["name"] = inner.Name,
            ["inbound_nodes"] = new JsonArray(new JsonArray(new JsonArray(_layerNames[^1], 0, 0, new JsonObject()))),
        });
        return Weights(inner.Name, weights);
    }

    /// <summary>Sets one option of the layer added last.</summary>
    public KerasBuilt With(string option, JsonNode? value)
    {
        _layers[^1]["config"]![option] = value;
        return this;
    }

    /// <summary>Changes the description of the layer added last.</summary>
    public KerasBuilt Change(Action<JsonObject> change)
    {
        change(_layers[^1]);
        return this;
    }

    public string Write(string? path = null, bool weightsOnly = false)
    {
        path ??= Path.Combine(Shared.NewFolder(), Name + ".h5");
        var file = new H5File();
        var top = weightsOnly ? file : _groups;
        top.Attributes["layer_names"] = _layerNames.ToArray();
        if (Backend is not null)
            top.Attributes["backend"] = Backend;
        if (weightsOnly)
        {
            foreach (var (name, group) in _groups)
                file[name] = group;
        }
        else
        {
            file["model_weights"] = _groups;
            file.Attributes["keras_version"] = Version;
            var config = Config ?? new JsonObject { ["class_name"] = "Model", ["config"] = ConfigNode() }.ToJsonString();
            if (config.Length > 0)
                file.Attributes["model_config"] = config;
        }

        file.Write(path, new H5WriteOptions(DefaultStringLength: StringLength));
        return path;
    }

    public static float[,,,] Ramp(int rows, int columns, int ins, int outs, float start = 1)
    {
        var values = new float[rows, columns, ins, outs];
        for (var index = 0; index < values.Length; index++)
            values[index / outs / ins / columns, index / outs / ins % columns, index / outs % ins, index % outs] = start + index;
        return values;
    }

    public static object ConvOptions(int filters, int kernel = 1, bool bias = false) =>
        new
        {
            filters,
            kernel_size = new[] { kernel, kernel },
            strides = new[] { 1, 1 },
            padding = "valid",
            data_format = "channels_last",
            activation = "linear",
            use_bias = bias,
        };

    private JsonObject ConfigNode() => new()
    {
        ["name"] = Name,
        ["layers"] = new JsonArray([.. _layers.Select(layer => layer.DeepClone())]),
        ["input_layers"] = new JsonArray(new JsonArray(_layerNames[0], 0, 0)),
        ["output_layers"] = new JsonArray(new JsonArray(_layerNames[^1], _layers[^1]["class_name"]!.ToString() == "Model" ? 1 : 0, 0)),
    };

    private KerasBuilt Weights(string layer, (string Name, object Data)[] weights)
    {
        _layerNames.Add(layer);
        var group = new H5Group();
        group.Attributes["weight_names"] = weights.Length == 0 ? Array.Empty<double>() : weights.Select(weight => weight.Name).ToArray();
        foreach (var (name, data) in weights)
        {
            var parts = name.Split('/');
            var owner = group;
            foreach (var part in parts[..^1])
            {
                if (!owner.ContainsKey(part))
                    owner[part] = new H5Group();
                owner = (H5Group)owner[part];
            }

            owner[parts[^1]] = data;
        }

        // As h5py does it: a slash in a layer's name makes a group within a group.
        var names = layer.Split('/');
        var outer = _groups;
        foreach (var name in names[..^1])
            outer = (H5Group)(outer.TryGetValue(name, out var found) ? found : outer[name] = new H5Group());
        outer[names[^1]] = group;
        return this;
    }
}
