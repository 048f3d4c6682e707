namespace Mammo.Networks.Graphs.Rewriting;

/// <summary>What the kinds with kernel, bias and activation have in common: their output channels are scaled and shifted by changing weights.</summary>
internal static class AffineKinds
{
    /// <summary>True for convolutions and dense layers without an activation of their own.</summary>
    public static bool IsLinear(LayerKind kind) => kind
        is LayerKind.Conv2D { Activation: Activation.Linear }
        or LayerKind.SeparableConv2D { Activation: Activation.Linear }
        or LayerKind.DepthwiseConv2D { Activation: Activation.Linear }
        or LayerKind.Dense { Activation: Activation.Linear };

    /// <summary>Name of the kernel whose first axis is the layer's output channels.</summary>
    public static string OutputKernel(LayerKind kind) => kind switch
    {
        LayerKind.SeparableConv2D => "pointwise_kernel",
        LayerKind.DepthwiseConv2D => "depthwise_kernel",
        _ => "kernel",
    };

    /// <summary>The same kind with a bias.</summary>
    public static LayerKind WithBias(LayerKind kind) => kind switch
    {
        LayerKind.Conv2D conv => conv with { UseBias = true },
        LayerKind.SeparableConv2D conv => conv with { UseBias = true },
        LayerKind.DepthwiseConv2D conv => conv with { UseBias = true },
        LayerKind.Dense dense => dense with { UseBias = true },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind.KerasName, "Not a kind with a kernel."),
    };

    /// <summary>The same kind with an activation.</summary>
    public static LayerKind WithActivation(LayerKind kind, Activation activation) => kind switch
    {
        LayerKind.Conv2D conv => conv with { Activation = activation },
        LayerKind.SeparableConv2D conv => conv with { Activation = activation },
        LayerKind.DepthwiseConv2D conv => conv with { Activation = activation },
        LayerKind.Dense dense => dense with { Activation = activation },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind.KerasName, "Not a kind with a kernel."),
    };
}
