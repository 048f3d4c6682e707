using System.Text.Json;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

/// <summary>A network as Keras listed it (tests/data/oracle/listings), its nested model flattened to path names.</summary>
internal sealed record OracleListing(JsonElement Index, IReadOnlyList<OracleLayer> Layers)
{
    public static IReadOnlyList<string> Names { get; } =
        [.. JsonDocument.Parse(File.ReadAllText(Shared.Data("oracle", "listings", "index.json"))).RootElement.EnumerateArray()
            .Select(entry => entry.GetProperty("name").GetString()!)];

    public string Network => Text("net").Replace("_0.5", "", StringComparison.Ordinal);

    public static OracleListing Read(string name)
    {
        var index = JsonDocument.Parse(File.ReadAllText(Shared.Data("oracle", "listings", "index.json"))).RootElement
            .EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        var listing = JsonDocument.Parse(File.ReadAllText(Shared.Data("oracle", "listings", name + ".json"))).RootElement;
        var layers = new List<OracleLayer>();
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in listing.GetProperty("layers").EnumerateArray())
        {
            var layerName = layer.GetProperty("n").GetString()!;
            if (layer.GetProperty("c").GetString() != "Model")
            {
                layers.Add(OracleLayer.Read(layer, "", name => outputs.GetValueOrDefault(name, name)));
                continue;
            }

            var nested = layer.GetProperty("layers").EnumerateArray().ToArray();
            var input = nested[0].GetProperty("n").GetString();
            var outer = layer.GetProperty("i")[0][0].GetString()!;
            layers.AddRange(nested.Skip(1).Select(inner => OracleLayer.Read(inner, layerName + "/", name => name == input ? outer : layerName + "/" + name)));
            layers[^1] = layers[^1] with { Shape = OracleLayer.ReadShape(layer) };
            outputs[layerName] = layers[^1].Name;
        }

        return new OracleListing(index, layers);
    }

    public string Text(string property) => Index.GetProperty(property).GetString()!;
}

/// <summary>A layer as Keras listed it. Shape: null for open sizes, without the batch axis. Weights: names within the layer, shapes in Keras's
/// layout.</summary>
internal sealed record OracleLayer(
    string Name, string Kind, int?[] Shape, long Parameters, string[] Inputs, JsonElement Config, (string Name, int[] Shape)[] Weights)
{
    public static OracleLayer Read(JsonElement layer, string prefix, Func<string, string> input) => new(
        prefix + layer.GetProperty("n").GetString(),
        layer.GetProperty("c").GetString()!,
        ReadShape(layer),
        layer.GetProperty("p").GetInt64(),
        [.. layer.GetProperty("i")[0].EnumerateArray().Select(name => input(name.GetString()!))],
        layer.TryGetProperty("cfg", out var config) ? config : default,
        layer.TryGetProperty("w", out var weights) ? [.. weights.EnumerateArray().Select(ReadWeight)] : []);

    public static int?[] ReadShape(JsonElement layer) =>
        [.. layer.GetProperty("o").EnumerateArray().Skip(1).Select(size => size.ValueKind == JsonValueKind.Null ? (int?)null : size.GetInt32())];

    /// <summary>The kind that the listed configuration describes, written independently of the file readers.</summary>
    public LayerKind ToKind() => Kind switch
    {
        "InputLayer" => new LayerKind.Input(new TensorShape([.. Shape])),
        "Conv2D" => new LayerKind.Conv2D(Int("filters"), Size("kernel_size"), Size("strides"), Border(), Size("dilation_rate"), Flag("use_bias"), Function(),
        L2()),
        "SeparableConv2D" => new LayerKind.SeparableConv2D(
            Int("filters"), Size("kernel_size"), Size("strides"), Border(), Size("dilation_rate"), Int("depth_multiplier"), Flag("use_bias"), Function()),
        "BatchNormalization" => new LayerKind.BatchNormalization(Number("epsilon"), Number("momentum"), Flag("scale"), Flag("center")),
        "Activation" => new LayerKind.Activate(Function()),
        "MaxPooling2D" => new LayerKind.MaxPooling2D(Size("pool_size"), Size("strides"), Border()),
        "AveragePooling2D" => new LayerKind.AveragePooling2D(Size("pool_size"), Size("strides"), Border()),
        "GlobalAveragePooling2D" => new LayerKind.GlobalAveragePooling2D(),
        "Dense" => new LayerKind.Dense(Int("units"), Flag("use_bias"), Function(), L2()),
        "Dropout" => new LayerKind.Dropout(Number("rate")),
        "Flatten" => new LayerKind.Flatten(),
        "Add" => new LayerKind.Add(),
        "Concatenate" => new LayerKind.Concatenate(Int("axis")),
        _ => throw new NotSupportedException(Kind),
    };

    private static (string Name, int[] Shape) ReadWeight(JsonElement weight)
    {
        if (weight.ValueKind == JsonValueKind.String)
            return (weight.GetString()!, []);
        var name = weight[0].GetString()!;
        return (name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..^2], [.. weight[1].EnumerateArray().Select(size => size.GetInt32())]);
    }

    private int Int(string key) => Config.GetProperty(key).GetInt32();

    private double Number(string key) => Config.GetProperty(key).GetDouble();

    private bool Flag(string key) => Config.GetProperty(key).GetBoolean();

    private Size2D Size(string key) => new(Config.GetProperty(key)[0].GetInt32(), Config.GetProperty(key)[1].GetInt32());

    private Padding Border() => Enum.Parse<Padding>(Config.GetProperty("padding").GetString()!, ignoreCase: true);

    private Activation Function() => Enum.Parse<Activation>(Config.GetProperty("activation").GetString()!, ignoreCase: true);

    private double L2() => Config.TryGetProperty("kernel_regularizer", out var regularizer) && regularizer.ValueKind == JsonValueKind.Object
        ? regularizer.GetProperty("l2").GetDouble()
        : 0;
}
