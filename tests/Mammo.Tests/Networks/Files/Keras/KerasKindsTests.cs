using System.Text.Json.Nodes;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Tests.Torch;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>Options of Keras layers: understood, or refused by name.</summary>
public sealed class KerasKindsTests
{
    private static readonly object Conv = KerasBuilt.ConvOptions(3);

    [Theory]
    [InlineData("Lambda", "program code")]
    [InlineData("Conv2DTranspose", "unknown")]
    [InlineData("PReLU", "unknown")]
    [InlineData("Resizing", "unknown")]
    [InlineData("Custom>Mine", "unknown")]
    public void Kinds_that_are_not_known_are_refused_by_name(string kind, string why)
    {
        var failure = Refused(new KerasBuilt { Name = "inner_file" }.Input(4, 4, 2).Add(kind, "culprit"));
        Assert.Contains("'culprit'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(kind, failure.Message, StringComparison.Ordinal);
        Assert.Contains("inner_file.h5", failure.Message, StringComparison.Ordinal);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Equal("culprit", failure.Target);
    }

    [Theory]
    [InlineData("data_format", "\"channels_first\"")]
    [InlineData("activation", "\"mish\"")]
    [InlineData("activation", "{\"class_name\":\"Mine\"}")]
    [InlineData("padding", "\"causal\"")]
    [InlineData("padding", "3")]
    [InlineData("groups", "0")]
    [InlineData("filters", "0")]
    [InlineData("filters", "1e3")]
    [InlineData("filters", "2000000")]
    [InlineData("filters", "null")]
    [InlineData("kernel_size", "[3,3,3]")]
    [InlineData("kernel_size", "[0,3]")]
    [InlineData("strides", "[1.5,1]")]
    [InlineData("strides", "\"1\"")]
    [InlineData("use_bias", "1")]
    [InlineData("kernel_regularizer", "{\"class_name\":\"L2\",\"config\":{\"l2\":\"much\"}}")]
    public void Options_of_convolutions_that_are_not_supported_are_refused(string option, string value) =>
        Refused(new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", Conv).With(option, JsonNode.Parse(value)));

    // tf.keras writes x + 3 as a layer: [["layer", 0, 0, {"y": 3.0, "name": null}]].
    [Theory]
    [InlineData("__operators__.add", 3.0, 5.0)]
    [InlineData("__operators__.sub", 3.0, -1.0)]
    [InlineData("math.multiply", 3.0, 6.0)]
    [InlineData("math.truediv", 4.0, 0.5)]
    [InlineData("math.subtract", 0.5, 1.5)]
    public void Arithmetic_with_a_number_is_a_layer(string function, double operand, double expected)
    {
        var file = KerasFile.Read(Operation(function, operand).Write());
        Assert.Equal(expected, NetworkRuns.Infer(file.Graph, file.Weights, [2], [1, 1])[0], 1e-12);
    }

    [Theory]
    [InlineData("__operators__.getitem", 1.0)]
    [InlineData("math.truediv", 0.0)]
    [InlineData("nn.convolution", 1.0)]
    public void Other_operations_are_refused_by_name(string function, double operand)
    {
        var failure = Refused(Operation(function, operand));
        Assert.Contains(function, failure.Message, StringComparison.Ordinal);
        Assert.Equal("operation", failure.Target);
    }

    private static KerasBuilt Operation(string function, double operand) => new KerasBuilt().Input(1).Add("TFOpLambda", "operation", new { function })
        .Change(layer => layer["inbound_nodes"] = new JsonArray(new JsonArray("input_1", 0, 0, new JsonObject { ["y"] = operand, ["name"] = null })));

    [Theory]
    [InlineData("BatchNormalization", "{\"axis\":1,\"epsilon\":0.001,\"momentum\":0.99}")]
    [InlineData("BatchNormalization", "{\"axis\":[3],\"renorm\":true,\"epsilon\":0.001,\"momentum\":0.99}")]
    [InlineData("BatchNormalization", "{\"axis\":-1,\"momentum\":0.99}")]
    [InlineData("BatchNormalization", "{\"axis\":[1,2],\"epsilon\":0.001,\"momentum\":0.99}")]
    [InlineData("UpSampling2D", "{\"size\":[2,2],\"interpolation\":\"bilinear\"}")]
    [InlineData("ReLU", "{\"max_value\":4}")]
    [InlineData("ReLU", "{\"max_value\":6,\"negative_slope\":0.1}")]
    [InlineData("ReLU", "{\"threshold\":1}")]
    [InlineData("ELU", "{\"alpha\":2}")]
    [InlineData("Softmax", "{\"axis\":1}")]
    [InlineData("Rescaling", "{}")]
    [InlineData("Rescaling", "{\"scale\":[1,\"2\"]}")]
    [InlineData("Normalization", "{\"axis\":null}")]
    [InlineData("Normalization", "{\"axis\":1}")]
    [InlineData("Normalization", "{\"invert\":true}")]
    [InlineData("Normalization", "{\"mean\":[1,2],\"variance\":[1,2,3]}")]
    [InlineData("Normalization", "{\"mean\":1,\"variance\":-1}")]
    [InlineData("Dropout", "{\"rate\":1.5}")]
    [InlineData("Dropout", "{}")]
    [InlineData("Flatten", "{\"data_format\":\"channels_first\"}")]
    [InlineData("Reshape", "{\"target_shape\":[]}")]
    [InlineData("ZeroPadding2D", "{\"padding\":[[1,1],[-1,0]]}")]
    [InlineData("ZeroPadding2D", "{}")]
    [InlineData("LeakyReLU", "{\"alpha\":\"0.3\"}")]
    [InlineData("Concatenate", "{\"axis\":0.5}")]
    public void Options_of_other_layers_that_are_not_supported_are_refused(string kind, string options)
    {
        (string, object)[] weights = kind == "Normalization" && options.Contains(
            "axis\":1", StringComparison.Ordinal) ? [("n/mean:0", new float[2]), ("n/variance:0", new float[2])] : kind == "BatchNormalization" ? [("n/gamma:0",
            new float[2]), ("n/beta:0", new float[2]), ("n/moving_mean:0", new float[2]), ("n/moving_variance:0", new float[2])] : [];
        Refused(new KerasBuilt().Input(4, 4, 2).Add(kind, "layer", JsonNode.Parse(options), weights));
    }

    [Theory]
    [InlineData("sparse", "true")]
    [InlineData("batch_input_shape", "null")]
    [InlineData("batch_input_shape", "[null,-1]")]
    public void Inputs_that_are_not_supported_are_refused(string option, string value) =>
        Refused(new KerasBuilt().Input(4, 4, 2).With(option, JsonNode.Parse(value)).Add("Flatten", "flatten"));

    [Theory]
    [InlineData("{\"training\":true}", false)]
    [InlineData("{\"training\":false}", true)]
    [InlineData("{\"training\":null,\"mask\":null}", true)]
    [InlineData("{\"mask\":1}", false)]
    public void Arguments_of_calls_are_refused_unless_they_change_nothing(string arguments, bool accepted)
    {
        var built = new KerasBuilt().Input(4, 4, 2).Add("Dropout", "drop", new { rate = 0.5 })
            .Change(layer => layer["inbound_nodes"]![0]![0]![3] = JsonNode.Parse(arguments));
        if (accepted)
            Assert.Equal(2, Read(built).Graph.Layers.Length);
        else
            Refused(built);
    }

    [Fact]
    public void L2_penalties_of_kernels_are_kept()
    {
        Assert.Equal(0.01, L2("{\"class_name\":\"L1L2\",\"config\":{\"l1\":0.0,\"l2\":0.01}}", out var notes));
        Assert.Empty(notes);
        Assert.Equal(0.25, L2("{\"class_name\":\"L2\",\"config\":{\"l2\":0.25}}", out _));
        Assert.Equal(0.5, L2("{\"class_name\":\"L1L2\",\"config\":{\"l1\":0.125,\"l2\":0.5}}", out notes));
        Assert.Contains("L1 penalty", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal(0, L2("\"mine\"", out notes));
        Assert.Contains("'conv'", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal(0, L2("null", out _));
    }

    [Fact]
    public void Other_penalties_and_constraints_are_told()
    {
        var built = new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", Conv, ("conv/kernel:0", KerasBuilt.Ramp(1, 1, 2, 3)));
        var file = Read(built.With("activity_regularizer", new JsonObject()).With("kernel_constraint", new JsonObject()));
        Assert.Equal(2, file.Notes.Length);
    }

    [Fact]
    public void Short_forms_of_sizes_and_borders_are_read()
    {
        var file = Read(new KerasBuilt().Input(9, 9, 2)
            .Add("ZeroPadding2D", "pad", new { padding = 1 })
            .Add("Cropping2D", "crop", new { cropping = new[] { 1, 2 } })
            .Add("MaxPooling2D", "pool", new { pool_size = 2, padding = "same" })
            .Add("LeakyReLU", "leaky", new { alpha = new { type = "ndarray", value = 0.25 } }));
        Assert.Equal(new LayerKind.ZeroPadding2D(new Border(1, 1, 1, 1)), file.Graph["pad"].Kind);
        Assert.Equal(new LayerKind.Cropping2D(new Border(1, 1, 2, 2)), file.Graph["crop"].Kind);
        Assert.Equal(new LayerKind.MaxPooling2D(Size2D.Square(2), Size2D.Square(2), Padding.Same), file.Graph["pool"].Kind);
        Assert.Equal(new LayerKind.LeakyRelu(0.25), file.Graph["leaky"].Kind);
    }

    [Theory]
    [InlineData("{}", Activation.Relu)]
    [InlineData("{\"max_value\":null,\"negative_slope\":0.0,\"threshold\":0.0}", Activation.Relu)]
    [InlineData("{\"max_value\":6.0,\"negative_slope\":{\"type\":\"ndarray\",\"value\":0},\"threshold\":0}", Activation.Relu6)]
    public void ReLU_layers_are_activations(string options, Activation activation) =>
        Assert.Equal(
            new LayerKind.Activate(activation), Read(new KerasBuilt().Input(4, 4, 2).Add("ReLU", "layer", JsonNode.Parse(options))).Graph["layer"].Kind);

    [Theory]
    [InlineData("relu6", Activation.Relu6)]
    [InlineData("swish", Activation.Swish)]
    [InlineData("silu", Activation.Swish)]
    [InlineData("gelu", Activation.Gelu)]
    [InlineData("hard_swish", Activation.HardSwish)]
    [InlineData("hard_silu", Activation.HardSwish)]
    [InlineData("exponential", Activation.Exponential)]
    [InlineData("hard_sigmoid", Activation.HardSigmoid)]
    public void Activations_are_read_by_name(string name, Activation activation) =>
        Assert.Equal(
            new LayerKind.Activate(activation),
            Read(new KerasBuilt().Input(4, 4, 2).Add("Activation", "layer", new { activation = name })).Graph["layer"].Kind);

    [Fact]
    public void A_slope_makes_a_leaky_ReLU() => Assert.Equal(
        new LayerKind.LeakyRelu(0.1), Read(new KerasBuilt().Input(4, 4, 2).Add("ReLU", "layer", new { negative_slope = 0.1 })).Graph["layer"].Kind);

    [Theory]
    [InlineData("GaussianNoise")]
    [InlineData("GaussianDropout")]
    [InlineData("SpatialDropout2D")]
    [InlineData("RandomFlip")]
    [InlineData("RandomRotation")]
    [InlineData("RandomZoom")]
    [InlineData("RandomContrast")]
    public void Layers_that_act_in_training_only_pass_their_input_on(string kind)
    {
        var file = Read(new KerasBuilt().Input(4, 4, 2).Add(kind, "layer"));
        Assert.Equal(new LayerKind.Activate(Activation.Linear), file.Graph["layer"].Kind);
        Assert.Contains("'layer'", Assert.Single(file.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Scaling_layers_take_their_numbers_from_options_or_weights()
    {
        var file = Read(new KerasBuilt().Input(4, 4, 2)
            .Add("Rescaling", "scale", new { scale = 0.5 })
            .Add("Rescaling", "each", new { scale = new[] { 2, 4 }, offset = -1 })
            .Add("Normalization", "given", new { axis = -1, mean = new[] { 3.0, 5.0 }, variance = 4.0 })
            .Add("Normalization", "adapted", new { axis = new[] { -1 } },
                ("adapted/mean:0", new float[] { 1, 2 }), ("adapted/variance:0", new float[] { 4, 9 }), ("adapted/count:0", new long[] { 7 })));
        Assert.Equal("0.5|0", Text("scale"));
        Assert.Equal("2,4|-1", Text("each"));
        Assert.Equal("0.5,0.5|-1.5,-2.5", Text("given"));
        Assert.IsType<LayerKind.Normalization>(file.Graph["adapted"].Kind);
        Assert.Equal([4, 9], file.Weights["adapted/variance"].Values);

        string Text(string layer)
        {
            var kind = (LayerKind.Rescaling)file.Graph[layer].Kind;
            return FormattableString.Invariant($"{string.Join(',', kind.Scale)}|{string.Join(',', kind.Offset)}");
        }
    }

    [Theory]
    [InlineData("BatchNormalizationV1")]
    [InlineData("BatchNormalizationV2")]
    [InlineData("SyncBatchNormalization")]
    public void Other_names_of_batch_norm_are_known(string kind)
    {
        (string, object)[] weights = [
            ("n/gamma:0", new float[2]), ("n/beta:0", new float[2]), ("n/moving_mean:0", new float[2]), ("n/moving_variance:0", new float[2])];
        var file = Read(new KerasBuilt().Input(4, 4, 2).Add(kind, "n", new { axis = new[] { 3 }, epsilon = 0.001, momentum = 0.99 }, weights));
        Assert.Equal(new LayerKind.BatchNormalization(0.001, 0.99, true, true), file.Graph["n"].Kind);
    }

    [Fact]
    public void Gates_of_squeeze_and_excitation_have_rows_and_columns_of_size_1()
    {
        var graph = Read(new KerasBuilt().Input(null, null, 2).Add("GlobalAveragePooling2D", "pool", new { keepdims = true }).Add("Multiply", "gate")
            .Change(layer => layer["inbound_nodes"] = JsonNode.Parse("""[[["input_1",0,0,{}],["pool",0,0,{}]]]"""))).Graph;
        var shapes = ShapeInference.Infer(graph);
        Assert.Equal((TensorShape.Of(1, 1, 2), TensorShape.Of(null, null, 2)), (shapes["pool"], shapes["gate"]));
    }

    [Fact]
    public void Names_of_layers_may_hold_slashes()
    {
        var inner = new KerasBuilt { Name = "body" }.Input(null, null, 2).Add("Conv2D", "conv1/conv", KerasBuilt.ConvOptions(2))
            .Add("Conv2D", "conv1/conv2", KerasBuilt.ConvOptions(2));
        var file = Read(new KerasBuilt().Input(4, 4, 2)
            .Add("Conv2D", "conv1/conv", KerasBuilt.ConvOptions(2), ("conv1/conv/kernel:0", KerasBuilt.Ramp(1, 1, 2, 2)))
            .Nested(inner, ("conv1/conv/kernel:0", KerasBuilt.Ramp(1, 1, 2, 2, 5)), ("conv1/conv2/kernel:0", KerasBuilt.Ramp(1, 1, 2, 2, 9))));
        Assert.Equal([1, 3, 2, 4], file.Weights["conv1/conv/kernel"].Values);
        Assert.Equal([5, 7, 6, 8], file.Weights["body/conv1/conv/kernel"].Values);
        Assert.Equal([9, 11, 10, 12], file.Weights["body/conv1/conv2/kernel"].Values);
    }

    [Fact]
    public void A_slash_that_gives_two_layers_one_path_is_refused()
    {
        var inner = new KerasBuilt { Name = "a" }.Input(4, 4, 2).Add("Activation", "b", new { activation = "relu" });
        var path = new KerasBuilt().Input(4, 4, 2).Nested(inner).Add("Activation", "a/b", new { activation = "tanh" }).Write();
        Assert.Contains("'a/b'", Assert.Throws<MammoException>(() => KerasFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static double L2(string regularizer, out IReadOnlyList<string> notes)
    {
        var file = Read(
            new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", Conv, ("conv/kernel:0", KerasBuilt.Ramp(1, 1, 2, 3)))
                .With("kernel_regularizer", JsonNode.Parse(regularizer)));
        notes = file.Notes;
        return ((LayerKind.Conv2D)file.Graph["conv"].Kind).L2;
    }

    private static KerasFile Read(KerasBuilt built) => KerasFile.Read(built.Write());

    private static MammoException Refused(KerasBuilt built)
    {
        var path = built.Write();
        var failure = Assert.Throws<MammoException>(() => KerasFile.Read(path));
        Assert.Equal(ErrorIds.ModelLayerUnsupported, failure.ErrorId);
        return failure;
    }
}
