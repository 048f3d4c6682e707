using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>The options of one layer in a Keras file; every complaint names the layer, its kind and the file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Layer">Path name of the layer.</param>
/// <param name="ClassName">Keras's word for its kind.</param>
/// <param name="Config">The options.</param>
internal sealed record KerasOptions(string Path, string Layer, string ClassName, JsonElement Config)
{
    // Far above any network and low enough that products of four of them fit a long.
    private const int Largest = 1 << 20;

    /// <summary>True for a file of Keras 3, where <c>hard_sigmoid</c> is another function.</summary>
    public bool IsKeras3 { get; init; }

    /// <summary>True when the option stands there and is not null.</summary>
    public bool Has(string name) => Config.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A switch.</summary>
    public bool Flag(string name, bool missing) => !Has(name) ? missing : Config.GetProperty(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unsupported($"its option '{name}' is not true or false"),
    };

    /// <summary>A text; null when it is missing.</summary>
    public string? Text(string name) => !Has(name) ? null : Config.GetProperty(name) is { ValueKind: JsonValueKind.String } value
        ? value.GetString()
        : throw Unsupported($"its option '{name}' is not a text");

    /// <summary>A finite number; arrays of one that numpy left behind count too.</summary>
    public double Number(string name)
    {
        if (!Has(name))
            throw Unsupported($"its option '{name}' is missing");
        var value = Config.GetProperty(name);
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("value", out var inner))
            value = inner;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Unsupported($"its option '{name}' is not a number");
    }

    /// <summary>A finite number, or another where the option is missing or null.</summary>
    public double Number(string name, double missing) => Has(name) ? Number(name) : missing;

    /// <summary>Finite numbers: one, a list of them, or lists within lists as numpy's arrays are written.</summary>
    public ImmutableArray<double> Numbers(string name)
    {
        var numbers = ImmutableArray.CreateBuilder<double>();
        Take(Has(name) ? Config.GetProperty(name) : default);
        return numbers.Count is > 0 and <= Largest ? numbers.ToImmutable() : throw Unsupported($"its option '{name}' is not a list of numbers");

        void Take(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in value.EnumerateArray())
                    Take(item);
            }
            else if (value.ValueKind == JsonValueKind.Object)
            {
                // {"type": "ndarray", "value": ...} of Keras 2, {"class_name": "__numpy__", "config": {"value": ...}} of Keras 3.
                Take(KerasJson.Member(KerasJson.Member(value, "config") ?? value, "value") ?? throw Unsupported($"its option '{name}' is not a list of "
                    + "numbers"));
            }
            else
            {
                numbers.Add(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
                    ? number
                    : throw Unsupported($"its option '{name}' is not a list of numbers"));
            }
        }
    }

    /// <summary>A count of 1 or more.</summary>
    public int Count(string name, int? missing = null) => !Has(name) && missing is { } instead ? instead : Has(name)
        ? Whole(Config.GetProperty(name), name, 1)
        : throw Unsupported($"its option '{name}' is missing");

    /// <summary>Whole numbers of -1 or more, as a list.</summary>
    public ImmutableArray<int> Wholes(string name) => KerasJson.List(Config, name) is { Count: > 0 and <= 8 } list
        ? [.. list.Select(item => Whole(item, name, -1))]
        : throw Unsupported($"its option '{name}' is not a short list of whole numbers");

    /// <summary>A size in rows and columns, written as a pair or as one number for both.</summary>
    public Size2D Size(string name, Size2D? missing = null)
    {
        if (!Has(name))
            return missing ?? throw Unsupported($"its option '{name}' is missing");
        var value = Config.GetProperty(name);
        if (value.ValueKind == JsonValueKind.Number)
            return Size2D.Square(Whole(value, name, 1));
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
            ? new Size2D(Whole(value[0], name, 1), Whole(value[1], name, 1))
            : throw Unsupported($"its option '{name}' is not a size in rows and columns");
    }

    /// <summary>A border: one number, one per axis, or a pair per axis.</summary>
    public Border Border(string name)
    {
        var value = Has(name) ? Config.GetProperty(name) : default;
        if (value.ValueKind == JsonValueKind.Number)
            return Sides(Whole(value, name, 0), Whole(value, name, 0), Whole(value, name, 0), Whole(value, name, 0));
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2)
            throw Unsupported($"its option '{name}' is not a border");
        var (rows, columns) = (Pair(value[0]), Pair(value[1]));
        return Sides(rows.Before, rows.After, columns.Before, columns.After);

        static Border Sides(int top, int bottom, int left, int right) => new(top, bottom, left, right);

        (int Before, int After) Pair(JsonElement side) => side.ValueKind == JsonValueKind.Array && side.GetArrayLength() == 2
            ? (Whole(side[0], name, 0), Whole(side[1], name, 0))
            : (Whole(side, name, 0), Whole(side, name, 0));
    }

    /// <summary>The border rule.</summary>
    public Padding Padding() => Text("padding") switch
    {
        "valid" => Graphs.Padding.Valid,
        "same" => Graphs.Padding.Same,
        var other => throw Unsupported($"its padding '{other}' is unknown"),
    };

    /// <summary>The activation function; none is linear.</summary>
    public Activation Activation()
    {
        if (Has("activation") && Config.GetProperty("activation").ValueKind != JsonValueKind.String)
            throw Unsupported("its activation is not one of Keras's own");
        return Text("activation") switch
        {
            null or "linear" => Graphs.Activation.Linear,
            "relu" => Graphs.Activation.Relu,
            "softmax" => Graphs.Activation.Softmax,
            "sigmoid" => Graphs.Activation.Sigmoid,
            "tanh" => Graphs.Activation.Tanh,
            "elu" => Graphs.Activation.Elu,
            "selu" => Graphs.Activation.Selu,
            "softplus" => Graphs.Activation.Softplus,
            "softsign" => Graphs.Activation.Softsign,
            "hard_sigmoid" => IsKeras3 ? Graphs.Activation.HardSigmoid6 : Graphs.Activation.HardSigmoid,
            "relu6" => Graphs.Activation.Relu6,
            "swish" or "silu" => Graphs.Activation.Swish,
            "gelu" => Graphs.Activation.Gelu,
            "hard_swish" or "hard_silu" => Graphs.Activation.HardSwish,
            "exponential" => Graphs.Activation.Exponential,
            var other => throw Unsupported($"its activation '{other}' is unknown"),
        };
    }

    /// <summary>Fails unless the option is missing or has that text.</summary>
    public void Demand(string name, string text)
    {
        if (Text(name) is { } found && found != text)
            throw Unsupported($"its option '{name}' is '{found}'");
    }

    /// <summary>Fails unless the option is missing or off.</summary>
    public void DemandOff(string name)
    {
        if (Flag(name, missing: false))
            throw Unsupported($"its option '{name}' is on");
    }

    /// <summary>An error that this layer cannot be run.</summary>
    public MammoException Unsupported(string why) => new(
        ErrorIds.ModelLayerUnsupported,
        $"Layer '{Layer}' of kind {ClassName} in '{Path}' cannot be run: {why}.",
        "Rebuild the network from the kinds of layers that Mammo knows, or convert the model where it was made.",
        Layer);

    private int Whole(JsonElement value, string name, int least) =>
        KerasJson.Whole(value) is { } whole && whole >= least && whole <= Largest
            ? whole
            : throw Unsupported($"its option '{name}' is not a whole number from {least} to {Largest}");
}
