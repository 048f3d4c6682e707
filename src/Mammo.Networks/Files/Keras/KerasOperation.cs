using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Arithmetic on tensors in a Functional model (<c>x + 3</c>, <c>x * y</c>), which Keras writes as a layer of its own: an operation of
/// <c>keras.src.ops.numpy</c> in Keras 3, a <c>TFOpLambda</c> in tf.keras. A few are known; none is program code.
/// </summary>
/// <param name="Kind">The layer that does the same.</param>
/// <param name="Inputs">The connections to what it takes, as the file writes them.</param>
internal sealed record KerasOperation(LayerKind Kind, ImmutableArray<JsonElement> Inputs)
{
    /// <summary>The operation that a layer is; null when it is a layer of another kind.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelLayerUnsupported"/>: an operation that is not known, or with other operands.</exception>
    public static KerasOperation? Of(JsonElement item, KerasOptions options)
    {
        if (options.ClassName is not ("TFOpLambda" or "Add" or "Subtract" or "Multiply" or "Divide" or "TrueDivide"))
            return null;
        if (KerasJson.List(item, "inbound_nodes") is not [var call, ..] calls)
            return null;
        var isLambda = options.ClassName == "TFOpLambda";
        var operands = isLambda ? OfLambda(call) : OfKeras3(call);
        if (operands is null && !isLambda)
            return null;
        if (operands is not [var left, var right] || calls.Count != 1)
            throw options.Unsupported("it is an operation with other operands than two");
        var word = isLambda ? options.Text("function") ?? "" : options.ClassName;
        return (Number(left), Number(right)) switch
        {
            (null, null) => new(Merge(word) ?? throw Unknown(), [left, right]),
            (null, { } number) => new(Scaled(word, number) ?? throw Unknown(), [left]),
            ({ } number, null) => new(Reversed(word, number) ?? throw Unknown(), [right]),
            _ => throw Unknown(),
        };

        MammoException Unknown() => options.Unsupported($"the operation '{word}' on such operands is unknown");
    }

    // Layers take their tensors as one list, operations one after the other.
    private static JsonElement[]? OfKeras3(JsonElement call) =>
        KerasJson.List(call, "args") is { Count: > 1 } arguments && arguments[0].ValueKind != JsonValueKind.Array ? [.. arguments] : null;

    // [["layer", 0, 0, {"y": 3.0, "name": null}]], where y may be the connection ["layer", 0, 0].
    private static JsonElement[]? OfLambda(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Array || call.GetArrayLength() == 0)
            return null;
        var first = call[0].ValueKind == JsonValueKind.String ? call : call.GetArrayLength() == 1 ? call[0] : default;
        if (first.ValueKind != JsonValueKind.Array || first.GetArrayLength() != 4 || first[3].ValueKind != JsonValueKind.Object)
            return null;
        var others = first[3].EnumerateObject().Where(argument => argument.Value.ValueKind != JsonValueKind.Null && argument.Name != "name").ToArray();
        return others is [{ Name: "y" } other] ? [first, other.Value] : null;
    }

    private static double? Number(JsonElement operand) => operand.ValueKind == JsonValueKind.Number && operand.TryGetDouble(out var number) ? number : null;

    private static LayerKind? Merge(string word) => word switch
    {
        "Add" or "__operators__.add" or "math.add" => new LayerKind.Add(),
        "Multiply" or "__operators__.mul" or "math.multiply" => new LayerKind.Multiply(),
        _ => null,
    };

    private static LayerKind? Scaled(string word, double number) => word switch
    {
        "Add" or "__operators__.add" or "math.add" => new LayerKind.Rescaling([1], [number]),
        "Subtract" or "__operators__.sub" or "math.subtract" => new LayerKind.Rescaling([1], [-number]),
        "Multiply" or "__operators__.mul" or "math.multiply" => new LayerKind.Rescaling([number], [0]),
        "Divide" or "TrueDivide" or "__operators__.truediv" or "math.truediv" or "math.divide" when number != 0 => new LayerKind.Rescaling([1 / number], [0]),
        _ => null,
    };

    private static LayerKind? Reversed(string word, double number) => word switch
    {
        "Add" or "Multiply" => Scaled(word, number),
        "Subtract" => new LayerKind.Rescaling([-1], [number]),
        _ => null,
    };
}
