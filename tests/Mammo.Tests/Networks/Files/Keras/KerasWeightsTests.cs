using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using PureHDF;
using PureHDF.Filters;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>How weights of a Keras file find their layers.</summary>
public sealed class KerasWeightsTests
{
    [Theory]
    [InlineData("conv/kernel:0")]
    [InlineData("conv_3/kernel:0")]
    [InlineData("training/conv/kernel:0")]
    [InlineData("conv/kernel_1:0")]
    [InlineData("conv_W:0")]
    [InlineData("conv_W_1:0")]
    [InlineData("anything/kernel")]
    public void A_layer_with_a_group_of_its_own_takes_weights_by_their_word(string name)
    {
        var path = new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", KerasBuilt.ConvOptions(3), (name, KerasBuilt.Ramp(1, 1, 2, 3))).Write();
        Assert.Equal([1, 4, 2, 5, 3, 6], KerasFile.Read(path).Weights["conv/kernel"].Values);
    }

    [Theory]
    [InlineData("a", "b", "a", "b", true)]
    [InlineData("a", "b", "b", "a", false)]
    [InlineData("a", "b", "model_1/a", "model_1/b", true)]
    [InlineData("a", "b", "model_1/b", "model_1/a", false)]
    [InlineData("conv", "conv_1", "conv_1", "conv_1_1", true)]
    [InlineData("conv", "conv_1", "conv_1", "conv", false)]
    [InlineData("conv_1", "conv_2", "conv_2_1", "conv_1_1", false)]
    [InlineData("conv_1", "conv_2", "conv_1_3_4", "conv_2_7", true)]
    [InlineData("a_new", "b_new", "a", "b", true)]
    [InlineData("a", "b", "b_old", "a_old", false)]
    public void Layers_of_a_nested_model_take_weights_by_name(string first, string second, string stored, string storedNext, bool inOrder)
    {
        var file = KerasFile.Read(Nested([first, second], stored, storedNext).Write());
        Assert.Equal(inOrder ? [1, 3, 2, 4] : [5, 7, 6, 8], file.Weights[$"inner/{first}/kernel"].Values);
        Assert.Equal(inOrder ? [5, 7, 6, 8] : [1, 3, 2, 4], file.Weights[$"inner/{second}/kernel"].Values);
    }

    [Fact]
    public void Names_that_fit_two_layers_are_refused()
    {
        AssertMismatch(Nested(["a", "b"], "x", "y").Write());

        // The order contradicts the names, and the names leave two ways for the first two layers.
        AssertMismatch(Nested(["conv", "conv_1", "b"], "b", "conv_1_1", "conv_1_2").Write());
    }

    [Fact]
    public void Frozen_inner_layers_move_their_weights_to_the_end()
    {
        var nested = KerasFile.Read(Shared.Data("oracle", "variants", "nested_model.h5"));
        var frozen = KerasFile.Read(Shared.Data("oracle", "variants", "nested_inner_layers_frozen.h5"));
        Assert.Equal(nested.Weights.Keys.Order(StringComparer.Ordinal), frozen.Weights.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            frozen.Weights.Where(weight => weight.Key.EndsWith("moving_variance", StringComparison.Ordinal)),
            weight => Assert.All(weight.Value.Values, value => Assert.True(value > 0)));
    }

    [Fact]
    public void Suffixed_names_beside_their_originals_are_told_apart()
    {
        // Outer batch_normalization_1 is stored as batch_normalization_1_1, the inner one under its own name.
        var file = KerasFile.Read(Shared.Data("oracle", "models", "yaroslav_whole_vgg.h5"));
        Assert.Equal([16], file.Weights["batch_normalization_1/gamma"].Shape);
        Assert.Equal([4], file.Weights["model_1/batch_normalization_1/gamma"].Shape);
    }

    [Theory]
    [InlineData("vgg16_patch_d16")]
    [InlineData("yaroslav_whole_vgg")]
    public void Files_of_weights_only_give_what_the_whole_model_gives(string model)
    {
        var whole = KerasFile.Read(KerasFileTests.ModelPath(model));
        var weights = KerasWeights.Read(KerasFileTests.ModelPath(model + "_weights_only"), whole.Graph);
        Assert.Equal(whole.Weights.Count, weights.Count);
        Assert.All(whole.Weights, expected => Assert.Equal(expected.Value.Values, weights[expected.Key].Values));
        var layers = KerasWeights.ReadLayers(KerasFileTests.ModelPath(model + "_weights_only"));
        Assert.Equal(weights.Values.Sum(weight => weight.Values.Length), layers.Sum(layer => layer.Weights.Sum(weight => weight.Weight.Values.Length)));
        Assert.All(layers.SelectMany(layer => layer.Weights), weight => Assert.NotNull(weight.Word));
    }

    [Fact]
    public void Layers_without_a_network_come_in_the_order_of_the_file_and_in_canonical_layout()
    {
        var path = new KerasBuilt().Input(4, 4, 2)
            .Add("Conv2D", "z_conv", KerasBuilt.ConvOptions(3), ("z_conv_W_1:0", KerasBuilt.Ramp(1, 1, 2, 3)), ("z_conv_b_1:0", new float[] { 7, 8, 9 }))
            .Add("BatchNormalization", "a_norm", null, ("a_norm_running_std:0", new float[] { 1, 2, 3 }))
            .Add("DepthwiseConv2D", "depth", null, ("depth/depthwise_kernel:0", KerasBuilt.Ramp(1, 2, 2, 3))).Write(weightsOnly: true);
        var layers = KerasWeights.ReadLayers(path);
        Assert.Equal(["input_1", "z_conv", "a_norm", "depth"], layers.Select(layer => layer.Layer));
        Assert.Equal(["kernel", "bias"], layers[1].Weights.Select(weight => weight.Word));
        Assert.Equal([1, 4, 2, 5, 3, 6], layers[1].Weights[0].Weight.Values);
        Assert.Equal("moving_variance", layers[2].Weights[0].Word);
        Assert.Equal([6, 1, 1, 2], layers[3].Weights[0].Weight.Shape);
        Assert.Equal([1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12], layers[3].Weights[0].Weight.Values);
    }

    [Fact]
    public void Half_and_double_precision_is_converted_and_told()
    {
        double[,] doubles = { { 1, 0.1 }, { 3, 1e-300 } };
        Half[] halves = [(Half)0.5f, (Half)65504f];
        var file = KerasFile.Read(
            new KerasBuilt().Input(2).Add(
                "Dense", "dense", new { units = 2, activation = "relu", use_bias = true }, ("dense/kernel:0", doubles), ("dense/bias:0", halves)).Write());
        Assert.Equal([1, 3, 0.1f, 0], file.Weights["dense/kernel"].Values);
        Assert.Equal([0.5f, 65504], file.Weights["dense/bias"].Values);
        Assert.Equal(["Weights stored as float64 were converted to float32.", "Weights stored as float16 were converted to float32."], file.Notes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    public void Variable_and_fixed_length_names_are_read(int stringLength)
    {
        var built = new KerasBuilt { StringLength = stringLength, Config = stringLength == 0 ? null : "" }.Input(2)
            .Add("Dense", "dense", new { units = 1, use_bias = false }, ("dense/kernel:0", new float[2, 1]));
        var graph = KerasFile.Read(
            new KerasBuilt().Input(2).Add("Dense", "dense", new { units = 1, use_bias = false }, ("dense/kernel:0", new float[2, 1])).Write()).Graph;
        Assert.Equal([1, 2], KerasWeights.Read(built.Write(), graph)["dense/kernel"].Shape);
    }

    [Fact]
    public void Compressed_chunks_are_read()
    {
        var kernel = new H5Dataset(KerasBuilt.Ramp(1, 1, 2, 3), chunks: [1, 1, 2, 2], datasetCreation: new(Filters: [DeflateFilter.Id]));
        var path = new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", KerasBuilt.ConvOptions(3), ("conv/kernel:0", kernel)).Write();
        Assert.Equal([1, 4, 2, 5, 3, 6], KerasFile.Read(path).Weights["conv/kernel"].Values);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused()
    {
        var conv = KerasBuilt.ConvOptions(3);
        AssertMismatch(new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", conv, ("conv/kernel:0", KerasBuilt.Ramp(1, 1, 3, 2))).Write());
        AssertMismatch(new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", conv).Write());
        AssertMismatch(
            new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", conv, ("conv/kernel:0", KerasBuilt.Ramp(1, 1, 2, 3)), ("conv/bias:0", new float[3])).Write());
        AssertMismatch(new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", conv, ("conv/bias:0", KerasBuilt.Ramp(1, 1, 2, 3))).Write());
        AssertMismatch(new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", conv, ("param_0", KerasBuilt.Ramp(1, 1, 2, 3))).Write());
        AssertMismatch(new KerasBuilt().Input(4, 4, 2).Add("Flatten", "flatten", null, ("flatten/kernel:0", new float[1])).Write());
        AssertMismatch(new KerasBuilt().Input(4, 4, 2).Add("Conv2D", "conv", conv, ("conv/kernel:0", Array.Empty<float>())).Write());
    }

    [Fact]
    public void Weights_for_another_network_are_refused()
    {
        var graph = KerasFile.Read(
            new KerasBuilt().Input(2).Add("Dense", "other", new { units = 1, use_bias = false }, ("other/kernel:0", new float[2, 1])).Write()).Graph;
        var path = new KerasBuilt().Input(2).Add("Dense", "dense", new { units = 1, use_bias = false }, ("dense/kernel:0", new float[2, 1]))
            .Write(weightsOnly: true);
        Assert.Equal(ErrorIds.ModelWeightMismatch, Assert.Throws<MammoException>(() => KerasWeights.Read(path, graph)).ErrorId);
    }

    [Fact]
    public void Mirrored_kernels_of_another_backend_are_refused()
    {
        var path = new KerasBuilt { Backend = "theano" }.Input(2).Add("Flatten", "flatten").Write();
        var failure = Assert.Throws<MammoException>(() => KerasFile.Read(path));
        Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
        Assert.Contains("theano", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, KerasFile.Read(new KerasBuilt { Backend = null }.Input(2).Add("Flatten", "flatten").Write()).Graph.Layers.Length);
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused()
    {
        var path = new KerasBuilt().Input(2).Add("Dense", "dense", new { units = 1, use_bias = false }, ("dense/kernel:0", new int[2, 1])).Write();
        Assert.Equal(ErrorIds.ModelFileInvalid, Assert.Throws<MammoException>(() => KerasFile.Read(path)).ErrorId);
    }

    /// <summary>Pointwise convolutions in a row in a nested model; kernels are numbered 1.., 5.., 9.. in the order of the stored names.</summary>
    private static KerasBuilt Nested(string[] layers, params string[] stored)
    {
        var inner = new KerasBuilt { Name = "inner" }.Input(null, null, 2);
        foreach (var layer in layers)
            inner.Add("Conv2D", layer, KerasBuilt.ConvOptions(2));
        return new KerasBuilt().Input(4, 4, 2)
            .Nested(inner, [.. stored.Select((name, index) => (name + "/kernel:0", (object)KerasBuilt.Ramp(1, 1, 2, 2, 1 + (4 * index))))]);
    }

    private static void AssertMismatch(string path) =>
        Assert.Equal(ErrorIds.ModelWeightMismatch, Assert.Throws<MammoException>(() => KerasFile.Read(path)).ErrorId);
}
