using Mammo.Networks.Graphs;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Mammo.Torch;

/// <summary>Pooling over windows and over whole planes.</summary>
internal static class Pools
{
    /// <summary>Maximum over windows; cells of the border never win.</summary>
    public static Tensor Max(Tensor x, LayerKind.MaxPooling2D pool)
    {
        var border = Windows.Border(Borders.PlaneOf(x), pool.PoolSize, pool.Strides, Size2D.Square(1), pool.Padding);
        if (Borders.IsSymmetric(border))
            return F.max_pool2d(x, Borders.Pair(pool.PoolSize), Borders.Pair(pool.Strides), [border.Top, border.Left]);
        return F.max_pool2d(Borders.Pad(x, border, double.NegativeInfinity), Borders.Pair(pool.PoolSize), Borders.Pair(pool.Strides));
    }

    /// <summary>Mean over windows; cells of the border do not count.</summary>
    public static Tensor Average(Tensor x, LayerKind.AveragePooling2D pool)
    {
        var border = Windows.Border(Borders.PlaneOf(x), pool.PoolSize, pool.Strides, Size2D.Square(1), pool.Padding);
        if (Borders.IsSymmetric(border))
            return F.avg_pool2d(
                x, Borders.Pair(pool.PoolSize), Borders.Pair(pool.Strides), [border.Top, border.Left], ceil_mode: false, count_include_pad: false);
        return Sums(x, pool, border) / Sums(ones([1, 1, x.shape[2], x.shape[3]], x.dtype, x.device), pool, border);
    }

    /// <summary>Mean over all positions, in the given type.</summary>
    public static Tensor GlobalAverage(Tensor x, ScalarType type) => x.mean([2, 3], type: type);

    /// <summary>Maximum over all positions.</summary>
    public static Tensor GlobalMax(Tensor x) => x.amax([2, 3]);

    /// <summary>Mean of all channels at the positions where the background is lowest, in the given type.</summary>
    public static Tensor TopK(Tensor x, LayerKind.TopKPooling2D pool, ScalarType type)
    {
        var positions = x.flatten(2).to(type);
        var k = Math.Min(pool.K, positions.shape[2]);
        var (_, lowest) = positions.select(1, pool.Background).topk((int)k, dim: 1, largest: false, sorted: false);
        return positions.gather(2, lowest.unsqueeze(1).expand(-1, positions.shape[1], -1)).mean([2]);
    }

    private static Tensor Sums(Tensor x, LayerKind.AveragePooling2D pool, Border border) =>
        F.avg_pool2d(
            Borders.Pad(x, border, 0),
            Borders.Pair(pool.PoolSize),
            Borders.Pair(pool.Strides),
            [0, 0],
            ceil_mode: false,
            count_include_pad: true,
            divisor_override: 1);
}
