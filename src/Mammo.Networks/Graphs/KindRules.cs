using System.Collections.Immutable;

namespace Mammo.Networks.Graphs;

/// <summary>
/// Which values the options of a layer may have. Descriptions come from files too, and a stride of 0 or a border of -1 must not reach the arithmetic.
/// </summary>
internal static class KindRules
{
    // Far above any network, and low enough that the product of four of them fits a long.
    private const int Largest = 1 << 20;

    /// <summary>What is wrong with a layer's options; null when nothing is.</summary>
    public static string? Complaint(LayerKind kind) => kind switch
    {
        LayerKind.Input input => input.Shape.Rank is >= 1 and <= 4 && input.Shape.Sizes.All(size => size is null || IsCount(size.Value))
            ? null
            : $"its shape {input.Shape} is not possible",
        LayerKind.Conv2D conv =>
            Counts(conv.Filters) ?? Sizes(conv.Kernel, conv.Strides, conv.Dilation) ?? Words(conv.Padding, conv.Activation) ?? Share(conv.L2, double.MaxValue)
                ?? Counts(conv.Groups ?? 1),
        LayerKind.SeparableConv2D conv =>
            Counts(conv.Filters, conv.DepthMultiplier) ?? Sizes(conv.Kernel, conv.Strides, conv.Dilation) ?? Words(conv.Padding, conv.Activation),
        LayerKind.DepthwiseConv2D conv =>
            Counts(conv.DepthMultiplier) ?? Sizes(conv.Kernel, conv.Strides, conv.Dilation) ?? Words(conv.Padding, conv.Activation),
        LayerKind.BatchNormalization norm => Share(norm.Epsilon, double.MaxValue) ?? Share(norm.Momentum, 1),
        LayerKind.LayerNormalization norm => Share(norm.Epsilon, double.MaxValue),
        LayerKind.Rescaling rescaling => Numbers(rescaling.Scale) ?? Numbers(rescaling.Offset),
        LayerKind.Activate activate => Words(Padding.Valid, activate.Activation),
        LayerKind.LeakyRelu leaky => double.IsFinite(leaky.Alpha) ? null : "its alpha is not finite",
        LayerKind.MaxPooling2D pool => Sizes(pool.PoolSize, pool.Strides) ?? Words(pool.Padding, Activation.Linear),
        LayerKind.AveragePooling2D pool => Sizes(pool.PoolSize, pool.Strides) ?? Words(pool.Padding, Activation.Linear),
        LayerKind.TopKPooling2D pool => Counts(pool.K, pool.Background + 1),
        LayerKind.ZeroPadding2D pad => Sides(pad.Border),
        LayerKind.Cropping2D crop => Sides(crop.Border),
        LayerKind.UpSampling2D up => Sizes(up.Factor),
        LayerKind.Dense dense => Counts(dense.Units) ?? Words(Padding.Valid, dense.Activation) ?? Share(dense.L2, double.MaxValue),
        LayerKind.Dropout dropout => Share(dropout.Rate, 1),
        LayerKind.Reshape reshape => List(reshape.TargetShape, size => size == -1 || IsCount(size)),
        LayerKind.Permute permute => List(permute.Axes, axis => axis is >= 1 and <= 4),
        LayerKind.Concatenate concatenate => concatenate.Axis is >= -4 and <= 4 ? null : $"its axis {concatenate.Axis} is not possible",
        _ => null,
    };

    /// <summary>Whether a layer can have so many inputs.</summary>
    public static bool Takes(LayerKind kind, int inputs) => kind switch
    {
        LayerKind.Input => inputs == 0,
        LayerKind.Add or LayerKind.Average or LayerKind.Maximum or LayerKind.Multiply or LayerKind.Concatenate => inputs >= 1,
        _ => inputs == 1,
    };

    private static bool IsCount(int value) => value is >= 1 and <= Largest;

    private static string? Counts(params ReadOnlySpan<int> values)
    {
        foreach (var value in values)
        {
            if (!IsCount(value))
                return $"its count {value} is not from 1 to {Largest}";
        }

        return null;
    }

    private static string? Sizes(params ReadOnlySpan<Size2D> sizes)
    {
        foreach (var size in sizes)
        {
            if (!IsCount(size.Rows) || !IsCount(size.Columns))
                return $"its size {size} is not from 1 to {Largest}";
        }

        return null;
    }

    private static string? Sides(Border border)
    {
        ReadOnlySpan<int> sides = [border.Top, border.Bottom, border.Left, border.Right];
        return sides.IndexOfAnyExceptInRange(0, Largest) < 0 ? null : $"its border is not from 0 to {Largest}";
    }

    private static string? Share(double value, double most) =>
        value >= 0 && value <= most ? null : FormattableString.Invariant($"its number {value} is not possible");

    private static string? Numbers(ImmutableArray<double> values) =>
        !values.IsDefaultOrEmpty && values.Length <= Largest && values.All(double.IsFinite) ? null : "its list of numbers is empty or not finite";

    private static string? Words(Padding padding, Activation activation) =>
        Enum.IsDefined(padding) && Enum.IsDefined(activation) ? null : "its padding or activation is unknown";

    private static string? List(ImmutableArray<int> values, Func<int, bool> allows) =>
        !values.IsDefaultOrEmpty && values.Length <= 4 && values.All(allows) ? null : "its list of sizes or axes is not possible";
}
