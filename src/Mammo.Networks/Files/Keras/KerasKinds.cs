using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>From a Keras class name and its options to a <see cref="LayerKind"/>; anything not in this list is refused and nothing is ever executed.</summary>
/// <param name="notes">Takes remarks on options that change training only and are dropped.</param>
internal sealed class KerasKinds(ICollection<string> notes)
{
    // Noise and random changes of the image: they pass their input on when a model scores.
    private static readonly FrozenSet<string> TrainingOnly = FrozenSet.Create(
        StringComparer.Ordinal,
        "GaussianNoise",
        "GaussianDropout",
        "AlphaDropout",
        "SpatialDropout2D",
        "ActivityRegularization",
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomTranslation",
        "RandomShear",
        "RandomContrast",
        "RandomBrightness",
        "RandomSaturation",
        "RandomHue",
        "RandomColorJitter",
        "RandomColorDegeneration",
        "RandomGrayscale",
        "RandomInvert",
        "RandomSharpness",
        "RandomPosterization",
        "RandomGaussianBlur",
        "RandomPerspective",
        "RandomElasticTransform",
        "RandomErasing");

    /// <summary>True for layers that pass their input on when a model scores.</summary>
    public static bool IsTrainingOnly(string className) => TrainingOnly.Contains(className);

    /// <summary>What the layer does.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelLayerUnsupported"/>: another kind, or an option that is not supported.</exception>
    public LayerKind Read(KerasOptions options)
    {
        options.Demand("data_format", "channels_last");
        Report(options, "bias_regularizer", "activity_regularizer", "depthwise_regularizer", "pointwise_regularizer", "beta_regularizer", "gamma_regularizer");
        Report(options, "kernel_constraint", "bias_constraint", "depthwise_constraint", "pointwise_constraint", "beta_constraint", "gamma_constraint");
        return options.ClassName switch
        {
            "InputLayer" => Input(options),
            "Conv2D" => Conv2D(options),
            "SeparableConv2D" => SeparableConv2D(options),
            "DepthwiseConv2D" => DepthwiseConv2D(options),
            "BatchNormalization" or "BatchNormalizationV1" or "BatchNormalizationV2" or "SyncBatchNormalization" => BatchNormalization(options),
            "LayerNormalization" => LayerNormalization(options),
            "LayerScale" => new LayerKind.LayerScale(),
            "CustomScaleLayer" => new LayerKind.Add(),
            "Normalization" or "Rescaling" => KerasScaling.Read(options),
            "Activation" => new LayerKind.Activate(options.Activation()),
            "ReLU" => ReLU(options),
            "LeakyReLU" => new LayerKind.LeakyRelu(options.Has("alpha") ? options.Number("alpha") : options.Number("negative_slope")),
            "ELU" when options.Number("alpha", missing: 1) == 1 => new LayerKind.Activate(Activation.Elu),
            "Softmax" => new LayerKind.Activate(Activation.Softmax),
            "MaxPooling2D" => new LayerKind.MaxPooling2D(options.Size("pool_size"), options.Size("strides", options.Size("pool_size")), options.Padding()),
            "AveragePooling2D" => new LayerKind.AveragePooling2D(
                options.Size("pool_size"), options.Size("strides", options.Size("pool_size")), options.Padding()),
            "GlobalAveragePooling2D" => new LayerKind.GlobalAveragePooling2D(),
            "GlobalMaxPooling2D" => new LayerKind.GlobalMaxPooling2D(),
            "ZeroPadding2D" => new LayerKind.ZeroPadding2D(options.Border("padding")),
            "Cropping2D" => new LayerKind.Cropping2D(options.Border("cropping")),
            "UpSampling2D" => UpSampling2D(options),
            "Dense" => new LayerKind.Dense(options.Count("units"), options.Flag("use_bias", missing: true), options.Activation(), L2(options)),
            "Dropout" => Dropout(options),
            "Flatten" => new LayerKind.Flatten(),
            "Reshape" => new LayerKind.Reshape(options.Wholes("target_shape")),
            "Permute" => new LayerKind.Permute(options.Wholes("dims")),
            "Add" => new LayerKind.Add(),
            "Average" => new LayerKind.Average(),
            "Maximum" => new LayerKind.Maximum(),
            "Multiply" => new LayerKind.Multiply(),
            "Concatenate" => new LayerKind.Concatenate(Axis(options, "axis")),
            _ when TrainingOnly.Contains(options.ClassName) => Passed(options),
            "Lambda" => throw options.Unsupported("a Lambda layer holds program code, which is never executed"),
            _ => throw options.Unsupported("this kind of layer is unknown"),
        };
    }

    /// <summary>The axis of a layer that must work on the channels, where newer Keras writes a list of one; null for layers without such an axis.</summary>
    public static int? ChannelAxis(KerasOptions options)
    {
        if (options.ClassName is not (
            "Softmax" or "Normalization" or "LayerNormalization" or "BatchNormalization" or "BatchNormalizationV1" or "BatchNormalizationV2"
            or "SyncBatchNormalization"))
            return null;
        if (!options.Has("axis") || options.Config.GetProperty("axis").ValueKind != JsonValueKind.Array)
            return Axis(options, "axis");
        return options.Wholes("axis") is [var only] ? only : throw options.Unsupported("it works on several axes");
    }

    /// <summary>The shape of an input without the batch axis; null when the option is missing.</summary>
    public static TensorShape? InputShape(KerasOptions options, string name)
    {
        if (!options.Has(name))
            return null;
        var shape = options.Config.GetProperty(name);
        if (shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() is < 2 or > 5)
            throw options.Unsupported($"its option '{name}' is not a shape");
        return new TensorShape([.. shape.EnumerateArray().Skip(1).Select(Size)]);

        int? Size(JsonElement size) => size.ValueKind switch
        {
            JsonValueKind.Null => null,
            _ when KerasJson.Whole(size) is > 0 and <= 1 << 20 and var known => known,
            _ => throw options.Unsupported($"its option '{name}' is not a shape"),
        };
    }

    private static LayerKind.Input Input(KerasOptions options)
    {
        options.DemandOff("sparse");
        options.DemandOff("ragged");
        return new LayerKind.Input(
            InputShape(options, "batch_input_shape") ?? InputShape(options, "batch_shape") ?? throw options.Unsupported("it does not say its shape"));
    }

    private static LayerKind.SeparableConv2D SeparableConv2D(KerasOptions options) => new(
        options.Count("filters"),
        options.Size("kernel_size"),
        options.Size("strides", Size2D.Square(1)),
        options.Padding(),
        options.Size("dilation_rate", Size2D.Square(1)),
        options.Count("depth_multiplier", missing: 1),
        options.Flag("use_bias", missing: true),
        options.Activation());

    private static LayerKind.DepthwiseConv2D DepthwiseConv2D(KerasOptions options) => new(
        options.Size("kernel_size"),
        options.Size("strides", Size2D.Square(1)),
        options.Padding(),
        options.Size("dilation_rate", Size2D.Square(1)),
        options.Count("depth_multiplier", missing: 1),
        options.Flag("use_bias", missing: true),
        options.Activation());

    private static LayerKind.BatchNormalization BatchNormalization(KerasOptions options)
    {
        options.DemandOff("renorm");
        if (options.Has("virtual_batch_size"))
            throw options.Unsupported("its option 'virtual_batch_size' is set");
        return new LayerKind.BatchNormalization(
            options.Number("epsilon"), options.Number("momentum"), options.Flag("scale", missing: true), options.Flag("center", missing: true));
    }

    /// <summary>Keras's general form is f(x) = max_value for x ≥ max_value, x for threshold ≤ x, else negative_slope · (x - threshold).</summary>
    private static LayerKind ReLU(KerasOptions options)
    {
        if (options.Number("threshold", missing: 0) != 0)
            throw options.Unsupported("its threshold is not 0");
        return (options.Number("negative_slope", missing: 0), options.Has("max_value") ? options.Number("max_value") : default(double?)) switch
        {
            (0, null) => new LayerKind.Activate(Activation.Relu),
            (0, 6) => new LayerKind.Activate(Activation.Relu6),
            (var slope, null) => new LayerKind.LeakyRelu(slope),
            (var slope, var most) =>
                throw options.Unsupported(FormattableString.Invariant($"its max_value {most} with negative_slope {slope} is neither ReLU nor ReLU6")),
        };
    }

    private static LayerKind.UpSampling2D UpSampling2D(KerasOptions options)
    {
        options.Demand("interpolation", "nearest");
        return new LayerKind.UpSampling2D(options.Size("size"));
    }

    private static int Axis(KerasOptions options, string name)
    {
        var axis = options.Has(name) ? options.Number(name) : -1;
        return axis is >= -8 and <= 8 && axis == Math.Truncate(axis) ? (int)axis : throw options.Unsupported($"its option '{name}' is not an axis");
    }

    private LayerKind.Activate Passed(KerasOptions options)
    {
        notes.Add($"Layer '{options.Layer}' ({options.ClassName}) acts in training only and has no effect on scores; it is not kept for training either.");
        return new LayerKind.Activate(Activation.Linear);
    }

    private LayerKind.Conv2D Conv2D(KerasOptions options)
    {
        var groups = options.Count("groups", missing: 1);
        return new LayerKind.Conv2D(
            options.Count("filters"),
            options.Size("kernel_size"),
            options.Size("strides", Size2D.Square(1)),
            options.Padding(),
            options.Size("dilation_rate", Size2D.Square(1)),
            options.Flag("use_bias", missing: true),
            options.Activation(),
            L2(options))
        {
            Groups = groups == 1 ? null : groups,
        };
    }

    private static LayerKind.LayerNormalization LayerNormalization(KerasOptions options)
    {
        options.DemandOff("rms_scaling");
        return new LayerKind.LayerNormalization(options.Number("epsilon"), options.Flag("scale", missing: true), options.Flag("center", missing: true));
    }

    private LayerKind.Dropout Dropout(KerasOptions options)
    {
        Report(options, "noise_shape");
        var rate = options.Number("rate");
        return rate is >= 0 and <= 1
            ? new LayerKind.Dropout(rate)
            : throw options.Unsupported(FormattableString.Invariant($"its rate {rate} is not between 0 and 1"));
    }

    /// <summary>The λ of the kernel's L2 penalty; everything else that penalises matters for training only.</summary>
    private double L2(KerasOptions options)
    {
        if (!options.Has("kernel_regularizer"))
            return 0;
        var regularizer = options.Config.GetProperty("kernel_regularizer");
        if (KerasJson.Text(regularizer, "class_name") is not ("L1L2" or "L2" or "L1")
            || KerasJson.Member(regularizer, "config") is not { ValueKind: JsonValueKind.Object } config)
        {
            notes.Add($"Layer '{options.Layer}' has a penalty on its kernel that is not kept; it matters for training only.");
            return 0;
        }

        if (Share("l1") != 0)
            notes.Add($"Layer '{options.Layer}' has an L1 penalty on its kernel that is not kept; it matters for training only.");
        return Share("l2");

        double Share(string name)
        {
            var penalty = options with { Config = config };
            return penalty.Has(name) ? penalty.Number(name) : 0;
        }
    }

    private void Report(KerasOptions options, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (options.Has(name))
                notes.Add($"Layer '{options.Layer}' has the option {name}, which is not kept; it matters for training only.");
        }
    }
}
