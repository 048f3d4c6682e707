using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Mammo.Networks.Graphs;

/// <summary>
/// What a layer does: one sealed record per kind, with its hyper-parameters in Keras's words. All operations over kinds are exhaustive switches.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Input), nameof(Input))]
[JsonDerivedType(typeof(Conv2D), nameof(Conv2D))]
[JsonDerivedType(typeof(SeparableConv2D), nameof(SeparableConv2D))]
[JsonDerivedType(typeof(DepthwiseConv2D), nameof(DepthwiseConv2D))]
[JsonDerivedType(typeof(BatchNormalization), nameof(BatchNormalization))]
[JsonDerivedType(typeof(Normalization), nameof(Normalization))]
[JsonDerivedType(typeof(LayerNormalization), nameof(LayerNormalization))]
[JsonDerivedType(typeof(LayerScale), nameof(LayerScale))]
[JsonDerivedType(typeof(Rescaling), nameof(Rescaling))]
[JsonDerivedType(typeof(Activate), nameof(Activate))]
[JsonDerivedType(typeof(LeakyRelu), nameof(LeakyRelu))]
[JsonDerivedType(typeof(MaxPooling2D), nameof(MaxPooling2D))]
[JsonDerivedType(typeof(AveragePooling2D), nameof(AveragePooling2D))]
[JsonDerivedType(typeof(GlobalAveragePooling2D), nameof(GlobalAveragePooling2D))]
[JsonDerivedType(typeof(GlobalMaxPooling2D), nameof(GlobalMaxPooling2D))]
[JsonDerivedType(typeof(TopKPooling2D), nameof(TopKPooling2D))]
[JsonDerivedType(typeof(ZeroPadding2D), nameof(ZeroPadding2D))]
[JsonDerivedType(typeof(Cropping2D), nameof(Cropping2D))]
[JsonDerivedType(typeof(UpSampling2D), nameof(UpSampling2D))]
[JsonDerivedType(typeof(Dense), nameof(Dense))]
[JsonDerivedType(typeof(Dropout), nameof(Dropout))]
[JsonDerivedType(typeof(Flatten), nameof(Flatten))]
[JsonDerivedType(typeof(Reshape), nameof(Reshape))]
[JsonDerivedType(typeof(Permute), nameof(Permute))]
[JsonDerivedType(typeof(Add), nameof(Add))]
[JsonDerivedType(typeof(Average), nameof(Average))]
[JsonDerivedType(typeof(Maximum), nameof(Maximum))]
[JsonDerivedType(typeof(Multiply), nameof(Multiply))]
[JsonDerivedType(typeof(Concatenate), nameof(Concatenate))]
public abstract record LayerKind
{
    private LayerKind()
    {
    }

    /// <summary>Word for the kind as Keras writes it in <c>class_name</c>.</summary>
    [JsonIgnore]
    public string KerasName => this switch
    {
        Input => "InputLayer",
        Activate => "Activation",
        LeakyRelu => "LeakyReLU",
        _ => GetType().Name,
    };

    /// <summary>Penalty λ·ΣW² on the layer's kernel; 0 for kinds that cannot have one.</summary>
    [JsonIgnore]
    public double KernelL2 => this switch
    {
        Conv2D conv => conv.L2,
        Dense dense => dense.L2,
        _ => 0,
    };

    /// <summary>An input of the network, channels last; open sizes are null.</summary>
    public sealed record Input(TensorShape Shape) : LayerKind;

    /// <summary>
    /// 2-D convolution. Weights: kernel (out, in / groups, rows, columns), bias (out). <paramref name="L2"/> is Keras's penalty λ·ΣW² on the kernel.
    /// </summary>
    public sealed record Conv2D(
        int Filters, Size2D Kernel, Size2D Strides, Padding Padding, Size2D Dilation, bool UseBias, Activation Activation, double L2 = 0) : LayerKind
    {
        /// <summary>Input and output channels are divided into that many groups, each convolved by itself; null for one.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Groups { get; init; }
    }

    /// <summary>
    /// Depthwise, then pointwise convolution. Weights: depthwise_kernel (in·multiplier, 1, rows, columns; output channel = in·multiplier index),
    /// pointwise_kernel (out, in·multiplier, 1, 1), bias (out).
    /// </summary>
    public sealed record SeparableConv2D(
        int Filters, Size2D Kernel, Size2D Strides, Padding Padding, Size2D Dilation, int DepthMultiplier, bool UseBias, Activation Activation) : LayerKind;

    /// <summary>Depthwise convolution. Weights: depthwise_kernel (in·multiplier, 1, rows, columns), bias (in·multiplier).</summary>
    public sealed record DepthwiseConv2D(
        Size2D Kernel, Size2D Strides, Padding Padding, Size2D Dilation, int DepthMultiplier, bool UseBias, Activation Activation) : LayerKind;

    /// <summary>
    /// Batch normalisation over the channels. Weights: gamma if <paramref name="Scale"/>, beta if <paramref name="Center"/>, moving_mean, moving_variance.
    /// </summary>
    public sealed record BatchNormalization(double Epsilon, double Momentum, bool Scale, bool Center) : LayerKind;

    /// <summary>(x - mean) / max(√variance, 1e-7), channel by channel, with numbers that are never trained. Weights: mean, variance.</summary>
    public sealed record Normalization : LayerKind
    {
        /// <summary>Smallest standard deviation that is divided by; Keras's epsilon.</summary>
        public const double SmallestDeviation = 1e-7;
    }

    /// <summary>
    /// (x - mean) / √(variance + ε) · gamma + beta with the mean and the biased variance over the channels of each position by itself. Weights: gamma if
    /// <paramref name="Scale"/>, beta if <paramref name="Center"/>.
    /// </summary>
    public sealed record LayerNormalization(double Epsilon, bool Scale, bool Center) : LayerKind;

    /// <summary>gamma·x, channel by channel: ConvNeXt's trained scale of a residual branch. Weights: gamma.</summary>
    public sealed record LayerScale : LayerKind;

    /// <summary>Scale·x + Offset; each of the two is one number for all channels or one for each.</summary>
    public sealed record Rescaling(ImmutableArray<double> Scale, ImmutableArray<double> Offset) : LayerKind;

    /// <summary>An activation as a layer of its own (Keras's <c>Activation</c>).</summary>
    public sealed record Activate(Activation Activation) : LayerKind;

    /// <summary>x for x ≥ 0, else Alpha·x.</summary>
    public sealed record LeakyRelu(double Alpha) : LayerKind;

    /// <summary>Maximum over windows.</summary>
    public sealed record MaxPooling2D(Size2D PoolSize, Size2D Strides, Padding Padding) : LayerKind;

    /// <summary>Mean over windows; with 'same' padding over the valid cells only.</summary>
    public sealed record AveragePooling2D(Size2D PoolSize, Size2D Strides, Padding Padding) : LayerKind;

    /// <summary>Mean over all positions.</summary>
    public sealed record GlobalAveragePooling2D : LayerKind;

    /// <summary>Maximum over all positions.</summary>
    public sealed record GlobalMaxPooling2D : LayerKind;

    /// <summary>
    /// Mean of the class probabilities at the K positions where the background is least probable; Mammo's own, for heatmaps. Of equal positions any may be
    /// taken; a smaller map gives all its positions.
    /// </summary>
    /// <param name="K">Number of positions.</param>
    /// <param name="Background">Channel of the background.</param>
    public sealed record TopKPooling2D(int K, int Background) : LayerKind;

    /// <summary>Adds zeros around the plane.</summary>
    public sealed record ZeroPadding2D(Border Border) : LayerKind;

    /// <summary>Cuts pixels from the sides of the plane.</summary>
    public sealed record Cropping2D(Border Border) : LayerKind;

    /// <summary>Repeats rows and columns (nearest neighbour).</summary>
    public sealed record UpSampling2D(Size2D Factor) : LayerKind;

    /// <summary>Fully connected over the last axis; on rows × columns × channels a 1×1 convolution. Weights: kernel (units, in), bias (units).</summary>
    public sealed record Dense(int Units, bool UseBias, Activation Activation, double L2 = 0) : LayerKind;

    /// <summary>Zeroes a share <paramref name="Rate"/> of the values while training and scales the rest by 1 / (1 - rate).</summary>
    public sealed record Dropout(double Rate) : LayerKind;

    /// <summary>To one axis, in Keras's row-column-channel order.</summary>
    public sealed record Flatten : LayerKind;

    /// <summary>Another shape for the same values in Keras's order; a size of -1 is inferred.</summary>
    public sealed record Reshape(ImmutableArray<int> TargetShape) : LayerKind;

    /// <summary>Axes in another order; 1-based as in Keras, the batch axis not counted.</summary>
    public sealed record Permute(ImmutableArray<int> Axes) : LayerKind;

    /// <summary>Sum of the inputs.</summary>
    public sealed record Add : LayerKind;

    /// <summary>Mean of the inputs.</summary>
    public sealed record Average : LayerKind;

    /// <summary>Element-wise maximum of the inputs.</summary>
    public sealed record Maximum : LayerKind;

    /// <summary>Product of the inputs; an axis of size 1 is repeated along the other inputs' axis.</summary>
    public sealed record Multiply : LayerKind;

    /// <summary>Inputs side by side; <paramref name="Axis"/> as in Keras: -1 the channels, otherwise counted with the batch axis as 0.</summary>
    public sealed record Concatenate(int Axis) : LayerKind;
}
