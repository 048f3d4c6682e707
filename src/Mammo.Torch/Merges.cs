using static TorchSharp.torch;

namespace Mammo.Torch;

/// <summary>Layers with several inputs.</summary>
internal static class Merges
{
    /// <summary>Sum; may be put in place of the input at <paramref name="overwritten"/>.</summary>
    public static Tensor Sum(ReadOnlySpan<Tensor> inputs, int? overwritten = null)
    {
        var target = overwritten ?? 0;
        Tensor? sum = overwritten is null ? null : inputs[target];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (i != target)
                sum = sum is null ? inputs[target].add(inputs[i], Number.Of(1)) : sum.add_(inputs[i], Number.Of(1));
        }

        return sum ?? inputs[target].alias();
    }

    /// <summary>Mean.</summary>
    public static Tensor Average(ReadOnlySpan<Tensor> inputs) => Sum(inputs) / Number.Of(inputs.Length);

    /// <summary>Element-wise maximum.</summary>
    public static Tensor Maximum(ReadOnlySpan<Tensor> inputs) => Fold(inputs, maximum);

    /// <summary>Product.</summary>
    public static Tensor Product(ReadOnlySpan<Tensor> inputs) => Fold(inputs, (left, right) => left * right);

    /// <summary>Side by side along a Keras axis.</summary>
    public static Tensor Concatenate(Tensor[] inputs, int kerasAxis) => cat(inputs, Layout.Axis(kerasAxis, inputs[0].dim()));

    private static Tensor Fold(ReadOnlySpan<Tensor> inputs, Func<Tensor, Tensor, Tensor> join)
    {
        var joined = inputs[0].alias();
        foreach (var input in inputs[1..])
            joined = join(joined, input);
        return joined;
    }
}
